"""Bytes of a file to text and back, byte for byte: encoding, mark and newlines are kept."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KINDS = (
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"%PDF", "PDF document"),
    (b"PK\x03\x04", "ZIP archive (or a document made of one)"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\x7fELF", "ELF program"),
    (b"\xcf\xfa\xed\xfe", "Mach-O program"),
    (b"SQLite format 3", "SQLite database"),
    (b"\x00asm", "WebAssembly module"),
)
_LOOKED_AT = 8_192
_CONTROL_SHARE = 0.1
_CONTROLS = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A decoded file. `text` has its newlines as they are; `mark` is the BOM's bytes."""

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def newline(self) -> str:
        """The newline most lines end with; a line feed where there is none."""
        crlf = self.text.count("\r\n")
        return "\r\n" if crlf > self.text.count("\n") - crlf else "\n"

    @property
    def told(self) -> str:
        """What is unusual about it, in a few words; "" for UTF-8 with plain newlines."""
        parts = []
        if self.encoding == "latin-1":
            parts.append("not UTF-8, read as latin-1")
        elif self.mark:
            parts.append(f"{self.encoding} with a byte order mark")
        if self.newline == "\r\n":
            parts.append("CRLF newlines, kept by edit")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class BinaryFile:
    """Nothing to show as text. `kind` is told by its first bytes."""

    kind: str


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> TextFile | BinaryFile:
    """UTF-8, or what a byte order mark says, else latin-1 where that can be text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return TextFile(data[len(mark) :].decode(encoding), encoding, mark)
            except UnicodeDecodeError:
                return BinaryFile("binary data")
    for start, kind in _KINDS:
        if data.startswith(start):
            return BinaryFile(kind)
    head = data[:_LOOKED_AT]
    if b"\0" in head:
        return BinaryFile("binary data")
    try:
        return TextFile(data.decode("utf-8"))
    except UnicodeDecodeError:
        if len(_CONTROLS.findall(head)) > _CONTROL_SHARE * len(head):
            return BinaryFile("binary data")
        return TextFile(data.decode("latin-1"), "latin-1")


def encode(text: str, like: TextFile) -> bytes:
    """The bytes of `text` in the encoding of `like`. Raises UnicodeEncodeError."""
    return like.mark + text.encode(like.encoding)


def why_not_encodable(error: UnicodeEncodeError) -> str:
    """Which character, where, and what to do about it."""
    character = str(error.object)[error.start]
    line = str(error.object).count("\n", 0, error.start) + 1
    return (
        f"{character!a} in line {line} cannot be written in the file's encoding "
        f"({error.encoding}). Use another character or an escape, or convert the file first "
        "(run_command: iconv)."
    )
