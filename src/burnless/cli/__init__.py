"""The command, the wiring, the Python API."""
