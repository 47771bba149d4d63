"""The subcommands, a module each. They print text and return an exit code."""
