"""Pure decisions over core values: no I/O, no clock."""
