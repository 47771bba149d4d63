"""Claims about commands and checks, read out of one statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from burnless.audit.commands import Topic
from burnless.audit.grammar import is_statement, says_it_did, was_done
from burnless.audit.named_paths import find_paths
from burnless.audit.prose import Section, Statement
from burnless.core.evidence import Claim, ClaimKind

_RUNNERS = (
    "pytest py.test python python3 tox nox npm npx yarn pnpm bun bunx deno node jest vitest mocha "
    "playwright cypress go cargo make just mvn gradle gradlew dotnet rake rspec bundle rails "
    "phpunit composer ctest cmake swift mix sbt ruff mypy pyright eslint tsc prettier black flake8 "
    "pylint isort uv poetry hatch pre-commit bash sh docker git terraform alembic manage.py "
    "pip pip3 curl gh kubectl golangci-lint rubocop clippy bats shellcheck stylelint biome unittest"
)
_RUNNER_WORDS = frozenset(_RUNNERS.split())
_RUNNER = "|".join(re.escape(word) for word in sorted(_RUNNER_WORDS, key=len, reverse=True))

_COUNT = r"(?:\d[\d,]*(?:\s*(?:/|of|out\s+of)\s*(?:the\s+)?\d[\d,]*)?)"
_WHICH = (
    rf"(?:all|both|the|every|each|of|{_COUNT}|unit|integration|existing|new|full|entire|whole|our"
    r"|its|these|those|relevant|related|remaining|complete|updated|added|backend|frontend|regression"
    r"|e2e|end-to-end|smoke|my|corresponding|affected|project|local|targeted|focused)"
)
_NOUNS: tuple[tuple[Topic, str], ...] = (
    (
        Topic.TESTS,
        r"(?:tests?(?:\s+(?:suites?|cases?|files?|runs?))?|test-suite|specs?|suites?)",
    ),
    (Topic.BUILD, r"(?:builds?|compilation|production\s+build)"),
    (Topic.LINT, r"(?:lint(?:ing|er|ers)?(?:\s+checks?)?|format(?:ting)?\s+checks?)"),
    (Topic.TYPES, r"(?:type[\s-]?check(?:s|ing|er)?|types|static\s+types?)"),
)
_WELL = (
    r"(?:pass(?:es|ed|ing)?|green|succeed(?:s|ed|ing)?|succesfully|successful(?:ly)?|clean(?:ly)?"
    r"|ok|fine|✅|✔️?|💚|🟢|:white_check_mark:)"
)
_STATE = (
    r"(?:(?:now|are|is|all|have|has|still|also|do|does|ran|run|runs|being|completed?|finished|came"
    r"|back|turned|reports?|100%|again|looks?|indeed|once\s+more|and)\s+)*"
)

_WITHIN = r"(?:\s+(?:in|for|of|under|from)\s+[`\w./-]+)?"

_RAN = re.compile(
    r"(?<![\w-])(?:(?:re-?)?ran|(?:re-?)?executed|invoked"
    r"|(?:verified|tested|validated|confirmed|checked)(?:\s+(?:it|this|everything|that|them|the"
    r"\s+(?:fix|change|changes|result|behaviou?r)))?\s+(?:with|by\s+running|using|via|against|by)"
    r"(?:\s+running)?)(?![\w-])",
    re.IGNORECASE,
)
_WAS_RUN = re.compile(
    rf"(?P<what>`[^`]+`|{_WHICH}?\s*(?:tests?(?:\s+suite)?|suite|specs?))\s+"
    r"(?:was|were|(?:has|have)\s+been)\s+(?:(?:also|then|successfully|all|re-?)\s*)*"
    r"(?:run|re-?run|executed)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"`([^`\n]+)`")
_BARE = (
    rf"(?<![\w/.-])(?P<command>(?:\./)?(?:{_RUNNER})(?:\s+(?:--?[\w=./:-]+|[\w.-]+/[\w./*-]*|\./[\w./-]+"
    r"|[\w-]+\.(?:py|js|ts|sh|rs|go|rb)\b|(?:test|tests|run|build|check|lint|ci|fmt|vet|clippy"
    r"|typecheck|type-check|install|verify|exec|discover|spec|-m\s+\w+)(?![\w-])))*)"
)
_BARE_COMMAND = re.compile(_BARE)
_SCRIPT = re.compile(r"(?<![\w/.-])(?P<command>\./[\w./-]+(?:\s+--?[\w=-]+)*)")

_ZERO = re.compile(
    r"\b(?:0|zero|no|without(?:\s+any)?|free\s+of)\s+(?:test\s+|type\s+|lint\s+|new\s+|further\s+"
    r"|remaining\s+)*(?:fail(?:ed|ures?|ing|s)?|errors?|issues?|problems?|warnings?|regressions?"
    r"|skipped|broken)(?:\s+(?:tests?|and|or|errors?|failures?|warnings?|issues?|regressions?))*"
    r"|\b(?:nothing|none)\s+(?:failed|broke|broken)\b|fail(?:ed|ures?)\s*[:=]\s*0\b"
    r"|errors?\s*[:=]\s*0\b|\bfail\s+0\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\b(?:fail\w*|broken|breaks?|red|errors?|errored|pre-?existing|flak\w+|unrelated|timed?\s*-?out"
    r"|except\w*|apart\s+from|other\s+than|aside\s+from|besides|save\s+for|but|however|although"
    r"|though|known|partial\w*|most(?:ly)?|some|only|nearly|almost)\b|❌|✗|✘",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"^\W*(?:\w+\W+){0,4}?(?:before|previously|beforehand|in\s+ci|on\s+ci|upstream|on\s+main|on\s+your"
    r"|yet|if|when|once|unless|until|provided|assuming|already|earlier|for\s+you|elsewhere)\b",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"""\b(?:so\s+(?:that\s+)?|ensure[sd]?|ensuring|make\s+sure|makes\s+sure|making\s+sure|until|till
    |if|when|once|whether|should|would|will|must|can|could|may|might|to\s+make|making|make|let|lets
    |expect\w*|need\w*|unless|before|after|verify|confirm|check|see|want\w*|aim|goal|requires?
    |required|never|not|no|without|hope\w*|believe|think|assum\w+|seems?|presumably|probably|likely
    |sure|to\s+have|to\s+get|get|getting|keep|keeps|keeping|in\s+order|which|that|already|were|was
    |previously|earlier|run|re-?run|you|cannot|why|how|the\s+fact)\b|n't\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SAW = re.compile(
    r"\b(?:verified|confirmed|checked|validated|ensured|made\s+sure|proved|showed|shows|saw)"
    r"(?:\s+(?:again|also))?(?:\s+that)?\s*(?=[^;:]*$)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:denied|refused|rejected|blocked|disallowed|forbidden|not\s+(?:allowed|permitted)"
    r"|interrupted|cancel+ed|aborted|declined)\b|n't\s+(?:allowed|permitted)\b",
    re.IGNORECASE,
)
_RESULT = (
    r"\s*(?:(?:—|:|→|->)\s*|(?:now\s+)?(?:reports?|reported|shows?|showed|finds?|found|gives|gave|says"
    r"|said|has|had|exits?|exited|returns?|returned|ends?|ended|is)\s+)(?:with\s+)?(?:(?:an?\s+)?exit"
    r"\s+(?:code|status)\s+0|0|(?:no|zero)\s+(?:new\s+|type\s+|lint\s+)*(?:issues?|errors?"
    r"|problems?|warnings?|failures?|violations?)|all\s+green|all\s+pass\w*)(?!\w|\.\d)"
)
_CLEAN_SPAN = re.compile(rf"`(?P<command>[^`\n]+)`{_RESULT}", re.IGNORECASE)
_CLEAN_BARE = re.compile(_BARE + _RESULT)
_TICKED = re.compile(rf"^[✅✔✓☑️\s*_]+`?{_BARE}`?[\s*_.]*$")
_BY_COMMAND = re.compile(
    r"(?<![\w-])(?:pushed|deployed|installed|built|compiled|formatted|published|started|launched"
    r"|linted|committed|generated|re-?generated|migrated|reproduced|benchmarked|profiled|updated"
    r"|released|tagged|cleaned|fetched|downloaded)\b[^.`;:]{0,40}?\b(?:with|via|using|through"
    r"|by\s+running)\s+`(?P<command>[^`\n]+)`",
    re.IGNORECASE,
)
_SCRIPT_NAMED = re.compile(
    r"^\s*(?:the\s+)?(?:following\s+)?(?:commands?|scripts?)\s*:\s*", re.IGNORECASE
)
_COUNTED = re.compile(
    r"(?<![\w.])(?P<passed>\d[\d,]*)(?:\s*/\s*(?P<total>\d[\d,]*))?\s*(?:/\s*\d+\s*)?"
    r"(?:unit\s+|integration\s+|new\s+)?(?:tests?\s+|specs?\s+|checks?\s+)?(?:are\s+|all\s+|now\s+)*"
    r"(?:pass(?:ed|ing|es)?|green)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"^\W*(?:unit\s+|all\s+)?(?P<what>tests?|test\s+(?:results?|status|suite|run)|build|lint(?:ing)?"
    rf"|type[\s-]?check(?:s|ing)?)[*_`]*\s*(?::|—|=|→|\|)\s*[*_]*(?:all\s+|{_COUNT}\s+)*{_WELL}(?!\w)",
    re.IGNORECASE,
)
_PART_OF = re.compile(r"(\d+)\s*(?:/|of|out\s+of)\s*(?:the\s+)?$", re.IGNORECASE)
_OF_ALL = re.compile(r"(\d+)\s*(?:/|of|out\s+of)\s*(?:the\s+)?(\d+)", re.IGNORECASE)
_NEEDS_OBJECT = re.compile(
    r"^\s+(?!and\b|with\b|in\b|on\b|now\b|again\b|locally\b|after\b|as\b|for\b"
    r"|success|clean|without\b|under\b|across\b|too\b|here\b|at\b|from\b|via\b"
    r"|plus\b|while\b|\d+\s*/)[\w`'\"]",
    re.IGNORECASE,
)


_FROM_VERB_MOST = 40
"""Characters between "ran" and a bare command: it stands close to its verb."""


def claims_about_commands(statement: Statement) -> list[Claim]:
    """What was run, and what is said to pass. A pass with an exception in it claims nothing."""
    text = statement.text
    if statement.section is Section.AHEAD or not is_statement(text):
        return []
    good = not _BAD.search(_ZERO.sub(" ", text))
    claims = [*_passed(text), *_counted(text)] if good else []
    claims += _ran(text, passed=good and re.search(rf"\b{_WELL}(?!\w)|✅", text, re.I) is not None)
    best: dict[str, Claim] = {}
    for claim in claims:
        known = best.get(claim.subject)
        if known is None or known.kind is ClaimKind.COMMAND_RUN:
            best[claim.subject] = claim
    return list(best.values())


def _ran(text: str, *, passed: bool) -> Iterator[Claim]:
    kind = ClaimKind.COMMAND_PASSED if passed else ClaimKind.COMMAND_RUN
    continues = False
    for found in _RAN.finditer(text):
        before = text[: found.start()]
        continues = says_it_did(before, continues=continues)
        after = text[found.end() :]
        if continues and not re.match(r"\s+(?:into|out|across|over|afoul)\b", after, re.I):
            for subject, firm in _objects(after):
                own = firm and not _REFUSED.search(after)
                yield Claim(kind, subject, "prose", quote=_quote(text), firm=own)
    for found in _BY_COMMAND.finditer(text):
        command = found["command"].strip().lstrip("$ ")
        if _starts_with_runner(command) and says_it_did(text[: found.start()], continues=False):
            own = not _REFUSED.search(text[found.end() :])
            yield Claim(ClaimKind.COMMAND_RUN, command, "prose", quote=_quote(text), firm=own)
    for found in _WAS_RUN.finditer(text):
        if was_done(text[: found.start()]) and not re.match(r"\W*by\b", text[found.end() :]):
            for subject, firm in _objects(" " + found["what"]):
                yield Claim(kind, subject, "prose", quote=_quote(text), firm=firm)


def _objects(after: str) -> Iterator[tuple[str, bool]]:
    """What stands behind "ran": a command in code marks, a bare one, or "the tests"."""
    region = re.split(
        r"[.;:]\s|\bwhich\b|\bbecause\b|\bto\s+(?:make|ensure|verify|check)\b",
        _SCRIPT_NAMED.sub(" ", after),
    )[0]
    spans = [span for span in _SPAN.findall(region) if _is_command(span)]
    if spans:
        yield from ((span.strip().lstrip("$ "), _starts_with_runner(span)) for span in spans)
        return
    bare = _BARE_COMMAND.search(region) or _SCRIPT.search(region)
    if bare and bare.start() < _FROM_VERB_MOST:
        yield bare["command"].strip(), True
        return
    yield from _topics(region)


def _topics(region: str) -> Iterator[tuple[str, bool]]:
    for topic, noun in _NOUNS:
        found = re.match(
            rf"[\s*_]*(?:(?:{_WHICH}|[\w-]+)\s+){{0,4}}{noun}\b", region, re.IGNORECASE
        )
        if found:
            yield _narrowed(topic, region), True
            return


def _passed(text: str) -> Iterator[Claim]:
    label = _LABELLED.match(text)
    if label:
        topic = next(
            topic for topic, noun in _NOUNS if re.match(noun, label["what"], re.IGNORECASE)
        )
        yield _pass_claim(topic.value, text)
    for topic, noun in _NOUNS:
        pattern = rf"(?:{_WHICH}\s+)*\b{noun}[*_]*{_WITHIN}\s+{_STATE}{_WELL}(?!\w)"
        for found in re.finditer(pattern, text, re.IGNORECASE):
            if _holds(text, found):
                yield _pass_claim(_narrowed(topic, text), text)
    for found in re.finditer(
        rf"`([^`\n]+)`\s*(?:—|:)?\s*{_STATE}{_WELL}(?!\w)", text, re.IGNORECASE
    ):
        if _starts_with_runner(found[1]) and _holds(text, found):
            yield _pass_claim(found[1].strip().lstrip("$ "), text)
    for found in re.finditer(rf"{_BARE}(?:\s|—|:|✅)+{_STATE}{_WELL}(?!\w)", text):
        if _holds(text, found):
            yield _pass_claim(found["command"].strip(), text)
    yield from _clean(text)


def _clean(text: str) -> Iterator[Claim]:
    """A result that is told without the word: "mypy reports no issues", "`make` exits 0"."""
    for results in (_CLEAN_SPAN, _CLEAN_BARE, _TICKED):
        for found in results.finditer(text):
            command = found["command"].strip().lstrip("$ ")
            if _starts_with_runner(command) and _holds(text, found):
                yield _pass_claim(command, text)


def _counted(text: str) -> Iterator[Claim]:
    for found in _COUNTED.finditer(text):
        part = _PART_OF.search(text[: found.start()])
        whole = found["total"] in {None, found["passed"]} and (
            part is None or part[1] == found["passed"]
        )
        if whole and _holds(text, found) and not re.search(r"`[^`]*$", text[: found.start()]):
            yield _pass_claim(Topic.TESTS.value, text)


def _holds(text: str, found: re.Match[str]) -> bool:
    """Stated as a fact about now: not wished for, not about before, and nobody else's."""
    before, after = text[: found.start()], text[found.end() :]
    seen = _SAW.search(before)
    if seen and says_it_did(before[: seen.start()], continues=False):
        before = ""
    clause = re.split(r"[,;:—]|\s-\s|\band\b", before)[-1]
    ahead = re.match(r"\W*(?:if|once|when|whenever|until|unless|to)\b", before, re.IGNORECASE)
    if ahead or _WISHED.search(clause) or _LATER.search(after) or "already" in found[0].lower():
        return False
    if any(part != whole for part, whole in _OF_ALL.findall(found[0])):
        return False
    takes_object = re.search(r"pass(?:es|ed)?$", found[0], re.I) and _NEEDS_OBJECT.match(after)
    return not takes_object


def _narrowed(topic: Topic, text: str) -> str:
    """`tests in tests/test_a.py` where the sentence names exactly one file of tests."""
    paths = {
        named.path for named in find_paths(text) if named.sure and "test" in named.path.lower()
    }
    if topic is Topic.TESTS and len(paths) == 1:
        return f"{topic.value} in {paths.pop()}"
    return topic.value


def _pass_claim(subject: str, text: str) -> Claim:
    return Claim(ClaimKind.COMMAND_PASSED, subject, "prose", quote=_quote(text))


def _is_command(span: str) -> bool:
    words = span.strip().lstrip("$ ").split()
    if not words or "(" in words[0] or words[0].endswith((":", ",")):
        return False
    return _starts_with_runner(span) or len(words) > 1 or words[0].startswith("./")


def _starts_with_runner(span: str) -> bool:
    words = span.strip().lstrip("$ ").split()
    while len(words) > 1 and ("=" in words[0] or words[0] in {"cd", "timeout", "&&"}):
        words = words[1:]
    name = words[0].rpartition("/")[2] if words else ""
    return name in _RUNNER_WORDS or name.endswith((".sh", ".py")) or span.strip().startswith("./")


def _quote(text: str) -> str:
    return " ".join(text.split())[:200]
