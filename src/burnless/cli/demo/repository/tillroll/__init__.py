"""Receipts in whole cents."""

from tillroll.receipt import Line, Receipt

__all__ = ["Line", "Receipt"]
