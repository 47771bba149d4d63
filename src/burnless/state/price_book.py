"""What a model costs: the user's prices, a few shipped ones, genai-prices, else unknown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from burnless.core.protocols import Clock
from burnless.core.usage import FREE, Price
from burnless.state.rates import Rates, price_from

if TYPE_CHECKING:
    from genai_prices.types import ModelPrice

LOCAL_PROVIDERS = frozenset({"local", "ollama", "lmstudio", "llamacpp", "vllm"})
"""Providers whose models run on the user's own machines: nobody sends a bill."""

_DATE = re.compile(r"(?:[-@](?:20\d{6}|20\d\d-\d\d-\d\d)|-latest)$")
_RATE_KEYS = ("input", "output", "cache_read", "cache_write", "cache_write_1h")


class LayeredPriceBook:
    """The PriceBook. `configured` is keyed by "provider/model", as the user wrote it."""

    def __init__(self, configured: Mapping[str, Price], clock: Clock) -> None:
        self._configured = {price_key(name): price for name, price in configured.items()}
        self._clock = clock
        self._known: dict[str, Price | None] = {}

    def price_of(self, provider: str, model: str) -> Price | None:
        """None = unknown. A dated name ("…-20251101") costs what its model costs."""
        name = f"{provider}/{model}"
        if name not in self._known:
            self._known[name] = self._look_up(provider, model)
        return self._known[name]

    def _look_up(self, provider: str, model: str) -> Price | None:
        key = price_key(f"{provider}/{model}")
        if key in self._configured:
            return self._configured[key]
        if provider.lower() in LOCAL_PROVIDERS:
            return FREE
        return _shipped().get(key) or library_price(provider, model, self._clock.now())


def price_key(name: str) -> str:
    """One spelling of "provider/model": lower case, dots as dashes, without a date."""
    return _DATE.sub("", name.lower()).replace(".", "-")


@cache
def _shipped() -> dict[str, Price]:
    text = resources.files("burnless.state").joinpath("prices.json").read_text(encoding="utf-8")
    listed = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    version = f"burnless, {listed['source']} {listed['date']}"
    return {
        price_key(name): price_from(
            _rates(entry),
            [(int(step["above"]), _rates(step)) for step in entry.get("steps", ())],
            version,
        )
        for name, entry in listed["models"].items()
    }


def _rates(entry: Mapping[str, Any]) -> Rates:
    return Rates(**{key: entry[key] for key in _RATE_KEYS if key in entry})


def library_price(provider: str, model: str, now: float) -> Price | None:
    """What genai-prices says (some 2,300 models); importing it takes about 120 ms."""
    import genai_prices  # noqa: PLC0415 - start-up budget
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - start-up budget

    try:
        _, info = get_snapshot().find_provider_model(model, None, provider, None)
    except LookupError:
        return None
    moment = datetime.fromtimestamp(now, UTC)
    # Some models are cheaper at night. A session may outlast the night: the dearest hour counts.
    hours = [info.get_prices(moment + timedelta(hours=hour)) for hour in range(24)]
    price = max(hours, key=lambda at: _rate(at.input_mtok, 0) or Decimal(0))
    return _converted(price, f"genai-prices {genai_prices.__version__}, {moment:%Y-%m-%d}")


def _converted(price: ModelPrice, version: str) -> Price | None:
    base = _rates_above(price, 0)
    if base is None:
        return None
    steps = [(above, _rates_above(price, above)) for above in _thresholds(price)]
    return price_from(base, [(above, rates) for above, rates in steps if rates], version)


def _rates_above(price: ModelPrice, tokens: int) -> Rates | None:
    """The rates of a call just above so many input tokens. None without input and output price."""
    fresh, output = _rate(price.input_mtok, tokens), _rate(price.output_mtok, tokens)
    if fresh is None or output is None:
        return None
    return Rates(
        fresh,
        output,
        _rate(price.cache_read_mtok, tokens),
        _rate(price.cache_write_mtok, tokens),
        _rate(price.cache_write_1h_mtok, tokens),
    )


def _rate(value: Any, tokens: int) -> Decimal | None:
    """A rate is a number, or a base with tiers that start at so many input tokens."""
    if value is None or isinstance(value, Decimal):
        return value
    due = [tier.price for tier in value.tiers if tier.start <= tokens]
    rate: Decimal = due[-1] if due else value.base
    return rate


def _thresholds(price: ModelPrice) -> list[int]:
    values = (price.input_mtok, price.output_mtok, price.cache_read_mtok, price.cache_write_mtok)
    tiers = (tier for value in values for tier in getattr(value, "tiers", ()))
    return sorted({int(tier.start) for tier in tiers if tier.start > 0})
