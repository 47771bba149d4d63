"""Providers: wires, transports, wrappers and the catalog."""
