"""One layer of the configuration: a tree read by the schema into settings with their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from burnless.core.errors import ConfigProblem
from burnless.core.settings import TIERS
from burnless.state import config_schema as schema
from burnless.state.config_kinds import MODEL, UnknownKey, WrongValue
from burnless.state.yaml_tree import Entry, Listing, Node, Scalar, Table, node_of

BUILT_IN = "built-in"
ENVIRONMENT = "environment"
FLAGS = "command line"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of one layer. `path` is the key's parts, `shown` its value for people.

    origin: a file's path, "environment", "command line" or "remembered"; `line` 0 = no file
    """

    path: tuple[str, ...]
    value: object
    shown: str
    origin: str
    line: int = 0
    needs_trust: bool = False

    @property
    def key(self) -> str:
        return ".".join(self.path)


def read_layer(root: Table, origin: str) -> tuple[Setting, ...]:
    """Raises ConfigProblem naming origin, line and the nearest right key."""
    return tuple(_Layer(origin).settings(root))


def environment_layer(environ: Mapping[str, str]) -> tuple[Setting, ...]:
    """The few variables that set a key; an empty one counts as not set."""
    return tuple(
        setting
        for variable, key in schema.ENVIRONMENT
        if environ.get(variable)
        for setting in _from_keys({key: environ[variable]}, f"{ENVIRONMENT} ({variable})")
    )


def flags_layer(flags: Mapping[str, object]) -> tuple[Setting, ...]:
    """`flags` maps dotted keys ("tiers.silver.model") to values."""
    return tuple(_from_keys(flags, FLAGS))


def _from_keys(values: Mapping[str, object], origin: str) -> Iterator[Setting]:
    for key, value in values.items():
        node: Node = node_of(value)
        for part in reversed(key.split(".")):
            node = Table((Entry(part, 0, node),))
        if isinstance(node, Table):
            yield from _Layer(origin).settings(node)


class _Layer:
    """Walks one tree; `origin` is for the messages."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def settings(self, root: Table) -> Iterator[Setting]:
        for entry in root:
            yield from self._top_level(entry)

    def _top_level(self, entry: Entry) -> Iterator[Setting]:
        section = schema.section(entry.key)
        field = schema.TOP_LEVEL.field(entry.key)
        if section is not None:
            yield from self._fields(entry, section, (section.name,))
        elif entry.key == schema.TIER.name:
            yield from self._tiers(entry)
        elif entry.key == schema.PRICES.name:
            for price in self._entries(entry, 'models: "provider/model": {input: …, output: …}'):
                self._check_model(price)
                yield self._setting((entry.key, price.key), schema.PRICES, price)
        elif field is not None:
            yield self._setting((entry.key,), field, entry)
        else:
            raise self._unknown(entry, schema.top_level_keys())

    def _tiers(self, entry: Entry) -> Iterator[Setting]:
        for tier in self._entries(entry, "tiers: " + ", ".join(TIERS)):
            if tier.key not in TIERS:
                raise self._unknown(tier, TIERS)
            path = (entry.key, tier.key)
            if isinstance(tier.value, Scalar) and not tier.value.is_null:
                model = schema.TIER.fields[0]
                yield self._setting((*path, model.name), model, tier)
            else:
                yield from self._fields(tier, schema.TIER, path)

    def _fields(
        self, entry: Entry, section: schema.Section, path: tuple[str, ...]
    ) -> Iterator[Setting]:
        known = tuple(field.name for field in section.fields)
        for inner in self._entries(entry, "keys: " + ", ".join(known)):
            field = section.field(inner.key)
            if field is None:
                raise self._unknown(inner, known)
            yield self._setting((*path, inner.key), field, inner)

    def _entries(self, entry: Entry, wanted: str) -> tuple[Entry, ...]:
        """A section whose keys are all commented out is an empty one."""
        if isinstance(entry.value, Table):
            return entry.value.entries
        if isinstance(entry.value, Scalar) and entry.value.is_null:
            return ()
        raise self._wrong(entry.key, WrongValue(entry, wanted))

    def _setting(self, path: tuple[str, ...], field: schema.Field, entry: Entry) -> Setting:
        key = ".".join(path)
        try:
            value = field.kind.read(entry.value)
        except WrongValue as error:
            raise self._wrong(key, error) from error
        except UnknownKey as error:
            raise self._unknown(error.entry, error.known) from error
        return Setting(
            path, value, _shown(entry.value), self._origin, entry.line, field.needs_trust
        )

    def _check_model(self, entry: Entry) -> None:
        try:
            MODEL.read(Scalar(entry.key, entry.line))
        except WrongValue as error:
            raise self._wrong(schema.PRICES.name, error) from error

    def _wrong(self, key: str, error: WrongValue) -> ConfigProblem:
        return ConfigProblem(
            f"{self._place(error.line)}: {key}: expected {error.wanted}, got {error.got}",
            hint="`agent config --keys` shows every key and what it may be",
        )

    def _unknown(self, entry: Entry, known: tuple[str, ...]) -> ConfigProblem:
        place = self._place(entry.line)
        return ConfigProblem(f"{place}: unknown key {entry.key!r}", hint=_nearest(entry.key, known))

    def _place(self, line: int) -> str:
        return f"{self._origin}:{line}" if line else self._origin


def _shown(node: Node) -> str:
    match node:
        case Scalar(text=text):
            return text
        case Listing(items=items):
            return ", ".join(_shown(item) for item in items)
        case Table(entries=entries):
            return ", ".join(f"{entry.key}: {_shown(entry.value)}" for entry in entries)


def _nearest(key: str, known: tuple[str, ...]) -> str:
    import difflib  # noqa: PLC0415 - start-up budget

    close = difflib.get_close_matches(key, known, 1, 0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    homes = {path.rsplit(".", 1)[-1]: path for path in reversed(_all_paths())}
    elsewhere = difflib.get_close_matches(key, homes, 1, 0.8)
    if elsewhere:
        return f"did you mean {homes[elsewhere[0]]!r}?"
    return "the keys here are " + ", ".join(known)


def _all_paths() -> list[str]:
    tiers = [f"tiers.gold.{field.name}" for field in schema.TIER.fields]
    rest = [f"{each.name}.{field.name}" for each in schema.SECTIONS for field in each.fields]
    return [*rest, *tiers, *schema.top_level_keys()]
