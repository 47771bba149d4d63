from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from burnless.core.settings import Settings
from burnless.processes.workers import worker_command
from burnless.state.config import load_settings
from burnless.state.config_schema import top_level_keys
from burnless.state.layout import layout_of
from tests.architecture.source import ROOT, name_of, repository_files


def loaded(file: Path, home: Path) -> Settings:
    """The settings a user gets who names this file."""
    environ = {"BURNLESS_HOME": str(home)}
    return load_settings(layout_of(home, environ), environ=environ, config_file=file).settings


def yaml_blocks() -> list[tuple[str, str]]:
    return [
        (name_of(page), block)
        for page in repository_files()
        if page.suffix == ".md"
        for block in re.findall(
            r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
        )
    ]


def whole(block: str) -> str:
    """A block as a whole file: keys of a tier alone are those of the gold one."""
    if block.partition(":")[0] in top_level_keys():
        return block
    return "tiers:\n  gold:\n    model: openai/x\n" + textwrap.indent(block, "    ")


def test_the_example_configuration_loads(tmp_path: Path) -> None:
    settings = loaded(ROOT / ".burnless.example" / "config.yaml", tmp_path)
    assert set(settings.tiers) == {"gold", "silver", "bronze"}


@pytest.mark.parametrize(("page", "block"), yaml_blocks())
def test_a_configuration_shown_on_a_page_loads(page: str, block: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(whole(block))
    tiers = loaded(file, tmp_path).tiers.values()
    commands = [worker_command(tier, "executor") for tier in tiers if tier.command]
    assert all(commands), page
