from __future__ import annotations

import pytest

from tests.agent.conftest import Staging
from tests.support.play import finish, run
from tests.support.wire_views import results


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("echo x > door", "is outside the workspace"),
        ("cp a.txt door", "is outside the workspace"),
        ("cat hosts", "is outside the workspace"),
        ("echo x >> config", ".git/ is never written to"),
    ],
)
def test_a_command_gets_through_no_link_out_of_the_workspace(
    stage: Staging, command: str, said: str
) -> None:
    play = stage(
        {"mid": [run(command, id="r"), finish("Tried.")]},
        files={"a.txt": "a\n"},
        config="planner: {when: never}",
    )
    outside = play.root.parent / "outside.txt"
    outside.write_text("secret\n")
    (play.root / "door").symlink_to(outside)
    (play.root / "hosts").symlink_to("/etc/hosts")
    (play.root / "config").symlink_to(".git/config")
    before = (play.root / ".git" / "config").read_bytes()
    play.run("try")
    told = results(play.asked("mid")[1])["r"]
    assert said in told
    assert outside.read_text() == "secret\n"
    assert (play.root / ".git" / "config").read_bytes() == before
