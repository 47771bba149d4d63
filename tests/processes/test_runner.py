from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from burnless.core.cancel import CancelToken
from burnless.core.errors import Cancelled
from burnless.core.protocols import ProcessResult, Runner
from burnless.processes.runner import FULL_BYTES, TEXT_BYTES, ProcessRunner

RUNNER: Runner = ProcessRunner()


def run(
    command: str | Sequence[str],
    *,
    cwd: Path = Path("/"),
    deadline_seconds: float = 30.0,
    cancel: CancelToken | None = None,
    on_output: Callable[[str], None] | None = None,
    stdin: str | None = None,
) -> ProcessResult:
    result = RUNNER.run(
        command,
        cwd=cwd,
        deadline_seconds=deadline_seconds,
        cancel=cancel or CancelToken(),
        on_output=on_output,
        stdin=stdin,
    )
    return replace(result, seconds=0.0)


def done(output: str, exit_code: int = 0, stdout: str | None = None) -> ProcessResult:
    raw = output.encode()
    shown = output if stdout is None else stdout
    return ProcessResult(exit_code, output, raw, len(raw), 0.0, stdout=shown)


def is_alive(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return state.stdout.strip()[:1] not in {"", "Z"}


def wait_until_gone(pid: int) -> bool:
    for _ in range(200):
        if not is_alive(pid):
            return True
        time.sleep(0.02)
    return False


def test_a_string_goes_through_the_shell_and_a_sequence_does_not(tmp_path: Path) -> None:
    assert run("echo a | tr a b", cwd=tmp_path) == done("b\n")
    assert run(["echo", "a | tr a b; $HOME"]) == done("a | tr a b; $HOME\n")
    assert run("pwd", cwd=tmp_path) == done(f"{tmp_path}\n")


def test_stdout_is_also_kept_apart_from_stderr() -> None:
    assert run("echo out; sleep 0.2; echo err >&2") == done("out\nerr\n", stdout="out\n")


@pytest.mark.parametrize(
    ("command", "code"), [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137), ("kill -TERM $$", 143)]
)
def test_the_exit_code_is_always_reported_and_a_signal_is_128_and_its_number(
    command: str, code: int
) -> None:
    assert run(command) == done("", code)


@pytest.mark.parametrize(
    ("command", "cwd", "reason"),
    [
        (["no-such-program-xyz"], Path("/"), "could not start no-such-program-xyz: [Errno 2]"),
        (["/"], Path("/"), "could not start /: [Errno 13]"),
        ("ls", Path("/no/such/folder"), "the folder /no/such/folder does not exist"),
        ("echo a\0b", Path("/"), "embedded null byte"),
        (["ls", "\ud800"], Path("/"), "surrogates not allowed"),
        (["echo", "x" * 40_000_000], Path("/"), "Argument list too long"),
    ],
)
def test_what_cannot_be_started_is_exit_code_127_with_the_reason(
    command: str | list[str], cwd: Path, reason: str
) -> None:
    result = run(command, cwd=cwd)
    assert result.exit_code == 127
    assert reason in result.output


def test_stdin_is_closed_when_none_is_given() -> None:
    assert run("cat; echo over") == done("over\n")


def test_a_long_stdin_is_fed_while_the_output_is_read() -> None:
    text = "0123456789abcde\n" * 200_000
    result = run(["cat"], stdin=text)
    assert result.stdout == text


def test_a_program_that_ignores_its_stdin_is_no_failure() -> None:
    assert run("exit 0", stdin="x" * 5_000_000) == done("")


def test_there_is_no_terminal_to_ask_on() -> None:
    result = run("cat < /dev/tty")
    assert result.exit_code != 0
    assert "/dev/tty" in result.output


def test_the_deadline_ends_the_command_and_its_children(tmp_path: Path) -> None:
    command = "echo begun; sleep 100 & echo $! > child; wait"
    result = run(command, cwd=tmp_path, deadline_seconds=0.5)
    expected = replace(done("begun\n"), exit_code=None, timed_out=True)
    assert result == expected
    assert wait_until_gone(int((tmp_path / "child").read_text()))


def test_a_child_that_ignores_term_is_killed_and_its_last_words_are_kept() -> None:
    command = "trap 'echo not yet' TERM; echo begun; while true; do sleep 0.05; done"
    result = run(command, deadline_seconds=0.5)
    assert result.timed_out
    assert result.exit_code is None
    assert result.stdout == "begun\nnot yet\n"


def test_a_cancel_from_another_thread_ends_the_command(tmp_path: Path) -> None:
    cancel = CancelToken()

    def on_output(text: str) -> None:
        assert text == "begun\n"
        cancel.cancel()

    command = "sleep 100 & echo $! > child; echo begun; wait"
    result = run(command, cwd=tmp_path, cancel=cancel, on_output=on_output)
    assert result == replace(done("begun\n"), exit_code=None)
    assert wait_until_gone(int((tmp_path / "child").read_text()))


def test_a_background_child_that_holds_the_pipe_does_not_hang_the_command(tmp_path: Path) -> None:
    result = run("sleep 100 & echo $! > child; echo begun", cwd=tmp_path)
    assert result.exit_code == 0
    assert result.output == (
        "begun\n\n[what was left in the background was told to end; a process with its own "
        "session may not]\n"
    )
    assert wait_until_gone(int((tmp_path / "child").read_text()))


