from __future__ import annotations

import threading
from pathlib import Path

import pytest

from burnless.core.errors import ConfigProblem, InputProblem
from burnless.state.project_rules import ProjectRules
from burnless.state.trust import TrustBook


def test_a_yes_holds_for_one_file_and_one_content(tmp_path: Path) -> None:
    file, other = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for path in (file, other):
        path.write_text("checks: [x]")
    book = TrustBook(tmp_path / "home" / "trust.json")
    assert not book.is_trusted(file, "0" * 64)
    sha256 = book.trust_file(file)
    assert book.is_trusted(file, sha256)
    assert not book.is_trusted(other, sha256)
    file.write_text("checks: [y]")
    assert book.trust_file(file) != sha256
    assert book.is_trusted(file, sha256)
    book.forget(file)
    assert not book.is_trusted(file, sha256)


def test_the_oldest_of_many_contents_is_forgotten(tmp_path: Path) -> None:
    book = TrustBook(tmp_path / "trust.json")
    for number in range(21):
        book.trust(tmp_path / "a", str(number))
    book.trust(tmp_path / "a", "1")
    held = [number for number in range(21) if book.is_trusted(tmp_path / "a", str(number))]
    assert held == list(range(1, 21))


def test_a_link_is_the_file_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("x")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real.yaml")
    book = TrustBook(tmp_path / "trust.json")
    assert book.is_trusted(tmp_path / "real.yaml", book.trust_file(tmp_path / "link.yaml"))


def test_a_file_that_is_not_there_cannot_be_trusted(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="cannot be read"):
        TrustBook(tmp_path / "trust.json").trust_file(tmp_path / "none")


@pytest.mark.parametrize("text", ["", "[]", '{"version":2,"entries":{}}', '{"version":1}'])
def test_a_damaged_book_trusts_nothing_and_says_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "trust.json"
    path.write_text(text)
    with pytest.raises(ConfigProblem, match="trusted configuration") as raised:
        TrustBook(path).is_trusted(tmp_path / "a", "x")
    assert raised.value.hint == f"remove {path}; what it held will be asked again"


def test_a_book_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ConfigProblem, match="cannot be written"):
        TrustBook(tmp_path / "home" / "trust.json").trust(tmp_path / "a", "x")


def test_rules_given_at_the_same_time_are_all_remembered(tmp_path: Path) -> None:
    rules = ProjectRules(tmp_path / "rules.json")
    names = [f"Bash({number})" for number in range(12)]
    threads = [
        threading.Thread(target=rules.remember, args=(tmp_path, name)) for name in (*names, *names)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(rules.rules_of(tmp_path)) == sorted(names)


def test_a_rule_holds_in_its_own_project_until_it_is_forgotten(tmp_path: Path) -> None:
    rules = ProjectRules(tmp_path / "rules.json")
    rules.remember(tmp_path / "a", "Bash(make)")
    rules.remember(tmp_path / "a", "Bash(ls)")
    assert rules.rules_of(tmp_path / "b") == ()
    rules.forget(tmp_path / "a", "Bash(make)")
    assert rules.rules_of(tmp_path / "a") == ("Bash(ls)",)
