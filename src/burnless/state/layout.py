"""Where things are: the workspace, its `.burnless/`, and the user's own folders."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from burnless.core.errors import SessionProblem

STATE_NAME = ".burnless"
GITIGNORE = "*\n!config.yaml\n"
"""It hides itself too: a folder that holds nothing for git does not show as untracked."""


@dataclass(frozen=True, slots=True)
class UserFolders:
    """The user's own folders. `BURNLESS_HOME` puts all three below one folder.

    config: config.yaml          state: trust, remembered rules, known workspaces
    cache:  what can be made again (token vocabularies)
    """

    config: Path
    state: Path
    cache: Path

    @property
    def config_file(self) -> Path:
        return self.config / "config.yaml"

    @property
    def trust_file(self) -> Path:
        return self.state / "trust.json"

    @property
    def rules_file(self) -> Path:
        return self.state / "rules.json"

    @property
    def workspaces_file(self) -> Path:
        return self.state / "workspaces.jsonl"


@dataclass(frozen=True, slots=True)
class Layout:
    """A workspace and where its state is kept."""

    workspace: Path
    user: UserFolders

    @property
    def state(self) -> Path:
        return self.workspace / STATE_NAME

    @property
    def config_file(self) -> Path:
        return self.state / "config.yaml"

    @property
    def outside_state(self) -> Path:
        """Stands in for `.burnless/` where the workspace cannot be written."""
        path = str(self.workspace)
        digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:10]
        return self.user.state / "workspaces" / f"{self.workspace.name or 'root'}-{digest}"

    @property
    def session_roots(self) -> tuple[Path, Path]:
        """Both places that may hold sessions of this workspace."""
        return self.state / "sessions", self.outside_state / "sessions"


def layout_of(start: Path, environ: Mapping[str, str]) -> Layout:
    return Layout(find_workspace(start), user_folders(environ))


def find_workspace(start: Path) -> Path:
    """The git top level above `start`, else `start` itself. No process is started for it."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if _is_git_top_level(folder):
            return folder
    return here


def _is_git_top_level(folder: Path) -> bool:
    """A repository has `.git/HEAD`; a worktree or submodule has a `.git` file naming its own."""
    marker = folder / ".git"
    try:
        if marker.is_dir():
            return (marker / "HEAD").exists()
        with marker.open("rb") as file:
            return file.read(8) == b"gitdir: "
    except OSError:
        return False


def user_folders(environ: Mapping[str, str]) -> UserFolders:
    home = environ.get("BURNLESS_HOME", "")
    if home:
        root = Path(home).expanduser().absolute()
        return UserFolders(config=root, state=root, cache=root / "cache")
    import platformdirs  # noqa: PLC0415 - start-up budget

    return UserFolders(
        config=platformdirs.user_config_path("burnless"),
        state=platformdirs.user_state_path("burnless"),
        cache=platformdirs.user_cache_path("burnless"),
    )


def make_session_folder(layout: Layout, session_id: str) -> Path:
    """Create the folder of a new session, outside a workspace that cannot be written.

    Raises SessionProblem where neither place takes it, FileExistsError where the ID is taken.
    """
    try:
        prepare_state(layout.state)
        return _make_folder(layout.session_roots[0] / session_id)
    except FileExistsError:
        if (layout.session_roots[0] / session_id).exists():
            raise
    except OSError:
        pass
    outside = layout.session_roots[1] / session_id
    try:
        return _make_folder(outside)
    except FileExistsError:
        raise
    except OSError as error:
        raise SessionProblem(
            f"no place for the session: neither {layout.state} nor {outside} can be written"
            f" ({os.strerror(error.errno or 0)})",
            hint="free disk space, or set BURNLESS_HOME to a folder that can be written",
        ) from error


def prepare_state(folder: Path) -> None:
    """Make `.burnless/`, with a `.gitignore` that keeps all but the configuration out of git."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(GITIGNORE, encoding="utf-8")


def _make_folder(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir()
    return folder
