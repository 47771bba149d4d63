"""From a tier of the configuration and the environment to a model that can be called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from burnless.core.errors import ConfigProblem, KeyProblem
from burnless.core.models import ModelCard
from burnless.core.protocols import Clock, PriceBook
from burnless.core.settings import TIERS, CacheSettings, Tier, Wire
from burnless.core.usage import FREE, Price
from burnless.core.web_address import address_problem
from burnless.providers import chat_wire, responses_wire
from burnless.providers.anthropic_reply import AnthropicReply
from burnless.providers.anthropic_wire import AnthropicTranslator
from burnless.providers.catalog import (
    COMPATIBLE,
    ModelFacts,
    Provider,
    facts_of,
    providers,
    split_model,
)
from burnless.providers.chat_reply import ChatReply
from burnless.providers.chat_wire import ChatTranslator
from burnless.providers.responses_reply import ResponsesReply
from burnless.providers.responses_wire import ResponsesTranslator
from burnless.providers.transport import LateTransport, Patience, Transport
from burnless.providers.wire import endpoint_of
from burnless.providers.wire_model import WireModel, Wiring

OUTPUT_ALLOWANCE = 32_000
"""Tokens of one reply. Less cuts work off; more only makes the reserved worst case larger."""

_UNKNOWN_HOSTED = ModelFacts(window=128_000, max_output=16_000, min_cacheable=4_096)
_UNKNOWN_LOCAL = ModelFacts(window=32_768, max_output=8_192, min_cacheable=1)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_WAYS_OUT = (
    "set the key in {variable}, write a configuration with `agent init`, or try `agent demo`"
)


@dataclass(frozen=True, slots=True)
class DetectedProvider:
    """A provider as the environment shows it. Holds the names of variables, never their values.

    key_env:      the variable its key was found in, or would be looked for
    has_key:      it can be used: a key is there, or none is needed
    base_url_env: the variable that moves its address, where one is set
    """

    name: str
    title: str
    key_env: str
    has_key: bool
    base_url_env: str = ""


def detect_providers(env: Mapping[str, str]) -> tuple[DetectedProvider, ...]:
    """All hosted providers, those to prefer first."""
    return tuple(
        DetectedProvider(
            provider.name,
            provider.title,
            _first_set(provider.key_env, env) or provider.key_env[0],
            bool(_first_set(provider.key_env, env)),
            _first_set(provider.base_url_env, env),
        )
        for provider in providers().values()
        if provider.key_env
    )


def default_tiers(env: Mapping[str, str]) -> dict[str, Tier]:
    """Gold, silver and bronze of the first provider whose key is there; {} without any key."""
    for found in detect_providers(env):
        if found.has_key:
            named = dict(providers()[found.name].tiers)
            return {tier: Tier(model=f"{found.name}/{named[tier]}") for tier in TIERS}
    return {}


def card_for(
    tier_name: str,
    tier: Tier,
    env: Mapping[str, str],
    price_book: PriceBook,
    *,
    need_key: bool = True,
) -> ModelCard:
    """The card of a tier's model. `need_key=False` is for showing what is configured.

    Raises ConfigProblem for a model or wire that cannot be, KeyProblem where its key is missing.
    """
    provider, name = split_model(tier.model, tier.base_url)
    base_url = _base_url(provider, tier, env)
    is_own = _host(base_url) == _host(provider.base_url) if provider.base_url else False
    wire = _wire(provider, tier, is_own=is_own)
    is_local = not provider.key_env and _host(base_url) in _LOOPBACK
    facts = facts_of(name) or (_UNKNOWN_LOCAL if is_local else _UNKNOWN_HOSTED)
    key_env = _key_env(provider, tier, env, is_own=is_own)
    if need_key and key_env and not env.get(key_env, "").strip():
        raise _key_missing(provider, name, key_env)
    window = tier.window or facts.window
    return ModelCard(
        tier=tier_name,
        name=name,
        provider=provider.name,
        wire=wire,
        family=_family(wire, base_url, name, is_own=is_own),
        first_party=is_own and provider.first_party,
        base_url=base_url,
        key_env=key_env,
        window=window,
        max_output=tier.max_output or min(facts.max_output, OUTPUT_ALLOWANCE, window // 2),
        min_cacheable=facts.min_cacheable,
        price=_price(tier, provider, name, price_book, is_local=is_local),
        effort=tier.effort,
        compact_at=tier.compact_at,
        long_ttl=wire is Wire.ANTHROPIC and is_own,
        reasoning=facts.reasoning,
        breakpoints=_takes_breakpoints(wire, provider, name, facts, is_own=is_own),
    )


def build_model(
    card: ModelCard,
    env: Mapping[str, str],
    cache: CacheSettings,
    clock: Clock,
    *,
    patience: Patience | None = None,
    on_body: Callable[[bytes], None] | None = None,
) -> WireModel:
    """The bare model of a card. Nothing is imported or connected before its first call.

    Raises KeyProblem where the card's key is not in `env`, or can be none.
    """
    key = env.get(card.key_env, "").strip() if card.key_env else ""
    if card.key_env and not key:
        raise _key_missing(providers()[card.provider], card.name, card.key_env)
    if not (key.isascii() and key.isprintable()):  # HTTP's own errors would quote it
        raise KeyProblem(
            f"the key in {card.key_env} has a character in it that cannot be sent",
            hint=f"copy it into {card.key_env} again",
        )
    return WireModel(card, _wiring(card, key, cache), clock, patience, on_body)


def _wiring(card: ModelCard, key: str, cache: CacheSettings) -> Wiring:
    endpoint = endpoint_of(card, key)
    family = card.family
    match card.wire:
        case Wire.ANTHROPIC:
            return Wiring(
                AnthropicTranslator(card, cache),
                lambda: AnthropicReply(endpoint, family),
                LateTransport(lambda: _anthropic_transport(card, key)),
                endpoint.cover,
            )
        case Wire.RESPONSES:
            return Wiring(
                ResponsesTranslator(card, cache),
                lambda: ResponsesReply(endpoint, family),
                LateTransport(lambda: _openai_transport(card, key, responses_wire.PATH)),
                endpoint.cover,
            )
        case Wire.CHAT:
            return Wiring(
                ChatTranslator(card, cache),
                lambda: ChatReply(endpoint, family),
                LateTransport(lambda: _openai_transport(card, key, chat_wire.PATH)),
                endpoint.cover,
            )


def _anthropic_transport(card: ModelCard, key: str) -> Transport:
    from burnless.providers import anthropic_transport  # noqa: PLC0415 - start-up budget

    return anthropic_transport.AnthropicTransport(
        endpoint_of(card, key), card.base_url, key, first_party=card.first_party
    )


def _openai_transport(card: ModelCard, key: str, path: str) -> Transport:
    from burnless.providers import openai_transport  # noqa: PLC0415 - start-up budget

    return openai_transport.OpenAITransport(
        endpoint_of(card, key), card.base_url, path, key, first_party=card.first_party
    )


def _base_url(provider: Provider, tier: Tier, env: Mapping[str, str]) -> str:
    moved = env.get(_first_set(provider.base_url_env, env), "")
    base_url = (tier.base_url or moved or provider.base_url).strip().rstrip("/")
    if not base_url:
        raise ConfigProblem(
            f"the model {tier.model!r} has no address", hint="give the tier a base_url"
        )
    problem = address_problem(base_url)
    if problem:
        raise ConfigProblem(
            f"the base_url {base_url!r} is no address: {problem}",
            hint="write it like http://127.0.0.1:8080/v1",
        )
    is_anthropic = (tier.wire or provider.wire) == Wire.ANTHROPIC
    return base_url.removesuffix("/v1") if is_anthropic else base_url


def _wire(provider: Provider, tier: Tier, *, is_own: bool) -> Wire:
    """OpenAI's own address speaks Responses, any other of its kind Chat; the tier may say."""
    if tier.wire:
        try:
            return Wire(tier.wire)
        except ValueError:
            raise ConfigProblem(
                f"no wire is called {tier.wire!r}", hint="it is anthropic, responses or chat"
            ) from None
    return Wire.CHAT if provider.wire is Wire.RESPONSES and not is_own else provider.wire


