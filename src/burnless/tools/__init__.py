"""What the executor can do: one module a tool."""
