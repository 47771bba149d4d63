"""Where a path lies and what is known of it by its name alone; nothing here touches a disk."""

from __future__ import annotations

import fnmatch
import posixpath

GUARDED = (".git", ".burnless")
"""Folders no tool writes into: history belongs to git, session state to this program."""

_FREE_ROOTS = tuple(
    f"/{name}" for name in ("tmp", "var/tmp", "private/tmp", "usr", "lib", "lib64", "opt/homebrew")
)
_FREE_FILES = frozenset(
    {"/etc/os-release", "/proc/cpuinfo", "/proc/meminfo", "/proc/version", "/proc/loadavg"}
)
_DEVICES = ("/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero")

_SECRET_NAMES = (
    ".env",
    ".env.*",
    ".envrc",
    "*.env",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "credentials",
    "credentials.json",
    "credentials.y*ml",
    "credentials.toml",
    "credentials.ini",
    "credentials.csv",
    ".git-credentials",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".htpasswd",
    "secrets.y*ml",
    "secrets.json",
    "secrets.toml",
    "service-account*.json",
)
_PUBLIC_ENDINGS = (".example", ".sample", ".template", ".dist", ".defaults", ".pub")
_SECRET_FOLDERS = frozenset({".ssh", ".aws", ".gnupg", ".kube", ".azure", ".password-store"})
_SECRET_SAMPLES = (
    ".env",
    ".env.local",
    ".netrc",
    ".npmrc",
    ".pypirc",
    "id_rsa",
    "id_ed25519",
    "credentials",
)
_SECRET_ENDINGS = (".pem", ".key", ".p12", ".pfx")
_SPELLED = 3
"""Letters before the first wildcard that make a glob mean a name."""
_GLOB = frozenset("*?[")


def absolute(path: str, start: str) -> str:
    """`path` from `start`, without `.` and `..`. Links are not followed: callers resolve them."""
    joined = posixpath.normpath(posixpath.join(start, path))
    return "/" + joined.lstrip("/")


def inside(path: str, root: str) -> bool:
    """Whether the absolute `path` is `root` or under it."""
    return path == root or path.startswith(root.rstrip("/") + "/")


def relative(path: str, root: str) -> str:
    """The absolute `path` as the workspace names it; outside of it, it stays absolute."""
    return posixpath.relpath(path, root) if inside(path, root) else path


def guarded_folder(path: str) -> str:
    """The guarded folder that `path` is or lies in, or "". Case counts for nothing: on some
    systems `.GIT` is `.git`."""
    parts = path.casefold().split("/")
    return next((name for name in GUARDED if name in parts), "")


def is_device(path: str) -> bool:
    """A path that keeps nothing of what is written to it."""
    return path in _DEVICES or path.startswith("/dev/fd/")


def is_free_to_read(path: str) -> bool:
    """Outside the workspace, but public by custom: temporary files, installed programs."""
    return is_device(path) or path in _FREE_FILES or any(inside(path, root) for root in _FREE_ROOTS)


def is_secret(path: str) -> bool:
    """Whether a file of this name usually holds keys. A glob counts where it could name one."""
    parts = path.split("/")
    name = parts[-1].casefold()
    if _SECRET_FOLDERS & set(parts) and not name.endswith(".pub"):
        return True
    if _GLOB & set(name):
        return _glob_may_name_a_secret(name)
    if name.endswith(_PUBLIC_ENDINGS):
        return False
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _SECRET_NAMES)


def _glob_may_name_a_secret(pattern: str) -> bool:
    """A bare `*` or `s*` is everyday; one that spells part of a secret's name is meant."""
    if pattern.endswith(_SECRET_ENDINGS):
        return True
    spelled = len(pattern) - len(pattern.lstrip("".join(set(pattern) - _GLOB)))
    hits = [name for name in _SECRET_SAMPLES if fnmatch.fnmatchcase(name, pattern)]
    # The shell's `*` leaves dotfiles out, so only a spelled dot (or a bracket) can name one.
    return any(
        pattern.startswith((".", "[")) if name.startswith(".") else spelled >= _SPELLED
        for name in hits
    )
