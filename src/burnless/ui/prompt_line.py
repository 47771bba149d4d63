"""The line the user writes prompts on: history, newlines, an editor, a status line below."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app_or_none
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.styles import Style

from burnless.ui.lines import safe

_LOOK = Style.from_dict({"bottom-toolbar": "noreverse", "bottom-toolbar.text": "noreverse"})


class PromptLine:
    """`read` returns what was written; KeyboardInterrupt and EOFError as the user pressed them."""

    def __init__(
        self,
        *,
        history_file: Path | None,
        commands: Iterable[str],
        status: Callable[[], str] | None,
    ) -> None:
        self._session: PromptSession[str] = PromptSession(
            history=_history(history_file),
            multiline=True,
            key_bindings=_bindings(),
            completer=_SlashCompleter(tuple(commands)),
            complete_while_typing=False,
            enable_open_in_editor=True,
            tempfile_suffix=".md",
            bottom_toolbar=status,
            style=_LOOK,
            reserve_space_for_menu=0,
        )

    def read(self, default: str = "") -> str:
        return self._session.prompt("> ", default=safe(default), prompt_continuation="  ")


def leave_prompt(error: BaseException) -> bool:
    """Whatever reads from the user now, here or in a question, raises `error` instead.

    For signal handlers: raising in one would tear the terminal's own loop. False: nothing reads.
    """
    app = get_app_or_none()
    if app is None or not app.is_running or app.loop is None:
        return False
    app.loop.call_soon_threadsafe(lambda: app.exit(exception=error))
    return True


class _SlashCompleter(Completer):
    """Tab completes the name of a slash command."""

    def __init__(self, commands: tuple[str, ...]) -> None:
        self._commands = commands

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        del complete_event
        text = document.text_before_cursor
        if text.startswith("/") and " " not in text:
            for command in self._commands:
                if command.startswith(text):
                    yield Completion(command, start_position=-len(text))


def _history(file: Path | None) -> History:
    """In a file where one can be written, else for this run only."""
    if file is None:
        return InMemoryHistory()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter")
    def _submit(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.document.text_before_cursor.endswith("\\"):
            buffer.delete_before_cursor()
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @bindings.add("escape", "enter")
    @bindings.add("c-j")
    def _newline(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("escape", "escape")
    def _clear(event: KeyPressEvent) -> None:
        event.current_buffer.reset()

    @bindings.add("c-c")
    def _interrupt(event: KeyPressEvent) -> None:
        """Clears what was written; on an empty line it is the user's wish to leave."""
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt())

    @bindings.add("c-g")
    def _editor(event: KeyPressEvent) -> None:
        event.current_buffer.open_in_editor()

    return bindings
