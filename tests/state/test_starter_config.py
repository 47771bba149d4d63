from __future__ import annotations

from pathlib import Path

import pytest

from burnless.core.errors import InputProblem
from burnless.core.settings import Settings, Tier
from burnless.state.config import load_settings
from burnless.state.starter_config import (
    FoundProvider,
    LocalServer,
    starter_text,
    write_starter,
)
from tests.state.folders import layout_in

ANTHROPIC = FoundProvider(
    "anthropic",
    "ANTHROPIC_API_KEY",
    {"gold": "anthropic/g", "silver": "anthropic/s", "bronze": "anthropic/b"},
)
OPENAI = FoundProvider(
    "openai", "OPENAI_API_KEY", {"gold": "openai/g", "silver": "openai/s", "bronze": "openai/b"}
)
OLLAMA = LocalServer("ollama", "http://127.0.0.1:11434/v1", ('qwen3:30b-"x"', "other"))
EMPTY = LocalServer("lmstudio", "http://127.0.0.1:1234/v1", ())
LOCAL_TIER = Tier('ollama/qwen3:30b-"x"', base_url="http://127.0.0.1:11434/v1")


@pytest.mark.parametrize(
    ("providers", "servers", "expected", "said"),
    [
        ([], [], {}, "No key and no local server was found"),
        (
            [ANTHROPIC, OPENAI],
            [],
            {
                "gold": Tier("anthropic/g"),
                "silver": Tier("anthropic/s"),
                "bronze": Tier("anthropic/b"),
            },
            "# Also found: openai (OPENAI_API_KEY): openai/g, openai/s, openai/b\n",
        ),
        (
            [OPENAI],
            [EMPTY],
            {"gold": Tier("openai/g"), "silver": Tier("openai/s"), "bronze": Tier("openai/b")},
            "# openai: the key comes from OPENAI_API_KEY.\n",
        ),
        (
            [],
            [EMPTY, OLLAMA],
            {"gold": LOCAL_TIER, "silver": LOCAL_TIER, "bronze": LOCAL_TIER},
            "# ollama on this machine, at no price.\n",
        ),
    ],
)
def test_what_was_found_becomes_a_file_that_loads(
    tmp_path: Path,
    providers: list[FoundProvider],
    servers: list[LocalServer],
    expected: dict[str, Tier],
    said: str,
) -> None:
    layout = layout_in(tmp_path)
    text = starter_text(providers, servers)
    assert write_starter(layout, text) == layout.config_file
    found = load_settings(layout, environ={})
    assert (found.settings, found.untrusted) == (Settings(tiers=expected), ())
    assert said in text


def test_a_local_server_beside_a_provider_is_mentioned() -> None:
    assert "# Also found: ollama, e.g. bronze: {model:" in starter_text([ANTHROPIC], [OLLAMA])
    both = starter_text([], [OLLAMA, LocalServer("vllm", "http://127.0.0.1:8000/v1", ("m",))])
    assert "# Also found: vllm" in both
    assert "# Also found: ollama" not in both


def test_every_commented_line_of_the_file_loads_when_it_is_uncommented(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    body = starter_text([], []).partition("# tiers:")[2]
    keys = ("tiers:", "budget:", "permissions:", "checks:", "  ")
    lines = [line.removeprefix("# ") for line in f"# tiers:{body}".splitlines()]
    write_starter(layout, "\n".join(line for line in lines if line.startswith(keys)) + "\n")
    found = load_settings(layout, environ={}).settings
    assert found.checks == ("pytest -q",)
    assert found.budget.max_calls_per_session == 400
    assert found.permissions.deny == ("Read(.env)",)
    assert set(found.tiers) == {"gold", "silver", "bronze"}


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    write_starter(layout, "checks: [mine]\n")
    with pytest.raises(InputProblem) as raised:
        write_starter(layout, "checks: [other]\n")
    assert str(raised.value) == f"{layout.config_file} exists already, and is left as it is"
    assert layout.config_file.read_text() == "checks: [mine]\n"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    layout.workspace.rmdir()
    layout.workspace.write_text("a file")
    with pytest.raises(InputProblem, match="cannot be written: Not a directory"):
        write_starter(layout, "")
