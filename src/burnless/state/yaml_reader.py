"""YAML text to a tree. The one module that imports yaml, itself imported only to read a file."""

from __future__ import annotations

import yaml

from burnless.core.errors import ConfigProblem
from burnless.state.yaml_tree import Entry, Listing, Node, Scalar, Table

_NULLS = {"", "~", "null", "Null", "NULL"}


def parse_yaml(data: bytes, origin: str) -> Table:
    """The top-level mapping of one document. Raises ConfigProblem with line and column."""
    try:
        root = yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise ConfigProblem(
            f"{origin}: not UTF-8 (byte {error.start})", hint="save the file as UTF-8"
        ) from error
    except yaml.YAMLError as error:
        raise _broken(error, origin) from error
    except RecursionError:
        raise _too_deep(origin) from None
    if root is None:
        return Table((), 1)
    try:
        tree = _Reader(origin).read(root)
    except RecursionError:
        raise _too_deep(origin) from None
    if isinstance(tree, Table):
        return tree
    if isinstance(tree, Scalar) and tree.is_null:
        return Table((), tree.line)
    raise ConfigProblem(
        f"{origin}:{tree.line}: expected keys like `tiers:`, not a single value or a list",
        hint="`agent config --keys` shows every key",
    )


class _Reader:
    """Turns PyYAML's nodes into ours. An alias is read once, and one inside itself is refused."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._done: dict[int, Node] = {}
        self._open: set[int] = set()

    def read(self, node: yaml.Node) -> Node:
        known = self._done.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:
            raise self._problem(_line(node), "an alias that contains itself", "write it out")
        self._open.add(id(node))
        tree = self._done[id(node)] = self._read(node)
        return tree

    def _read(self, node: yaml.Node) -> Node:
        if isinstance(node, yaml.SequenceNode):
            return Listing(tuple(self.read(item) for item in node.value), _line(node))
        if isinstance(node, yaml.MappingNode):
            return self._table(node)
        is_null = getattr(node, "style", None) is None and node.value in _NULLS
        return Scalar(str(node.value), _line(node), is_null)

    def _table(self, node: yaml.MappingNode) -> Table:
        lines: dict[str, int] = {}
        entries = []
        for key_node, value_node in node.value:
            line = _line(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._problem(line, "a key that is not plain text", "quote it")
            key = str(key_node.value)
            if key in lines:
                text = f"the key {key!r} stands here again; line {lines[key]} has it already"
                raise self._problem(line, text, "keep one of the two")
            lines[key] = line
            entries.append(Entry(key, line, self.read(value_node)))
        return Table(tuple(entries), _line(node))

    def _problem(self, line: int, text: str, hint: str) -> ConfigProblem:
        return ConfigProblem(f"{self._origin}:{line}: {text}", hint=hint)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _broken(error: yaml.YAMLError, origin: str) -> ConfigProblem:
    mark = getattr(error, "problem_mark", None)
    place = f"{origin}:{mark.line + 1}:{mark.column + 1}" if mark else origin
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    return ConfigProblem(
        f"{place}: broken YAML: {what}",
        hint="look at the indentation, the quotes and the colons up to there",
    )


def _too_deep(origin: str) -> ConfigProblem:
    return ConfigProblem(
        f"{origin}: nested too deeply for a configuration",
        hint="`agent config --keys` shows every key; none needs more than four levels",
    )


def yaml_problem(text: str) -> str:
    """What keeps a text from being YAML, one line with its place; "" where it parses.

    Several documents and unknown tags are fine: this is about somebody else's file.
    """
    try:
        for _ in yaml.compose_all(text, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}: " if mark else ""
        return f"{place}{error.problem or error.context or 'not YAML'}"
    except yaml.YAMLError as error:
        return " ".join(str(error).split())
    except RecursionError:
        return "nested too deeply to be read"
    return ""
