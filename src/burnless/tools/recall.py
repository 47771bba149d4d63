"""The `recall` tool: what left the prompt is still in the log, and here is the way to it."""

from __future__ import annotations

import re
from dataclasses import replace

from burnless.core import events as ev
from burnless.core.encoding import JsonObject
from burnless.core.errors import InputProblem
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access
from burnless.core.protocols import Blobs, SessionStore, ToolContext, ToolOutcome
from burnless.core.terminal_text import plain_text
from burnless.tools.arguments import number_of, text_of
from burnless.tools.event_text import render_event, render_hit
from burnless.tools.load_file import Loaded, failed, load
from burnless.tools.output_cap import OutputCap
from burnless.tools.paths import locate
from burnless.tools.schema import load_schema

_EVENT = re.compile(r"(?:event\s+)?e?(\d{1,9})", re.IGNORECASE)
_BLOB = re.compile(r"(?:recall\s+)?(?:blob\s+)?([0-9a-f]{8,64})", re.IGNORECASE)
_WHOLE_BLOB = 64
_MOST_HITS = 12


class RecallTool:
    reads_only = True
    may_write_anywhere = False

    def __init__(self, store: SessionStore, blobs: Blobs, cap: OutputCap) -> None:
        self._store = store
        self._blobs = blobs
        self._cap = cap

    @property
    def schema(self) -> ToolSchema:
        return load_schema("recall")

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        return ()

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        return text_of(arguments, "id") or text_of(arguments, "search")

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        wanted = text_of(arguments, "id").strip()
        offset = max(0, int(number_of(arguments, "offset") or 0))
        if wanted:
            return self._by_id(wanted, offset, context)
        if search := text_of(arguments, "search").strip():
            return self._search(search)
        return failed('Give an id ("e12", or a blob id), or a text to search for.')

    def _by_id(self, wanted: str, offset: int, context: ToolContext) -> ToolOutcome:
        if event := _EVENT.fullmatch(wanted):
            return self._event(int(event[1]), offset, context)
        if blob := _BLOB.fullmatch(wanted):
            return self._blob(blob[1].lower(), offset)
        return failed(
            f'{wanted!r} is no id: events look like "e12", blobs like 64 hex digits. '
            "To find something by its words use search."
        )

    def _event(self, seq: int, offset: int, context: ToolContext) -> ToolOutcome:
        try:
            recorded = self._store.read(seq)
        except InputProblem:
            return failed(
                f"There is no event e{seq}; this session has e1 to e{context.session.seq}. "
                "To find something by its words use search."
            )
        page = self._page(render_event(recorded).encode("utf-8", "replace"), offset, f"e{seq}")
        changed = _changed_since(recorded, context)
        if page.is_error or not changed:
            return page
        note = f"[as it was then; changed since: {', '.join(changed)}. Read again what you need.]"
        return replace(page, text=f"{note}\n{page.text}")

    def _blob(self, wanted: str, offset: int) -> ToolOutcome:
        name = wanted if len(wanted) == _WHOLE_BLOB else self._whole_name(wanted)
        try:
            data = self._blobs.get(name)
        except InputProblem:
            return failed(
                f"There is no blob {wanted}. Copy the id from the message that named it; "
                "recall with search finds the message."
            )
        return self._page(data, offset, name)

    def _whole_name(self, start: str) -> str:
        """The first digits are enough where the log knows how they go on."""
        for recorded in self._store.search(start, _MOST_HITS):
            event = recorded.event
            if not isinstance(event, ev.ToolFinished | ev.WorkerFinished):
                continue
            if event.blob.startswith(start):
                return event.blob
        return start

    def _page(self, data: bytes, offset: int, name: str) -> ToolOutcome:
        """From `offset` in bytes as much as fits, in whole lines where that can be."""
        if offset >= len(data) > 0:
            return failed(f"{name} has only {len(data)} bytes: offset {offset} is past its end.")
        page = data[offset : offset + self._cap.bytes]
        if offset + len(page) < len(data):
            page = page[: page.rfind(b"\n") + 1] or page
        rows = page.split(b"\n", self._cap.lines)
        if len(rows) > self._cap.lines:
            page = page[: len(page) - len(rows[-1])]
        end = offset + len(page)
        text = plain_text(page.decode("utf-8", "replace")).rstrip("\n")
        if end < len(data):
            text += f"\n[bytes {offset}-{end} of {len(data)}; go on with offset {end}]"
        return ToolOutcome(text or "(empty)")

    def _search(self, wanted: str) -> ToolOutcome:
        found = self._store.search(wanted, _MOST_HITS)
        if not found:
            return ToolOutcome(
                f"Nothing in this session's history holds {wanted!r}. Try fewer or other words; "
                "for text in files use search."
            )
        rows = [render_hit(recorded, wanted) for recorded in found]
        more = "\n[there may be older ones: use more words]" if len(found) == _MOST_HITS else ""
        return ToolOutcome("Newest first; recall an id for the whole:\n" + "\n".join(rows) + more)


def _changed_since(recorded: ev.Recorded, context: ToolContext) -> tuple[str, ...]:
    """The files whose text an event shows and that have another one now, with what is known."""
    event = recorded.event
    if not isinstance(event, ev.ToolFinished):
        return ()
    shown = {seen.path: seen.sha256 for seen in event.seen}
    if event.display:
        shown |= {change.path: change.after for change in event.changes}
    changed = []
    for path, sha256 in shown.items():
        loaded = load(locate(path, context.root), context.root)
        now = loaded.sha256 if isinstance(loaded, Loaded) else ""
        if now != sha256:
            last = context.session.file_events.get(path, [0])[-1]
            known = f"e{last}" if last > recorded.seq else "outside this session"
            changed.append(f"{path} ({known if now else 'not there now'})")
    return tuple(changed)
