"""Ratios of time, memory and money, each measured in one run: `python -m bench`."""
