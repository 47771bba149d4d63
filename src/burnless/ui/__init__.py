"""Frontends: the interactive loop and the headless writers."""
