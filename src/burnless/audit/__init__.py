"""The auditor: claims, findings, checks."""
