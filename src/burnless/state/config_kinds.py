"""What a configured value may be: each kind reads a node, and has words for the reference."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from burnless.core.usage import PICODOLLARS, Price
from burnless.core.web_address import WANTED as ADDRESS_WANTED
from burnless.core.web_address import address_problem
from burnless.state.rates import Rates, price_from
from burnless.state.yaml_tree import Entry, Listing, Node, Scalar, Table

_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}
_MODEL = re.compile(r"[^/\s]+/\S+")
_RATE_KEYS = ("input", "output", "cache_read", "cache_write", "cache_write_1h")
_PRICE_KEYS = (*_RATE_KEYS, "steps")
_STEP_KEYS = ("above", *_RATE_KEYS)


class WrongValue(ValueError):
    """The node does not hold what is wanted. `wanted` completes "expected …"."""

    def __init__(self, node: Node | Entry, wanted: str, got: str = "") -> None:
        super().__init__(wanted)
        self.line = node.line
        self.wanted = wanted
        self.got = got or shown(node.value if isinstance(node, Entry) else node)


class UnknownKey(ValueError):
    def __init__(self, entry: Entry, known: tuple[str, ...]) -> None:
        super().__init__(entry.key)
        self.entry = entry
        self.known = known


@dataclass(frozen=True, slots=True)
class Kind:
    """`words` name it in the reference. `read` raises WrongValue or UnknownKey."""

    words: str
    read: Callable[[Node], object]


def shown(node: Node) -> str:
    match node:
        case Scalar(is_null=True):
            return "nothing"
        case Scalar(text=text):
            return repr(text)
        case Listing():
            return "a list"
        case Table():
            return "keys"


def _text(node: Node) -> str:
    if isinstance(node, Scalar) and not node.is_null:
        return node.text
    raise WrongValue(node, "text")


def _model(node: Node) -> str:
    text = _text(node)
    if not _MODEL.fullmatch(text):
        raise WrongValue(node, 'a model as "provider/model", e.g. "anthropic/claude-sonnet-5-5"')
    return text


def _address(node: Node) -> str:
    """An empty one is the provider's own."""
    text = _text(node).strip()
    problem = address_problem(text) if text else ""
    if problem:
        raise WrongValue(node, ADDRESS_WANTED, f"{shown(node)} ({problem})")
    return text


def _truth(node: Node) -> bool:
    word = _text(node).lower() if isinstance(node, Scalar) and not node.is_null else ""
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise WrongValue(node, "true or false")


def _decimal(node: Node, wanted: str) -> Decimal:
    try:
        number = Decimal(_text(node))
    except (InvalidOperation, WrongValue) as error:
        raise WrongValue(node, wanted) from error
    if not number.is_finite() or number < 0:
        raise WrongValue(node, wanted)
    return number


def _amount(node: Node) -> int | None:
    """Dollars as picodollars, exactly; nothing = no limit."""
    if isinstance(node, Scalar) and node.is_null:
        return None
    wanted = "dollars, 0 or more, in steps of at least a millionth of a millionth"
    amount = _decimal(node, wanted) * PICODOLLARS
    if amount != amount.to_integral_value():
        raise WrongValue(node, wanted)
    return int(amount)


def _count(node: Node) -> int:
    wanted = "a whole number, 0 or more"
    number = _decimal(node, wanted)
    if number != number.to_integral_value():
        raise WrongValue(node, wanted)
    return int(number)


def _count_or_none(node: Node) -> int | None:
    return None if isinstance(node, Scalar) and node.is_null else _count(node)


def _at_least_one(node: Node) -> int:
    number = _count(node)
    if number < 1:
        raise WrongValue(node, "a whole number, 1 or more")
    return number


def _share(node: Node) -> float:
    wanted = "a share above 0 and at most 1"
    number = _decimal(node, wanted)
    if not 0 < number <= 1:
        raise WrongValue(node, wanted)
    return float(number)


def _seconds(node: Node) -> float:
    wanted = "seconds, more than 0"
    number = _decimal(node, wanted)
    if not number:
        raise WrongValue(node, wanted)
    return float(number)


def _texts(node: Node) -> tuple[str, ...]:
    if isinstance(node, Scalar) and node.is_null:
        return ()
    if not isinstance(node, Listing):
        raise WrongValue(node, "a list of texts")
    return tuple(_text(item) for item in node.items)


def _models(node: Node) -> tuple[str, ...]:
    if isinstance(node, Scalar) and node.is_null:
        return ()
    if not isinstance(node, Listing):
        raise WrongValue(node, "a list of models")
    return tuple(_model(item) for item in node.items)


def _price(node: Node) -> Price:
    entries = _known_entries(node, _PRICE_KEYS, "a price: keys `input` and `output` in dollars")
    listed = entries.get("steps", Listing(()))
    if not isinstance(listed, Listing):
        raise WrongValue(listed, "a list of steps")
    steps = [_step(item) for item in listed.items]
    return price_from(_rates(node, entries), steps, version="config")


def _step(node: Node) -> tuple[int, Rates]:
    entries = _known_entries(node, _STEP_KEYS, "a price step: `above`, `input` and `output`")
    if "above" not in entries:
        raise WrongValue(node, "`above`: from more input tokens than this on", "a step without it")
    return _at_least_one(entries["above"]), _rates(node, entries)


def _known_entries(node: Node, known: tuple[str, ...], wanted: str) -> dict[str, Node]:
    if not isinstance(node, Table):
        raise WrongValue(node, wanted)
    for entry in node:
        if entry.key not in known:
            raise UnknownKey(entry, known)
    return {entry.key: entry.value for entry in node}


def _rates(node: Node, entries: dict[str, Node]) -> Rates:
    rates = {
        key: _decimal(entries[key], "dollars per million tokens, 0 or more")
        for key in _RATE_KEYS
        if key in entries
    }
    if "input" not in rates or "output" not in rates:
        raise WrongValue(node, "a price with `input` and `output`", "a price without both")
    return Rates(**rates)


TEXT = Kind("text", _text)
ADDRESS = Kind("address", _address)
MODEL = Kind("provider/model", _model)
TRUTH = Kind("true or false", _truth)
DOLLARS = Kind("dollars", _amount)
COUNT = Kind("whole number", _count)
COUNT_OR_NONE = Kind("whole number, or nothing", _count_or_none)
AT_LEAST_ONE = Kind("whole number, 1 or more", _at_least_one)
SHARE = Kind("share of 1", _share)
SECONDS = Kind("seconds", _seconds)
TEXTS = Kind("list of texts", _texts)
MODELS = Kind("list of models", _models)
PRICE = Kind("price", _price)


def one_of(*allowed: str) -> Kind:
    def read(node: Node) -> str:
        if isinstance(node, Scalar) and node.text in allowed and not node.is_null:
            return node.text
        raise WrongValue(node, "one of " + ", ".join(word or '""' for word in allowed))

    return Kind(" \\| ".join(f"`{word}`" for word in allowed if word), read)


def member_of(kind: type[StrEnum]) -> Kind:
    words = one_of(*(member.value for member in kind))

    def read(node: Node) -> StrEnum:
        return kind(str(words.read(node)))

    return Kind(words.words, read)
