"""What linters cannot hold: sizes, docstrings, counted exceptions, and documents that are true."""
