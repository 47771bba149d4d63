"""The engine: one turn from prompt to verdict, with no idea of screens, money or files."""
