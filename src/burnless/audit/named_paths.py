"""Paths as people write them in prose: found, and told from what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_EXTENSIONS = (
    "py pyi js jsx ts tsx mjs cjs json jsonl yaml yml toml md mdx rst txt csv tsv html htm css "
    "scss sass less vue svelte go rs java kt kts c h cc cpp hpp cs rb php swift m scala sh bash "
    "zsh fish ps1 bat cmd sql graphql proto xml ini cfg conf env lock log svg png jpg jpeg gif "
    "pdf ipynb tf lua pl ex exs erl hs ml dart gradle properties patch diff zip tar gz parquet db "
    "sqlite xlsx docx wasm snap tmpl j2 hbs ejs plist service prisma astro zig nix bats adoc xaml "
    "gd tscn el org vim nim vhd sv cu glsl hlsl shader unity prefab bzl cmake mk feature po pot "
    "strings storyboard qml fs fsx vb pas clj cljs edn elm purs coffee styl pug haml slim erb "
    "liquid twig mustache njk thrift hcl tfvars rego cue jsonnet lean "
    "kotlin csproj sln sol ino asm s f90 jl r rmd tex bib pem crt pub"
)
_KNOWN = frozenset(_EXTENSIONS.split())
_BARE = frozenset(
    {
        "makefile",
        "dockerfile",
        "readme",
        "license",
        "changelog",
        "procfile",
        "gemfile",
        "rakefile",
        "justfile",
        ".gitignore",
        ".dockerignore",
        ".editorconfig",
        ".env",
        ".npmrc",
    }
)
_PRODUCT_NAMES = """
node.js next.js vue.js nuxt.js react.js express.js three.js d3.js chart.js discord.js p5.js
backbone.js ember.js alpine.js moment.js day.js socket.io asp.net angular.js solid.js
"""
_PRODUCTS = frozenset(_PRODUCT_NAMES.split())
_ATTRIBUTES = re.compile(
    r"""^(?:self|this|cls|np|os|sys|math|torch|console|process|import|window|document|module
    |req|res|resp|request|response|logger|logging|e|err|error|df|pd|tf|app|ctx|event)
    \.(?:log|env|json|html|sql|db|conf|lock|md|cfg|text|h|c|m|r|service|properties|meta.*)$""",
    re.VERBOSE,
)
_CODE_NOUN = re.compile(
    r"^(?:\(|[`'\"*)\s]*(?:calls?|statements?|usages?|methods?|functions?|attributes?|fields?"
    r"|variables?|propert(?:y|ies)|handling|objects?|endpoints?|routes?|framework|library)\b)"
)
_TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<text>[^\]\n]+)\]\((?P<link>[^)\s]+)\)"
    r"|(?P<bare>(?:[A-Za-z]:[\\/]|~/|\.{0,2}/)?[\w.@+-]+(?:[\\/][\w.@+*-]+)*/?)"
)
_URL = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)", re.IGNORECASE)
_LINE_SUFFIX = re.compile(r"(?::\d+(?:[-:]\d+)?|#L\d+(?:-L?\d+)?)$")
_WORDS_OF_A_PATH = re.compile(r"^[\w./\\@+~*-]+$")

_SIZE = re.compile(
    r"(?P<number>\d[\d,._]*\d|\d)\s*(?P<unit>bytes?|[KMG]i?B|kB|[kK]b|B)\b", re.IGNORECASE
)
_SIZE_DISTANCE_MOST = 40
_BEFORE_SIZE = re.compile(
    r"(?:[\s*_`\"'()\[\]:=,|~≈—-]|about|approx\w*\.?|around|roughly|nearly|almost|over|under|some"
    r"|circa|exactly|(?:file\s+)?size(?:\s+of)?|is|was|are|has|have|with|at|total|now|weighs|the|a"
    r"|[\w-]+(?:ed|ten)|new|file|all|done|and|which|it|\d[\d,]*\s+(?:lines?|rows?|files?))*$",
    re.IGNORECASE,
)
_AFTER_SIZE = re.compile(
    r"\s*(?:in\s+(?:size|total|all)|total|long|large|big|written|on\s+disk|each|file"
    r"|of\s+(?:text|data|content|json|code|output))?\s*(?:$|[)\].,;:!*_`\"'|/—]|\s-|and\b|now\b)",
    re.IGNORECASE,
)
_ABOUT = r"about|approx\w*\.?|~|≈|around|roughly|nearly|almost|over|under|some|circa"
_LINES = re.compile(
    rf"[\s*_`]*(?:\(|with\s|—|,\s|:)\s*(?:(?:{_ABOUT}|exactly|a\s+total\s+of|now)\s*)*"
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d+)\s+lines?(?:\s+(?:long|in\s+total|total))?\s*"
    r"(?=$|[).,;]|and\b|—)",
    re.IGNORECASE,
)
_UNITS = {
    "k": 1_000,
    "ki": 1_024,
    "m": 1_000_000,
    "mi": 1_048_576,
    "g": 1_000_000_000,
    "gi": 1_073_741_824,
}


@dataclass(frozen=True, slots=True)
class NamedPath:
    """A path in a text, from `start` to `end`. `sure`: an extension or a known name says so."""

    path: str
    start: int
    end: int
    sure: bool = True


def find_paths(text: str) -> list[NamedPath]:
    return list(_paths(text))


def size_after(text: str, named: NamedPath, end: int) -> int | None:
    """Bytes stated right behind a path, before `end`, as the size of it: "a.py (500 KB uploads
    are refused now)" states none."""
    found = _SIZE.search(text, named.end, min(end, named.end + _SIZE_DISTANCE_MOST))
    if found is None or not _BEFORE_SIZE.match(text[named.end : found.start()]):
        return None
    return stated_bytes(found) if _AFTER_SIZE.match(text[found.end() :]) else None


