"""What is known of providers and models before anything is called: data, and how it is read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from burnless.core.encoding import JsonObject
from burnless.core.errors import ConfigProblem
from burnless.core.settings import Wire
from burnless.providers.wire import child, children, number, text

COMPATIBLE = "compatible"
"""The provider of a model that is only known by its base_url."""

_NAME_STARTS = (
    ("claude", "anthropic"),
    ("gpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("gemini", "gemini"),
    ("deepseek", "deepseek"),
)
_DATE = re.compile(r"[-@](20\d{6}|20\d{2}-\d{2}-\d{2}|(?:0[1-9]|1[0-2])[0-3]\d|00\d)$")


@dataclass(frozen=True, slots=True)
class Provider:
    """One place models are served.

    base_url:     its own address; "" = the tier must name one
    key_env:      variables that may hold the key, in order; none = no key is needed
    base_url_env: variables that move the address
    first_party:  it serves its own models under their own names
    tiers:        default model names for gold, silver and bronze; none for local servers
    """

    name: str
    title: str
    base_url: str
    wire: Wire
    key_env: tuple[str, ...]
    base_url_env: tuple[str, ...]
    first_party: bool
    tiers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Window and output in tokens; what they are by default is said where they are used."""

    window: int
    max_output: int
    min_cacheable: int
    reasoning: bool = False
    breakpoints: bool = False


@cache
def providers() -> dict[str, Provider]:
    """All known providers, the ones to prefer first."""
    listed = child(_data(), "providers")
    return {name: _provider(name, child(listed, name)) for name in listed}


def facts_of(model: str) -> ModelFacts | None:
    """The longest entry the name starts with; a router's vendor prefix is left out of account."""
    name = _plain(model)
    matching = [entry for entry in _facts() if name.startswith(entry[0])]
    return max(matching, key=lambda entry: len(entry[0]))[1] if matching else None


def same_model(asked: str, served: str) -> bool:
    """Whether both names are one model: case, vendor, date and known aliases do not count.

    Two different dates are two models.
    """
    left, left_date = _split_date(_plain(asked))
    right, right_date = _split_date(_plain(served))
    if left_date and right_date and left_date != right_date:
        return False
    return left == right or any(left in names and right in names for names in _aliases())


def split_model(model: str, base_url: str) -> tuple[Provider, str]:
    """Provider and name of "provider/model". A name alone is placed by how it starts.

    Raises ConfigProblem, naming the nearest provider, where it cannot be placed.
    """
    known = providers()
    first, slash, rest = model.strip().partition("/")
    if slash and rest and first.lower() in known:
        return known[first.lower()], rest
    if base_url and model.strip():
        return known[COMPATIBLE], model.strip()
    if not slash:
        for start, provider in _NAME_STARTS:
            if first.lower().startswith(start):
                return known[provider], first
    raise ConfigProblem(f"the model {model!r} names no known provider", hint=_hint(model, first))


def _hint(model: str, first: str) -> str:
    near = get_close_matches(first.lower(), providers(), n=1)
    if "/" in model and near:
        return f"did you mean {near[0]}/{model.partition('/')[2]}?"
    if "/" in model:
        return f"write it as provider/model, e.g. openrouter/{model}, or give the tier a base_url"
    return "write it as provider/model, e.g. anthropic/claude-sonnet-5-5"


@cache
def _data() -> JsonObject:
    listed: JsonObject = json.loads(
        Path(__file__).with_name("catalog.json").read_text(encoding="utf-8")
    )
    return listed


def _provider(name: str, entry: JsonObject) -> Provider:
    return Provider(
        name=name,
        title=text(entry.get("title")),
        base_url=text(entry.get("base_url")),
        wire=Wire(text(entry.get("wire"))),
        key_env=_texts(entry, "key_env"),
        base_url_env=_texts(entry, "base_url_env"),
        first_party=entry.get("first_party") is True,
        tiers=tuple((tier, text(model)) for tier, model in child(entry, "tiers").items()),
    )


@cache
def _facts() -> tuple[tuple[str, ModelFacts], ...]:
    return tuple(
        (
            text(entry.get("match")),
            ModelFacts(
                number(entry.get("window")),
                number(entry.get("max_output")),
                number(entry.get("min_cacheable")),
                entry.get("reasoning") is True,
                entry.get("breakpoints") is True,
            ),
        )
        for entry in children(_data(), "models")
    )


@cache
def _aliases() -> tuple[frozenset[str], ...]:
    groups = _data().get("aliases")
    listed = groups if isinstance(groups, list) else []
    return tuple(
        frozenset(_plain(text(name)) for name in group)
        for group in listed
        if isinstance(group, list)
    )


def _texts(entry: JsonObject, key: str) -> tuple[str, ...]:
    listed = entry.get(key)
    return tuple(text(item) for item in listed) if isinstance(listed, list) else ()


def _plain(model: str) -> str:
    """Lower case, dots as dashes, without what a router puts in front or behind."""
    name = model.lower().rsplit("/", 1)[-1].split(":", 1)[0]
    return name.removesuffix("-latest").replace(".", "-")


def _split_date(name: str) -> tuple[str, str]:
    found = _DATE.search(name)
    return (name[: found.start()], found.group(1)) if found else (name, "")
