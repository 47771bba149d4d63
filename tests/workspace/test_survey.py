from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from burnless.core.capsule import FileSlice
from burnless.core.plan import Step
from burnless.workspace.identifiers import find_identifiers
from burnless.workspace.survey import BRIEF_CHARACTERS_MOST, WorkspaceSurveyor
from tests.support.direct_runner import DirectRunner
from tests.support.repositories import git, make_repository, write_files

FILES = {
    "AGENTS.md": "Use tabs.\n",
    "Makefile": "all: build\nbuild:\n\techo\nX := 1\n.PHONY: all\n",
    "package.json": '{"scripts": {"test": "jest --ci", "lint": "eslint ."}}',
    "pnpm-lock.yaml": "",
    "pyproject.toml": '[project]\nname = "x"\n\n[tool.pytest.ini_options]\n[tool.ruff]\n',
    "src/auth/token.py": "def refresh_token(user):\n    return user\n\n\nLIFETIME = 3\n",
    "src/auth/login.py": "from auth.token import refresh_token\n\nrefresh_token(1)\n",
    "src/web/app.ts": "export class App {\n  start() {\n    go();\n  }\n}\nconst other = 1;\n",
    "secret/plan.txt": "refresh_token",
    ".agentignore": "secret/\n",
    ".gitignore": "built/\n",
}


def _surveyor(root: Path) -> WorkspaceSurveyor:
    return WorkspaceSurveyor(root, root, DirectRunner())