def lines_after(text: str, named: NamedPath) -> int | None:
    """Lines stated right behind a path as all that it has: "a.py (+30 lines)" and "a.py (30 lines
    of code)" state none."""
    found = _LINES.match(text, named.end)
    return int(found["number"].replace(",", "")) if found else None


def could_have(lines: int, claimed: int, quote: str) -> bool:
    """Whether a file of `lines` is what a text means: the last newline may be counted or not, and
    "about" allows a tenth."""
    about = re.search(rf"(?:{_ABOUT})\s*{claimed:,}|(?:{_ABOUT})\s*{claimed}", quote, re.IGNORECASE)
    slack = 1 + (max(lines, claimed) * 0.1 if about else 0)
    return abs(lines - claimed) <= slack


def stated_bytes(found: re.Match[str]) -> int:
    number = found["number"].replace(",", "").replace("_", "")
    unit = found["unit"].lower().rstrip("bytes") if found["unit"].lower() != "b" else ""
    factor = _UNITS.get(unit, 1)
    try:
        return round(float(number) * factor)
    except ValueError:
        return 0


def could_be(size: int, claimed: int, quote: str) -> bool:
    """Whether a file of `size` bytes is what a text means that says `claimed` in these words.

    "1200 bytes" means 1200. "1.2 KB" may be rounded, and may count in 1000s or in 1024s; "about"
    allows a tenth.
    """
    if size == claimed:
        return True
    said = (found for found in _SIZE.finditer(quote) if stated_bytes(found) == claimed)
    return any(_fits(size, claimed, quote, found) for found in said)


def _fits(size: int, claimed: int, quote: str, said: re.Match[str]) -> bool:
    slack, rounding = 0.0, 0.0
    unit = said["unit"].lower()
    candidates = [float(claimed)]
    if unit[0] in "kmg":
        digits = said["number"].partition(".")[2]
        power = "kmg".index(unit[0]) + 1
        rounding = 0.5 * 10 ** -len(digits) * 1_024**power
        slack = 0.001
        ratio = 1.024**power
        candidates = [claimed, claimed * ratio, claimed / ratio]
    if re.search(
        r"(?:about|approx\w*|~|≈|around|roughly|nearly|almost|over|under|some|circa)\s*$",
        quote[: said.start()],
        re.IGNORECASE,
    ):
        slack = max(slack, 0.1)
    return any(abs(size - each) <= each * slack + rounding for each in candidates)


def _paths(text: str) -> Iterator[NamedPath]:
    for found in _TOKEN.finditer(text):
        quoted = found["code"] or found["text"]
        words = (quoted or found["bare"]).strip()
        if found["link"] and not _judge(words, quoted=True):
            words = found["link"]
        end = found.end()
        if not quoted:
            trimmed = words.rstrip(".,")
            end -= len(words) - len(trimmed)
            words = trimmed
        if words.startswith("__") and words.endswith("__"):
            words = words[2:-2]
        before = text[max(found.start() - 3, 0) : found.start()]
        if before.endswith(("://", "@", "$")) or _CODE_NOUN.match(text[end:]):
            continue
        sure = _judge(words, quoted=bool(quoted))
        if sure is not None:
            yield NamedPath(clean(words), found.start(), end, sure)


def clean(words: str) -> str:
    """POSIX slashes, no quotes, no `./`, no line number."""
    path = _LINE_SUFFIX.sub("", words.strip().strip("'\"`*"))
    path = path.replace("\\", "/")
    while path.startswith("./"):
        path = path[2:]
    return path


def _judge(words: str, *, quoted: bool) -> bool | None:
    """True: a path. False: it may be one. None: it is none."""
    words = _LINE_SUFFIX.sub("", words)
    if not _WORDS_OF_A_PATH.match(words) or _URL.match(words) or words.lower() in _PRODUCTS:
        return None
    name = words.replace("\\", "/").rstrip("/").rpartition("/")[2]
    has_folder = "/" in words or "\\" in words
    if _ATTRIBUTES.match(words):
        return None
    if name.lower() in _BARE or _has_known_extension(name):
        return True
    if words.endswith("/") and (quoted or len(name) > 1):
        return True
    return False if quoted and has_folder and not words.startswith("/") else None


def _has_known_extension(name: str) -> bool:
    stem, dot, extension = name.rpartition(".")
    return (
        bool(dot)
        and bool(stem or extension)
        and extension.lower() in _KNOWN
        and (bool(stem.strip(".")) or name.startswith("."))
    )
