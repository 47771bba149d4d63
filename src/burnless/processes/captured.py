"""What is kept of a process's output while it runs, so that no program can fill the memory."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from burnless.core.terminal_text import plain_text

_LONGEST_LINE = 8_192


class HeadAndTail:
    """The first `head` and the last `tail` bytes of a stream, and how many there were."""

    def __init__(self, head: int, tail: int) -> None:
        self._head_limit, self._tail_limit = head, tail
        self._head, self._tail = bytearray(), bytearray()
        self.total = 0

    def add(self, data: bytes) -> None:
        self.total += len(data)
        room = self._head_limit - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        # Cut only at twice the limit: each byte is then moved once on average.
        if len(self._tail) > 2 * self._tail_limit:
            del self._tail[: -self._tail_limit]

    def joined(self) -> bytes:
        """All of it, or head and tail around a line that says how many bytes are missing."""
        tail = self._tail[-self._tail_limit :]
        missing = self.total - len(self._head) - len(tail)
        if not missing:
            return bytes(self._head + tail)
        return b"%b\n[%d bytes were not kept]\n%b" % (bytes(self._head), missing, bytes(tail))


class LineFeed:
    """Hands whole lines on as plain text while bytes come in, whatever they are cut into."""

    def __init__(self, on_output: Callable[[str], None] | None) -> None:
        self._on_output = on_output
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""

    def add(self, data: bytes) -> None:
        if self._on_output is None:
            return
        self._pending += self._decoder.decode(data)
        end = self._pending.rfind("\n") + 1
        if len(self._pending) - end > _LONGEST_LINE:
            end = len(self._pending)
        self._emit(end)

    def close(self) -> None:
        self._pending += self._decoder.decode(b"", final=True)
        self._emit(len(self._pending))

    def _emit(self, end: int) -> None:
        text, self._pending = self._pending[:end], self._pending[end:]
        listener, self._on_output = self._on_output, None
        if text and listener:
            listener(plain_text(text))
        # A listener that raised is not called again.
        self._on_output = listener
