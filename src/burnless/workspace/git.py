"""Read-only git, through the one process runner."""

from __future__ import annotations

import shlex
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from burnless.core.cancel import CancelToken
from burnless.core.protocols import ProcessResult, Runner

DEADLINE_SECONDS = 60.0
OBJECTS_A_CALL = 64

# A repository's own configuration can name programs that git starts: none may run from here.
_SETTINGS = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "core.quotePath=off")


class Git:
    """Asks git about one folder and never changes anything, not even the index."""

    def __init__(self, root: Path, runner: Runner) -> None:
        self._root = root
        self._runner = runner

    def read(self, *arguments: str, stdin: str | None = None) -> bytes | None:
        """What the command printed, whole; None where it failed.

        It goes through the shell so that warnings on stderr stay out of what is parsed.
        """
        return self._read_words(_words(arguments), stdin)

    def read_each(self, *commands: Sequence[str]) -> list[bytes | None]:
        """What each command printed; None where it failed. None may print two NULs in a row.

        One shell runs them all: to start one costs more than a search of a small repository.
        """
        each = (f"{_words(command)}; printf '\\0\\0%d\\0\\0' $?" for command in commands)
        printed = self._read_words(f"{{ {'; '.join(each)}; }}", None) if commands else b""
        if printed is None:
            return [None] * len(commands)
        parts = printed.split(b"\0\0")
        # The last NUL of a list of names may stand before the number instead.
        codes = [code.strip(b"\0") for code in parts[1::2]]
        return [out if code == b"0" else None for out, code in zip(parts[::2], codes, strict=False)]

    def _read_words(self, words: str, stdin: str | None) -> bytes | None:
        if _is_special(self._root / ".gitignore"):
            return None  # git would open it, and wait for whoever writes to it
        result = self._run(f"{words} 2>/dev/null", stdin)
        if result.exit_code != 0:
            return None
        if result.total_bytes <= len(result.full):
            return result.full
        return self._read_long(words, stdin)

    def _read_long(self, words: str, stdin: str | None) -> bytes | None:
        """The runner keeps only so much of what is printed: a listing above that takes a file."""
        with tempfile.TemporaryDirectory(prefix="burnless-") as folder:
            path = Path(folder) / "printed"
            result = self._run(f"{words} 2>/dev/null >{shlex.quote(str(path))}", stdin)
            try:
                return path.read_bytes() if result.exit_code == 0 else None
            except OSError:
                return None

    def _run(self, command: str, stdin: str | None) -> ProcessResult:
        return self._runner.run(
            command,
            cwd=self._root,
            deadline_seconds=DEADLINE_SECONDS,
            cancel=CancelToken(),
            stdin=stdin,
        )

    def text(self, *arguments: str) -> str:
        """The same as text, "" where there is none."""
        return as_text(self.read(*arguments))

    def names(self, *arguments: str) -> list[str] | None:
        """NUL-separated paths."""
        printed = self.read(*arguments)
        return None if printed is None else split_names(printed)

    def objects(self, wanted: Sequence[tuple[str, str]], *, filtered: bool) -> dict[str, bytes]:
        """Contents by object id, for pairs of object id and path. What cannot be read is left out.

        filtered: as git would check them out (line endings), one call each
        """
        if filtered:
            return dict(self._filtered(wanted))
        found: dict[str, bytes] = {}
        ids = list(dict.fromkeys(oid for oid, _ in wanted))
        for start in range(0, len(ids), OBJECTS_A_CALL):
            chunk = ids[start : start + OBJECTS_A_CALL]
            printed = self.read("cat-file", "--batch", stdin="\n".join(chunk) + "\n")
            found.update(_objects_in(printed or b""))
        return found

    def _filtered(self, wanted: Sequence[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
        for oid, path in wanted:
            data = self.read("cat-file", "--filters", f"--path={path}", oid)
            if data is not None:
                yield oid, data


def _is_special(path: Path) -> bool:
    """A pipe, a device or a socket, where a file belongs."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _words(arguments: Sequence[str]) -> str:
    settings = (word for setting in _SETTINGS for word in ("-c", setting))
    return shlex.join(["git", "--no-optional-locks", *settings, *arguments])


def as_text(printed: bytes | None) -> str:
    """What was printed, without the line's end; "" where there is none."""
    return printed.decode("utf-8", "surrogateescape").strip() if printed else ""


def split_names(printed: bytes) -> list[str]:
    """Bytes that are not UTF-8 become surrogates, as the os module spells such paths."""
    return [name.decode("utf-8", "surrogateescape") for name in printed.split(b"\0") if name]


def _objects_in(printed: bytes) -> Iterator[tuple[str, bytes]]:
    """A line `<oid> blob <size>` and the bytes on the next, again and again, or `<oid> missing`."""
    at = 0
    while at < len(printed):
        end = printed.index(b"\n", at)
        header = printed[at:end].split()
        at = end + 1
        if header[1:2] != [b"blob"]:
            continue
        size = int(header[2])
        yield header[0].decode(), printed[at : at + size]
        at += size + 1