def test_the_project_layer_holds_memory_commands_and_layout(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", FILES)
    write_files(root, {"built/x.js": "", "notes.txt": "untracked"})
    assert _surveyor(root).project_layer().text == (
        "## AGENTS.md\n\nUse tabs.\n\n"
        "## Commands found\n\n"
        "- pnpm run test  (jest --ci)\n- pnpm run lint  (eslint .)\n"
        "- make all\n- make build\n- pytest\n- ruff check\n\n"
        "## Layout (11 files)\n\n"
        "src/ (3 files)\n  auth/ (2 files): login.py, token.py\n  web/ (1 file): app.ts\n"
        ".agentignore\n.gitignore\nAGENTS.md\nMakefile\nnotes.txt\npackage.json\n"
        "pnpm-lock.yaml\npyproject.toml"
    )


def test_the_brief_names_where_the_tasks_names_are_and_nothing_hidden(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", FILES)
    write_files(root, {"src/auth/login.py": "changed\nrefresh_token\n"})
    brief = _surveyor(root).brief("Make `refresh_token` last longer in auth")
    assert "refresh_token → src/auth/login.py: 1, src/auth/token.py: 1" in brief
    assert "auth → src/auth/login.py: in its path, src/auth/token.py: in its path" in brief
    assert "defined: src/auth/token.py:1: def refresh_token(user):" in brief
    assert "branch: main\ncommit: Begin\ndirty:  M src/auth/login.py" in brief
    assert "## pyproject.toml" in brief
    assert "secret" not in brief.replace(".agentignore", "")


def test_the_same_tree_gives_the_same_words_wherever_it_lies(tmp_path: Path) -> None:
    first = make_repository(tmp_path / "one", FILES)
    shutil.copytree(first, tmp_path / "elsewhere/two", symlinks=True)
    task = "fix refresh_token"
    one, two = _surveyor(first), _surveyor(tmp_path / "elsewhere/two")
    assert one.brief(task) == two.brief(task)
    assert one.project_layer() == two.project_layer()
    assert str(tmp_path) not in one.brief(task) + one.project_layer().text


def test_a_brief_of_a_huge_tree_stays_within_its_size(tmp_path: Path) -> None:
    files = {f"dir{i}/sub{j}/name_here.py": "name_here\n" * 9 for i in range(60) for j in range(9)}
    root = make_repository(tmp_path / "repo", {**files, "package.json": "{\n" + "x\n" * 5000})
    write_files(root, {f"untracked{i}.txt": "" for i in range(99)})
    brief = _surveyor(root).brief("look at name_here " + "and OtherName " * 500)
    assert len(brief) <= BRIEF_CHARACTERS_MOST
    assert "name_here → " in brief


def test_a_folder_without_git_and_an_empty_repository_have_a_brief_too(tmp_path: Path) -> None:
    write_files(tmp_path / "plain", {"a.py": "def work(): pass\n", "node_modules/x/work.js": ""})
    brief = _surveyor(tmp_path / "plain").brief("`work` harder")
    assert "not a git repository" in brief
    assert "work → a.py: 1" in brief
    assert "node_modules" not in brief
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q")
    assert _surveyor(tmp_path / "empty").brief("begin") == (
        "## Layout (0 files)\n\n## Git\n\nbranch: main"
    )


@pytest.mark.parametrize(
    ("task", "names"),
    [
        ("refactor auth", ["auth"]),
        ("Fix `parse_url` in src/net/url.py", ["parse_url", "src/net/url.py"]),
        ("UserService.create() wraps MAX_SIZE", ["UserService.create", "MAX_SIZE", "wraps"]),
        ('rename "old-name" to camelCase', ["old-name", "camelCase"]),
        ("please fix the bug", []),
        ("", []),
    ],
)
def test_identifiers_are_taken_from_a_tasks_words(task: str, names: list[str]) -> None:
    assert find_identifiers(task) == names


def test_slices_are_the_current_lines_of_what_a_step_names(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", FILES)
    surveyor = _surveyor(root)
    step = Step("1", "", ("src/auth/token.py", "missing.py"), ("refresh_token",))
    assert surveyor.slices(step) == (
        FileSlice("src/auth/token.py", "1-2", "def refresh_token(user):\n    return user"),
    )
    assert surveyor.slices(Step("2", "", (), ("LIFETIME", "refresh_token()"))) == (
        FileSlice("src/auth/token.py", "1-2", "def refresh_token(user):\n    return user"),
        FileSlice("src/auth/token.py", "5-5", "LIFETIME = 3"),
    )
    assert surveyor.slices(Step("3", "", ("src/web/app.ts",), ("App.start",))) == (
        FileSlice("src/web/app.ts", "2-4", "  start() {\n    go();\n  }"),
    )
    assert surveyor.slices(Step("4", "", ("src/auth/login.py",))) == (
        FileSlice(
            "src/auth/login.py", "1-3", "from auth.token import refresh_token\n\nrefresh_token(1)"
        ),
    )


def test_slices_are_capped_and_stay_inside_the_workspace(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", {"long.py": "x = 1\n" * 1000, "b.bin": "a\0b"})
    write_files(tmp_path, {"outside.py": "secret = 1\n"})
    (root / "way.py").symlink_to(tmp_path / "outside.py")
    step = Step("1", "", ("long.py", "../outside.py", "way.py", "b.bin"))
    assert [(cut.path, cut.lines) for cut in _surveyor(root).slices(step)] == [("long.py", "1-80")]


def test_methods_and_broken_python_are_found(tmp_path: Path) -> None:
    source = (
        "@wraps\nclass A:\n    def one(self):\n        pass\n\n    def two(self):\n        pass\n"
    )
    root = make_repository(tmp_path / "repo", {"a.py": source, "b.py": source + "def broken(:\n"})
    slices = _surveyor(root).slices(Step("1", "", ("a.py", "b.py"), ("A.two", "nothing")))
    assert [(cut.path, cut.lines) for cut in slices] == [("a.py", "6-7"), ("b.py", "6-7")]
    whole = _surveyor(root).slices(Step("1", "", ("a.py",), ("A", "A.two")))
    assert [(cut.path, cut.lines) for cut in whole] == [("a.py", "1-7")]


def test_a_slice_that_was_cut_or_left_out_says_how_to_read_the_rest(tmp_path: Path) -> None:
    files = {f"{name}.txt": f"{name}\n" * 100 for name in "abcde"}
    root = make_repository(tmp_path / "repo", files)
    slices = _surveyor(root).slices(Step("1", "", tuple(files)))
    assert [(cut.lines, cut.text.splitlines()[-1]) for cut in slices] == [
        ("1-80", "[cut: read a.txt from line 81]"),
        ("1-80", "[cut: read b.txt from line 81]"),
        ("1-80", "[cut: read c.txt from line 81]"),
        ("1-100", "[left out: read d.txt]"),
        ("1-100", "[left out: read e.txt]"),
    ]


def test_the_brief_says_nothing_of_the_agents_own_folder(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", {"a.py": "x = 1\n"})
    write_files(root, {".burnless/config.yaml": "checks: []\n", "b.py": ""})
    brief = _surveyor(root).brief("look at checks")
    assert "dirty: ?? b.py" in brief
    assert ".burnless" not in brief


def test_what_is_known_word_for_word_is_left_out_of_the_brief(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "repo", FILES)
    surveyor = _surveyor(root)
    brief = surveyor.brief("refresh_token", surveyor.project_layer().text)
    assert "## Layout" not in brief
    assert "## Git" in brief
    write_files(root, {"new.py": ""})
    assert "## Layout (11 files)" in surveyor.brief("x", "## Layout (10 files)")