def _family(wire: Wire, base_url: str, name: str, *, is_own: bool) -> str:
    """Who can read reasoning again. A router serves several families from one host."""
    match wire:
        case Wire.ANTHROPIC:
            return "anthropic"
        case Wire.RESPONSES:
            return "openai" if is_own else f"responses:{_host(base_url)}"
        case Wire.CHAT:
            vendor = name.rpartition("/")[0]
            return f"chat:{_host(base_url)}" + (f"/{vendor}" if vendor else "")


def _key_env(provider: Provider, tier: Tier, env: Mapping[str, str], *, is_own: bool) -> str:
    """The provider's own key goes to its own address, or to one the user set for that provider."""
    if tier.api_key_env:
        return tier.api_key_env
    if not provider.key_env:
        return ""
    found = _first_set(provider.key_env, env)
    if not is_own and _host(_base_url(provider, tier, env)) in _LOOPBACK:
        return found
    return found or provider.key_env[0]


def _key_missing(provider: Provider, name: str, variable: str) -> KeyProblem:
    several = " or ".join(provider.key_env) if variable in provider.key_env else variable
    return KeyProblem(
        f"there is no key for {provider.title or provider.name}, which {name} needs",
        hint=_WAYS_OUT.format(variable=several),
    )


def _price(
    tier: Tier, provider: Provider, name: str, price_book: PriceBook, *, is_local: bool
) -> Price | None:
    if tier.price is not None:
        return tier.price
    known = price_book.price_of(provider.name, name)
    return FREE if known is None and is_local and provider.name == COMPATIBLE else known


def _takes_breakpoints(
    wire: Wire, provider: Provider, name: str, facts: ModelFacts, *, is_own: bool
) -> bool:
    match wire:
        case Wire.ANTHROPIC:
            return True
        case Wire.RESPONSES:
            return is_own and facts.breakpoints
        case Wire.CHAT:
            return provider.name == "openrouter" and name.startswith("anthropic/")


def _first_set(names: tuple[str, ...], env: Mapping[str, str]) -> str:
    return next((name for name in names if env.get(name, "").strip()), "")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
