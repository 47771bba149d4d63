"""`agent trust`: say yes to a project's configuration as it is now."""

from __future__ import annotations

import sys
from pathlib import Path

from burnless.cli.commands.finding import here
from burnless.core.errors import InputProblem
from burnless.state.trust import TrustBook


def trust(file: Path | None, *, forget: bool) -> int:
    """`file` None = this project's. Raises InputProblem where there is no such file."""
    layout = here()
    path = file or layout.config_file
    book = TrustBook(layout.user.trust_file)
    if forget:
        book.forget(path)
        sys.stdout.write(f"{path} is not trusted any more\n")
        return 0
    if not path.exists():
        raise InputProblem(
            f"there is no configuration {path}", hint="`agent init` writes one to start from"
        )
    sha256 = book.trust_file(path)
    sys.stdout.write(f"trusted {path} as it is now ({sha256[:12]}); any change asks again\n")
    return 0
