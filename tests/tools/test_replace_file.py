from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from burnless.tools.replace_file import replace_file


def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        replace_file(tmp_path / "a", b"x")
    finally:
        os.umask(old)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_a_failure_leaves_the_file_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "inside").write_text("x")
    with pytest.raises(OSError, match="f"):
        replace_file(folder, b"x")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["f"]
    assert (folder / "inside").read_text() == "x"


def test_a_killed_writer_leaves_the_old_or_the_new_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"0" * 100_000)
    script = (
        "import sys; from pathlib import Path\n"
        "from burnless.tools.replace_file import replace_file\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    for digit in b'01':\n"
        "        replace_file(Path(sys.argv[1]), bytes([digit]) * 100_000)\n"
    )
    for wait in (0.01, 0.02, 0.03):
        writer = subprocess.Popen([sys.executable, "-c", script, file], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(wait)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert file.read_bytes() in {b"0" * 100_000, b"1" * 100_000}
