"""The module tree in docs/architecture.md: `python -m tests.architecture.module_tree --write`."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from tests.architecture.source import BUNDLED, PACKAGE, ROOT, tree_of

PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- module tree -->"
END = "<!-- end of module tree -->"


def module_tree() -> str:
    """Each package and module with the first sentence of its docstring, folders first."""
    return "\n".join(_lines(PACKAGE, 0))


def page_with_tree(page: str) -> str:
    """The page with the tree of today between the markers."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n```text\n{module_tree()}\n```\n{END}{after}"


def _lines(folder: Path, depth: int) -> list[str]:
    indent = "  " * depth
    lines = [f"{indent}{folder.name}/  {_sentence(folder / '__init__.py')}"]
    for child in sorted(folder.iterdir()):
        if (child / "__init__.py").is_file() and child != BUNDLED:
            lines += _lines(child, depth + 1)
    for child in sorted(folder.glob("*.py")):
        if child.name != "__init__.py":
            lines.append(f"{indent}  {child.name}  {_sentence(child)}")
    return lines


def _sentence(path: Path) -> str:
    docstring = ast.get_docstring(tree_of(path)) or ""
    return " ".join(docstring.split("\n\n")[0].split())


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page_with_tree(PAGE.read_text("utf-8")), "utf-8")
    else:
        sys.stdout.write(module_tree() + "\n")
