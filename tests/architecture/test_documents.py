from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.module_tree import BEGIN, END, PAGE, page_with_tree
from tests.architecture.source import ROOT, name_of, repository_files

HOME_OF_SOMEBODY = re.compile(rb"(?<![\w.])/(?:home|Users)/[A-Za-z_][\w-]*/|(?<![\w.])/(?:root)/")
COMMANDS = ("pip install -e . && agent demo", "pip install -e '.[dev]' && pytest")


def pages() -> list[Path]:
    return [path for path in repository_files() if path.suffix == ".md"]


def test_the_module_tree_in_the_architecture_page_is_the_one_in_the_docstrings() -> None:
    page = PAGE.read_text("utf-8")
    assert BEGIN in page
    assert END in page
    assert page == page_with_tree(page), "run: python -m tests.architecture.module_tree --write"


def test_every_page_and_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([^)#]+)", index))
    there = {
        path.relative_to(ROOT / "docs").as_posix()
        for path in pages()
        if ROOT / "docs" in path.parents and path.name != "README.md"
    }
    assert sorted(there - linked) == []


def test_decisions_are_numbered_without_gaps_and_say_what_follows() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in records]
    assert numbers == list(range(1, len(records) + 1))
    for path in records:
        headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{name_of(page)} -> {target}"
        for page in pages()
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_has_the_commands_a_newcomer_runs(command: str) -> None:
    fenced = re.findall(
        r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert any(command in block.splitlines() for block in fenced)


def test_nobodys_home_folder_is_named_anywhere() -> None:
    named = [
        f"{name_of(path)}: {found.group().decode()}"
        for path in repository_files()
        if (found := HOME_OF_SOMEBODY.search(path.read_bytes()))
    ]
    assert named == []


def test_the_version_has_an_entry_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## \[Unreleased\]$", changelog, re.MULTILINE)


def test_modules_that_pages_name_are_there() -> None:
    made_up = "count_lines"
    missing = [
        f"{name_of(page)}: {named}"
        for page in pages()
        for named in re.findall(r"`((?:\w+/)+\w+\.py)`", page.read_text("utf-8"))
        if made_up not in named
        and not any((root / named).exists() for root in (ROOT, ROOT / "src" / "burnless"))
    ]
    assert missing == []
