"""Wires to models: one module a wire, wrapped by retrying, metered and pinned."""
