"""Processes: the runner, and agent CLIs as workers."""
