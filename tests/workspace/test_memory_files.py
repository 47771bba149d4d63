from __future__ import annotations

from pathlib import Path

from burnless.core.protocols import ProjectLayer
from burnless.workspace.memory_files import (
    ALL_BYTES_MOST,
    FILE_BYTES_MOST,
    find_memories,
    render_memories,
)
from tests.support.repositories import write_files


def _paths(root: Path, cwd: Path | None = None, user: Path | None = None) -> list[str]:
    return [memory.path for memory in find_memories(root, cwd or root, user)]


def test_files_are_loaded_from_here_up_to_the_user_then_in_the_stated_order(tmp_path: Path) -> None:
    root, user = tmp_path / "repo", tmp_path / "user"
    write_files(
        root,
        {
            "decisions/log.md": "use tabs\nno, spaces",
            "framework.md": "flask",
            "MEMORY.md": "remember",
            "CLAUDE.md": "claude",
            "AGENTS.md": "root",
            "pkg/AGENTS.md": "pkg",
            "pkg/api/AGENTS.md": "api",
            "other/AGENTS.md": "not on the way",
        },
    )
    write_files(user, {"AGENTS.md": "mine"})
    assert _paths(root, root / "pkg/api", user) == [
        "pkg/api/AGENTS.md",
        "pkg/AGENTS.md",
        "AGENTS.md",
        "user:AGENTS.md",
        "CLAUDE.md",
        "MEMORY.md",
        "framework.md",
        "decisions/log.md",
    ]
    text = render_memories(find_memories(root, root, None)).text
    assert "## decisions/log.md\n\n1: use tabs\n2: no, spaces" in text
    assert str(tmp_path) not in text


def test_a_file_that_repeats_or_only_points_to_another_is_left_out(tmp_path: Path) -> None:
    write_files(tmp_path, {"AGENTS.md": "rules\n", "CLAUDE.md": "rules"})
    assert _paths(tmp_path) == ["AGENTS.md"]
    write_files(tmp_path, {"CLAUDE.md": "# Claude\n\nSee [AGENTS.md](AGENTS.md).\n"})
    assert _paths(tmp_path) == ["AGENTS.md"]
    write_files(tmp_path, {"CLAUDE.md": "real rules", "AGENTS.md": "@CLAUDE.md\n"})
    assert _paths(tmp_path) == ["CLAUDE.md"]
    (tmp_path / "CLAUDE.md").unlink()
    assert _paths(tmp_path) == ["AGENTS.md"], "a pointer to nothing is all there is"


def test_a_long_file_that_mentions_another_is_kept(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"AGENTS.md": "a", "CLAUDE.md": "See AGENTS.md.\n" + "More rules.\n" * 30}
    )
    assert _paths(tmp_path) == ["AGENTS.md", "CLAUDE.md"]


def test_a_link_out_of_the_workspace_is_not_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"private.txt": "key", "repo/MEMORY.md": "fine"})
    (tmp_path / "repo/AGENTS.md").symlink_to(tmp_path / "private.txt")
    assert _paths(tmp_path / "repo") == ["MEMORY.md"]


def test_what_does_not_fit_is_cut_at_a_line_and_said_to_be_cut(tmp_path: Path) -> None:
    line = "x" * 99 + "\n"
    files = {"AGENTS.md": line * 300, "CLAUDE.md": "y" + line * 200, "MEMORY.md": "z" + line * 300}
    write_files(tmp_path, files)
    layer = render_memories(find_memories(tmp_path, tmp_path, None))
    assert [(file.path, file.bytes, file.cut) for file in layer.files] == [
        ("AGENTS.md", 30_000, True),
        ("CLAUDE.md", 20_001, False),
        ("MEMORY.md", 30_001, True),
    ]
    assert "[cut here: the file has 30,000 bytes; for the rest, read AGENTS.md]" in layer.text
    assert len(layer.text) < ALL_BYTES_MOST + 500
    assert max(map(len, layer.text.split("## "))) < FILE_BYTES_MOST + 200


def test_nothing_to_load_gives_an_empty_layer(tmp_path: Path) -> None:
    assert render_memories(find_memories(tmp_path, tmp_path, None)) == ProjectLayer("", ())
