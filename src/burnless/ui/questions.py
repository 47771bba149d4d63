"""Questions on the screen: may this happen, which of these, is this the plan."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import termios
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from burnless.core.permissions import (
    Access,
    Answer,
    Question,
    ReadPath,
    RunCommand,
    StartWorker,
    WritePath,
)
from burnless.core.plan import Plan
from burnless.ui.diffs import diff_lines, is_diff
from burnless.ui.lines import Line, Span, Style, block, line, styled
from burnless.ui.plan_view import checklist, from_edit, to_edit
from burnless.ui.screen import Screen

_ALWAYS = "Always in this project (Esc: go back): "
_CHOICES = {"y": "yes", "s": "session", "p": "project", "n": "no"}


class Questions:
    """Implements Approver on a terminal. Ctrl-C in a question raises KeyboardInterrupt."""

    interactive = True

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def approve(self, question: Question) -> Answer:
        self._screen.show(question_lines(question))
        keys = "ys" + ("p" if question.pattern else "") + "n"
        while True:
            pressed = self._press(_menu(question.pattern), keys)
            match _CHOICES.get(pressed, "no"):
                case "no":
                    instead = self._type("No. What should it do instead? ") if pressed else ""
                    return Answer("no", instead=instead.strip())
                case "project":
                    pattern = self._fresh(_ALWAYS, question.pattern).strip()
                    if pattern:
                        return Answer("project", pattern)
                case choice:
                    return Answer(choice, question.pattern)

    def ask(self, question: str, options: Sequence[str]) -> str | None:
        lines = block(Style.ACCENT, question)
        lines += [line(f"  {number}. {each}") for number, each in enumerate(options, 1)]
        self._screen.show(lines)
        typed = self._fresh("Answer: ").strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(options):
            return options[int(typed) - 1]
        return typed or None

    def review_plan(self, plan: Plan, text: str) -> Plan | None:
        """The plan is on the screen already; it is shown again where the user changed it."""
        del text
        reviewed: Plan | None = plan
        while reviewed is not None:
            pressed = self._press("Work on this plan? [y]es  [e]dit  [n]o ", "yen")
            if pressed == "y":
                return reviewed
            if pressed != "e":
                return None
            reviewed = from_edit(edit(to_edit(reviewed)), reviewed)
            if reviewed is not None:
                self._screen.show(checklist(reviewed))
        return None

    def pick(self, title: str, options: Sequence[str]) -> int | None:
        """The index of the chosen one; None = none of them."""
        self._screen.show([styled(Style.STRONG, title)])
        self._screen.show([line(f"  {number}. {each}") for number, each in enumerate(options, 1)])
        typed = self._fresh(f"{_numbers(options)}Enter for 1: ").strip() or "1"
        if typed.isdecimal() and 1 <= int(typed) <= len(options):
            return int(typed) - 1
        return None

    def _press(self, prompt: str, keys: str) -> str:
        """One key of `keys`, without Enter; "" for Esc or Ctrl-D.

        Only as the first key of the line: words that were meant for somebody else are words, and
        Enter takes them away again.
        """
        bindings = KeyBindings()

        @Condition
        def at_start() -> bool:
            return not get_app().current_buffer.text

        def choose(event: KeyPressEvent) -> None:
            event.app.exit(result=event.key_sequence[0].data.lower())

        for key in keys + keys.upper():
            bindings.add(key, filter=at_start)(choose)

        @bindings.add("escape", eager=True)
        @bindings.add("c-d")
        def _leave(event: KeyPressEvent) -> None:
            event.app.exit(result="")

        @bindings.add("enter")
        def _no_answer(event: KeyPressEvent) -> None:
            event.current_buffer.reset()

        self._screen.quiet()
        session: PromptSession[str] = PromptSession(key_bindings=bindings)
        pressed = session.prompt(prompt, pre_run=partial(_forget_typed, session.input))
        self._screen.show([styled(Style.DIM, f"  {_CHOICES.get(pressed, pressed) or 'no'}")])
        return pressed

    def _fresh(self, prompt: str, default: str = "") -> str:
        """What is typed from now on; "" for Ctrl-D, and for Esc where that is what goes back."""
        self._screen.quiet()
        bindings = KeyBindings()

        @bindings.add("escape", eager=True)
        def _back(event: KeyPressEvent) -> None:
            event.app.exit(result="")

        session: PromptSession[str] = PromptSession(key_bindings=bindings if default else None)
        return self._read(session, prompt, default, partial(_forget_typed, session.input))

    def _type(self, prompt: str) -> str:
        """The rest of an answer that was begun: no key of it may be lost."""
        self._screen.quiet()
        return self._read(PromptSession(), prompt, "", None)

    @staticmethod
    def _read(
        session: PromptSession[str], prompt: str, default: str, before: Callable[[], None] | None
    ) -> str:
        try:
            return session.prompt(prompt, default=default, pre_run=before)
        except EOFError:
            return ""


def _numbers(options: Sequence[str]) -> str:
    return f"1-{len(options)}, " if len(options) > 1 else ""


def _forget_typed(keyboard: Input) -> None:
    """What was typed before a question could be read is no answer to it."""
    clear_typeahead(keyboard)
    if os.isatty(keyboard.fileno()):
        termios.tcflush(keyboard.fileno(), termios.TCIFLUSH)


def question_lines(question: Question) -> list[Line]:
    """What is about to happen, why it is asked, and the command or diff itself."""
    what, subject = _about(question.access)
    lines = [line(Span(f"? {what} ", Style.WARNING), Span(subject, Style.STRONG))]
    if question.reason and question.reason != f"{subject} would change":
        lines.append(styled(Style.DIM, f"  {question.reason}"))
    if is_diff(question.detail):
        lines += diff_lines(question.detail)
    elif question.detail and question.detail.strip() != subject.strip():
        lines += block(Style.PLAIN, question.detail, "  ")
    if question.pattern:
        lines.append(styled(Style.DIM, f"  [s] and [p] allow: {question.pattern}"))
    return lines


def _about(access: Access) -> tuple[str, str]:
    match access:
        case RunCommand():
            return "run", access.command
        case WritePath():
            return ("delete" if access.deletes else "change"), access.path
        case ReadPath():
            return "read", access.path
        case StartWorker():
            return "start a worker that may change this workspace:", access.command


def _menu(pattern: str) -> str:
    always = "  always in [p]roject" if pattern else ""
    return f"[y]es  yes for this [s]ession{always}  [n]o, do this instead "


def edit(text: str) -> str:
    """`text` after the user's own editor closed; unchanged where it could not be started."""
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="burnless-") as folder:
        path = Path(folder) / "plan.md"
        path.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*editor, str(path)], check=False)  # noqa: S603 - the user's own editor
        except OSError:
            return text
        return path.read_text(encoding="utf-8", errors="replace")
