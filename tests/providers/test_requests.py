from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from burnless.core.models import ModelCard
from burnless.core.settings import CacheSettings, Wire
from burnless.providers import anthropic_wire, chat_wire, responses_wire
from burnless.providers.wire import Translated, Translator
from tests.providers.cases import CARDS, CONVERSATIONS, THOUGHTS

GOLDEN = Path(__file__).parent / "golden"
CACHE = CacheSettings()


def translator(card: ModelCard, cache: CacheSettings = CACHE) -> Translator:
    match card.wire:
        case Wire.ANTHROPIC:
            return anthropic_wire.AnthropicTranslator(card, cache)
        case Wire.RESPONSES:
            return responses_wire.ResponsesTranslator(card, cache)
        case Wire.CHAT:
            return chat_wire.ChatTranslator(card, cache)


def translate(card: ModelCard, name: str, cache: CacheSettings = CACHE) -> Translated:
    return translator(card, cache).translate(CONVERSATIONS[name])


@pytest.mark.parametrize("conversation", CONVERSATIONS)
@pytest.mark.parametrize("card", CARDS)
def test_each_conversation_is_this_body_on_each_wire(card: str, conversation: str) -> None:
    # UPDATE_GOLDEN=1 writes the files anew; the diff is then to be read.
    body = translate(CARDS[card], conversation).body
    shown = json.dumps(body, indent=1, ensure_ascii=False) + "\n"
    file = GOLDEN / card / f"{conversation}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    wanted = {f"{card}/{name}.json" for card in CARDS for name in CONVERSATIONS}
    assert {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.json")} == wanted


@pytest.mark.parametrize("card", CARDS)
def test_without_prefix_cache_nothing_is_marked(card: str) -> None:
    body = translate(CARDS[card], "capsule_before_a_prompt", CacheSettings(prefix_cache=False)).body
    assert "cache_control" not in json.dumps(body)
    assert "prompt_cache_breakpoint" not in json.dumps(body)


@pytest.mark.parametrize("card", CARDS)
def test_reasoning_of_the_other_families_is_dropped_and_counted(card: str) -> None:
    translated = translate(CARDS[card], "everyones_reasoning")
    assert translated.dropped_reasoning == len(THOUGHTS) - 1
    sent = json.dumps(translated.body)
    families = [thought.family for thought in THOUGHTS.values()]
    kept = [
        family
        for family, secret in zip(
            families, ("c2ln", "gAAAA", "reasoning_content", "reasoning_details"), strict=True
        )
        if secret in sent
    ]
    assert kept == [CARDS[card].family]


@pytest.mark.parametrize("card", CARDS)
def test_forgotten_reasoning_stays_out_of_every_later_request(card: str) -> None:
    request = CONVERSATIONS["everyones_reasoning"]
    wire = translator(CARDS[card])
    wire.translate(request)
    assert wire.forget_reasoning(request.tail)
    assert wire.translate(request).dropped_reasoning == len(THOUGHTS)
    assert wire.translate(request).dropped_reasoning == len(THOUGHTS)
    assert not wire.forget_reasoning(request.tail)


def test_reasoning_goes_back_byte_equal() -> None:
    body = translate(CARDS["anthropic"], "everyones_reasoning").body
    sent = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    assert THOUGHTS["anthropic"].payload in sent
    body = translate(CARDS["responses"], "everyones_reasoning").body
    sent = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    assert THOUGHTS["openai"].payload in sent