def test_a_background_child_that_holds_nothing_is_ended_too(tmp_path: Path) -> None:
    assert run("sleep 100 >/dev/null 2>&1 & echo $! > child", cwd=tmp_path) == done("")
    assert wait_until_gone(int((tmp_path / "child").read_text()))


def test_a_daemon_of_its_own_session_does_not_hang_the_command(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    pathlib.Path('child').write_text(str(os.getpid()))\n"
        "    time.sleep(100)\n"
        "time.sleep(0.3)\n"
    )
    result = run([sys.executable, "-c", script], cwd=tmp_path)
    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)
    assert result.exit_code == 0


def test_a_program_that_closes_its_pipes_and_works_on_is_waited_for(tmp_path: Path) -> None:
    assert run("exec >&- 2>&-; sleep 0.3; touch ready", cwd=tmp_path) == done("")
    assert (tmp_path / "ready").exists()


def test_an_endless_output_keeps_its_head_and_tail_and_its_size() -> None:
    size = FULL_BYTES * 2
    result = run(f"echo first; head -c {size} /dev/zero | tr '\\0' x; echo; echo last")
    note = b"\n[%d bytes were not kept]\n" % (size + 12 - FULL_BYTES)
    assert result.total_bytes == size + 12
    assert len(result.full) == FULL_BYTES + len(note)
    assert note in result.full
    assert result.output.startswith("first\nxxx")
    assert result.output.endswith("xxx\nlast\n")
    assert len(result.output) <= TEXT_BYTES + 100


def test_odd_bytes_escapes_and_progress_bars_are_cleaned_from_the_text() -> None:
    command = r"printf '\033[31mred\033[0m \377 10%%\r 50%%\r100%%\r\n\033]0;title\007ok\a\n'"
    result = run(command)
    assert result.output == "100%\nok\n"
    assert b"\x1b[31mred" in result.full


def test_output_is_streamed_as_whole_plain_lines_also_across_cut_characters() -> None:
    heard: list[str] = []
    command = (
        r"printf 'a\303'; sleep 0.2; printf '\244\nb'; sleep 0.2; printf '\033[1mc\n'; printf rest"
    )
    result = run(command, on_output=heard.append)
    assert heard == ["aä\n", "bc\n", "rest"]
    assert result.output == "aä\nbc\nrest"


def test_a_line_without_end_is_streamed_in_pieces() -> None:
    heard: list[str] = []
    run("head -c 100000 /dev/zero | tr '\\0' x", on_output=heard.append)
    assert "".join(heard) == "x" * 100_000
    assert len(heard) > 1


def test_a_listener_that_raises_leaves_no_process_behind(tmp_path: Path) -> None:
    def on_output(text: str) -> None:
        raise RuntimeError(text)

    with pytest.raises(RuntimeError, match="begun"):
        run("echo $$ > leader; echo begun; sleep 100", cwd=tmp_path, on_output=on_output)
    assert wait_until_gone(int((tmp_path / "leader").read_text()))


def test_commands_see_no_keys_and_workers_see_all() -> None:
    runner = ProcessRunner({"PATH": os.environ["PATH"], "MY_API_KEY": "k", "PAGER": "less"})
    show = 'echo "$MY_API_KEY $PAGER $CI $ADDED"'

    def output(*, keep_keys: bool) -> str:
        return runner.run(
            show,
            cwd=Path("/"),
            deadline_seconds=30,
            cancel=CancelToken(),
            environment={"ADDED": "added"},
            keep_keys=keep_keys,
        ).output

    assert output(keep_keys=False) == " cat 1 added\n"
    assert output(keep_keys=True) == "k less  added\n"


def test_killing_all_ends_every_group_at_once_and_nothing_starts_any_more(tmp_path: Path) -> None:
    runner = ProcessRunner()
    results: list[ProcessResult] = []
    begun = threading.Barrier(3)

    def wait_for_both(printed: str) -> None:
        assert printed == "begun\n"
        begun.wait(30)

    def work(name: str) -> None:
        deaf = f"trap '' TERM; sleep 100 & echo $! > {name}; echo begun; wait"
        results.append(
            runner.run(
                deaf,
                cwd=tmp_path,
                deadline_seconds=60,
                cancel=CancelToken(),
                on_output=wait_for_both,
            )
        )

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    begun.wait(30)
    runner.kill_all()
    for thread in threads:
        thread.join(30)
    assert [result.exit_code for result in results] == [137, 137]
    assert wait_until_gone(int((tmp_path / "one").read_text()))
    assert wait_until_gone(int((tmp_path / "two").read_text()))
    with pytest.raises(Cancelled):
        runner.run("touch more", cwd=tmp_path, deadline_seconds=60, cancel=CancelToken())
    assert not (tmp_path / "more").exists()


def test_two_commands_run_side_by_side() -> None:
    results: list[str] = []
    threads = [
        threading.Thread(
            target=lambda name=name: results.append(run(f"sleep 0.2; echo {name}").output)
        )
        for name in ("a", "b")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["a\n", "b\n"]
