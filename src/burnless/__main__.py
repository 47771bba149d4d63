"""The console entry. `agent --version` must answer before anything else is imported."""

import sys

from burnless.version import __version__


def main() -> int:
    """Run the command line of this process; the value is its exit code."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-v"]):
        sys.stdout.write(f"burnless {__version__}\n")
        return 0
    from burnless.cli.command_line import main as run  # noqa: PLC0415 - start-up budget

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
