import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.permissions import (
    Access,
    Decision,
    ParsedCommand,
    ReadPath,
    Ruling,
    RunCommand,
    StartWorker,
    WritePath,
)
from burnless.core.settings import PermissionMode, PermissionSettings
from burnless.policy.permissions import rule
from burnless.policy.rules import RuleProblem
from tests.policy.deciding import (
    ACCEPT,
    ALLOW,
    ASK,
    AUTO,
    BYPASS,
    DEFAULT,
    DENY,
    DONT_ASK,
    NO_RULES,
    PLAN,
    ROOT,
    decide,
    opaque,
    parsed,
)

PATHS: list[tuple[Access, dict[PermissionMode, Decision]]] = [
    (ReadPath("src/a.py"), dict.fromkeys(PermissionMode, ALLOW)),
    (
        ReadPath("/etc/passwd"),
        {DEFAULT: ASK, ACCEPT: ASK, PLAN: ASK, AUTO: DENY, DONT_ASK: DENY, BYPASS: ALLOW},
    ),
    (
        ReadPath(".env"),
        {DEFAULT: ASK, ACCEPT: ASK, PLAN: ASK, AUTO: DENY, DONT_ASK: DENY, BYPASS: ALLOW},
    ),
    (
        WritePath("src/a.py"),
        {DEFAULT: ASK, ACCEPT: ALLOW, PLAN: DENY, AUTO: ALLOW, DONT_ASK: DENY, BYPASS: ALLOW},
    ),
    (
        WritePath("/tmp/x"),  # noqa: S108 - only a name
        {DEFAULT: ASK, ACCEPT: ASK, PLAN: DENY, AUTO: DENY, DONT_ASK: DENY, BYPASS: ALLOW},
    ),
    (
        WritePath(".", deletes=True),
        {DEFAULT: ASK, ACCEPT: ASK, PLAN: DENY, AUTO: DENY, DONT_ASK: DENY, BYPASS: ALLOW},
    ),
    (WritePath(".git/config"), dict.fromkeys(PermissionMode, DENY)),
    (
        StartWorker("claude --model haiku"),
        {DEFAULT: ASK, ACCEPT: ALLOW, PLAN: DENY, AUTO: ALLOW, DONT_ASK: DENY, BYPASS: ALLOW},
    ),
]


@pytest.mark.parametrize(("access", "decisions"), PATHS)
def test_modes_decide_over_paths_and_workers(
    access: Access, decisions: dict[PermissionMode, Decision]
) -> None:
    assert {mode: decide(access, mode).decision for mode in PermissionMode} == decisions


COMMANDS = {
    "ls": dict.fromkeys(PermissionMode, ALLOW),
    "touch a": {
        DEFAULT: ASK,
        ACCEPT: ALLOW,
        PLAN: DENY,
        AUTO: ALLOW,
        DONT_ASK: DENY,
        BYPASS: ALLOW,
    },
    "pytest": {DEFAULT: ASK, ACCEPT: ASK, PLAN: DENY, AUTO: DENY, DONT_ASK: DENY, BYPASS: ALLOW},
    "git clean -fd": {
        DEFAULT: ASK,
        ACCEPT: ASK,
        PLAN: DENY,
        AUTO: DENY,
        DONT_ASK: DENY,
        BYPASS: ALLOW,
    },
}


@pytest.mark.parametrize("command", COMMANDS)
def test_modes_decide_over_commands(command: str) -> None:
    assert {mode: decide(command, mode).decision for mode in PermissionMode} == COMMANDS[command]


def test_auto_tries_in_the_sandbox_what_it_would_ask_and_refuses_the_rest() -> None:
    tried = decide("curl x", AUTO, sandboxed=True)
    assert tried == Ruling(ALLOW, "tried in the sandbox")
    refused = decide("git reset --hard", AUTO, sandboxed=True)
    assert refused.decision is DENY
    assert "The user can allow it with" in refused.hint


def test_a_path_question_shows_the_folder_as_its_rule() -> None:
    assert decide(WritePath("src/x/a.py")) == Ruling(
        ASK,
        "src/x/a.py would change",
        "Edit(src/x/**)",
        "Do without it, or say at the end what the user has to do. "
        'The user can allow it with --allowedTools "Edit(src/x/**)".',
    )
    assert decide(WritePath("a.py")).pattern == "Edit(a.py)"
    assert decide(ReadPath("/etc/x/y")).pattern == "Read(/etc/x/**)"
    assert decide(ReadPath("sub/.env")).pattern == "Read(sub/.env)"
    assert decide(ReadPath("/etc/x/y"), session=("Read(/etc/x/**)",)).decision is ALLOW


def test_deny_beats_ask_beats_allow() -> None:
    every = PermissionSettings(allow=("Bash(ls *)",), ask=("Bash(ls *)",), deny=("Bash(ls *)",))
    assert decide("ls", settings=every).decision is DENY
    assert decide("ls", settings=replace(every, deny=())).decision is ASK
    assert decide("ls", ACCEPT, replace(every, deny=(), ask=())).decision is ALLOW
    paths = PermissionSettings(allow=("Read(a)",), ask=("Read(a)",), deny=("Read(a)",))
    assert decide(ReadPath("a"), BYPASS, paths).decision is DENY
    assert decide(ReadPath("a"), settings=replace(paths, deny=())).decision is ASK
    edits = PermissionSettings(allow=("Edit(a)",), ask=("Edit(a)",), deny=("Edit(a)",))
    assert decide(WritePath("a"), BYPASS, edits).decision is DENY
    assert decide(WritePath("a"), ACCEPT, replace(edits, deny=())).decision is ASK
    assert decide(WritePath("a"), settings=replace(edits, deny=(), ask=())).decision is ALLOW
    workers = PermissionSettings(
        allow=("Worker(w *)",), ask=("Worker(w *)",), deny=("Worker(w *)",)
    )
    assert decide(StartWorker("w x"), BYPASS, workers).decision is DENY
    assert decide(StartWorker("w x"), ACCEPT, replace(workers, deny=())).decision is ASK
    assert decide(StartWorker("w x"), settings=replace(workers, deny=(), ask=())) == Ruling(
        ALLOW, "a rule allows it"
    )


def test_a_denied_path_is_denied_to_commands_too() -> None:
    settings = PermissionSettings(deny=("Edit(migrations/)", "Read(private/)"))
    for command in ("sed -i s/a/b/ migrations/1.py", "rm migrations/1.py", "x migrations/1.py"):
        assert decide(command, BYPASS, settings).decision is DENY
    assert decide("echo x > migrations/1.py", BYPASS, settings).decision is DENY
    assert decide("cat private/x", BYPASS, settings).decision is DENY
    assert decide("cat < private/x", BYPASS, settings).decision is DENY
    assert decide("cat migrations/1.py", settings=settings).decision is ALLOW


def test_a_rule_that_cannot_be_read_is_an_error_only_where_it_is_configured() -> None:
    with pytest.raises(RuleProblem):
        decide("ls", settings=PermissionSettings(deny=("nonsense(",)))
    assert decide("pytest", session=("nonsense(",)).decision is ASK


def test_a_broad_rule_does_not_cover_what_can_destroy_work() -> None:
    for broad in ("Bash", "Bash(git *)"):
        assert decide("git reset --hard", session=(broad,)).decision is ASK
    assert decide("git reset --hard", session=("Bash(git reset *)",)).decision is ALLOW
    assert decide("git commit -m x", session=("Bash(git *)",)).decision is ALLOW


def test_the_strictest_part_of_a_compound_decides() -> None:
    settings = PermissionSettings(deny=("Bash(curl *)",))
    assert decide("ls && pytest", settings=settings).decision is ASK
    assert decide("pytest && curl x", settings=settings).decision is DENY
    assert decide("ls && cat a", settings=settings).decision is ALLOW


def test_a_compound_shows_one_rule_for_one_question_and_its_own_words_for_several() -> None:
    assert decide("cd src && pytest -q").pattern == "Bash(pytest *)"
    several = "pytest && npm test > out.txt"
    ruling = decide(several)
    assert ruling.pattern == f"Bash({several})"
    assert decide(several, session=(ruling.pattern,)).decision is ALLOW
    asking = PermissionSettings(ask=(ruling.pattern,))
    assert decide(several, settings=asking, session=(ruling.pattern,)).decision is ASK


def test_reads_only_is_said_only_where_nothing_can_change() -> None:
    said = {
        command: decide(command, BYPASS).reads_only
        for command in ("ls && cat a", "ls > out", "pytest", "ls && touch a", "cat a > /dev/null")
    }
    assert said == {
        "ls && cat a": True,
        "ls > out": False,
        "pytest": False,
        "ls && touch a": False,
        "cat a > /dev/null": True,
    }


def test_a_check_of_a_trusted_configuration_counts_as_allowed() -> None:
    for mode in (DEFAULT, ACCEPT, DONT_ASK, BYPASS):
        assert decide("pytest -q", mode, origin="check").decision is ALLOW
    assert decide("pytest -q", PLAN, origin="check").decision is DENY
    denying = PermissionSettings(deny=("Bash(pytest *)",))
    assert decide("pytest -q", settings=denying, origin="check").decision is DENY
    assert decide("pytest -q", origin="plan").decision is ASK
    assert opaque("$(x)", DEFAULT, origin="check").decision is ALLOW
    assert opaque("$(x)", DEFAULT, origin="plan").decision is ASK


def test_what_is_not_understood_never_runs_unasked() -> None:
    decisions = {mode: opaque("x $(y)", mode).decision for mode in PermissionMode}
    assert decisions == {
        DEFAULT: ASK,
        ACCEPT: ASK,
        PLAN: DENY,
        AUTO: DENY,
        DONT_ASK: DENY,
        BYPASS: ALLOW,
    }
    assert opaque("x $(y)", ACCEPT, sandboxed=True).decision is ASK
    assert opaque("x $(y)", AUTO, sandboxed=True).decision is ALLOW
    nobody = rule(RunCommand("x"), None, DEFAULT, NO_RULES, (), root=ROOT, cwd=ROOT)
    assert (nobody.decision, nobody.reason) == (ASK, "not understood")
    empty = ParsedCommand("", True)
    assert rule(RunCommand(""), empty, BYPASS, NO_RULES, (), root=ROOT, cwd=ROOT).decision is ALLOW


def test_what_is_not_understood_is_allowed_only_by_its_very_words() -> None:
    command = "for x in *; do y; done"
    prefix = PermissionSettings(allow=("Bash(for *)",))
    assert opaque(command, DEFAULT, prefix).decision is ASK
    exact = PermissionSettings(allow=(opaque(command, DEFAULT).pattern,))
    assert opaque(command, DEFAULT, exact).decision is ALLOW
    assert opaque(command, DEFAULT, PermissionSettings(allow=("Bash",))).decision is ALLOW


def test_what_is_not_understood_is_denied_where_it_may_hide_what_is_denied() -> None:
    denying = PermissionSettings(deny=("Edit(x)", "Bash(rm *)"))
    assert opaque("echo $(rm x)", BYPASS, denying).decision is DENY
    for guarded in ("echo $(x) > .git/config", "cd .GIT; x $y", "dd of=.burnless/x $y"):
        assert opaque(guarded, BYPASS).decision is DENY
    for harmless in ("x $y > .gitignore", "clone a.git $y", "grep --exclude-dir=.git $y"):
        assert opaque(harmless, BYPASS).decision is ALLOW
    assert opaque("echo $(ls)", BYPASS, denying).decision is ALLOW


VOCABULARY = (
    "ls cat rm -rf git push status log pytest cd .. / . .env .git/config src/a.py > < sed -i "
    "-o --output=x find -exec {} ; + && npm run test echo python -c make /etc/passwd * a.*"
)
WORDS = st.sampled_from(re.findall(r"\S+", VOCABULARY))
LINES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
MODES = st.sampled_from(list(PermissionMode))
RULES = st.lists(
    st.sampled_from(
        ["Bash", "Bash(git *)", "Bash(rm *)", "Bash(cat *)", "Edit", "Edit(src/**)", "Read(.env)"]
    ),
    max_size=3,
).map(tuple)
STRICT = [ALLOW, ASK, DENY]


def parsed_or_not(line: str) -> ParsedCommand:
    try:
        found = parsed(line)
    except (StopIteration, RuntimeError, ValueError):
        return ParsedCommand(line, False, why="odd")
    if any(not part.words for part in found.parts):
        return ParsedCommand(line, False, why="odd")
    return found


RULE_SETS = st.builds(PermissionSettings, allow=RULES, ask=RULES, deny=RULES)


@given(LINES, MODES, RULE_SETS, st.booleans())
def test_no_rule_or_mode_breaks_the_laws_of_permission(
    line: str, mode: PermissionMode, settings: PermissionSettings, sandboxed: bool
) -> None:
    command = parsed_or_not(line)

    def ruled(mode: PermissionMode, settings: PermissionSettings) -> Ruling:
        return rule(
            RunCommand(line),
            command,
            mode,
            settings,
            (),
            root=ROOT,
            cwd=ROOT,
            sandboxed=sandboxed,
        )

    ruling = ruled(mode, settings)
    if mode in {DONT_ASK, AUTO, BYPASS}:
        assert ruling.decision is not ASK
    if mode is PLAN and ruling.decision is ALLOW:
        assert ruling.reads_only
    stricter = ruled(mode, replace(settings, deny=(*settings.deny, "Bash")))
    assert stricter.decision is DENY
    looser = ruled(mode, replace(settings, deny=()))
    assert STRICT.index(looser.decision) <= STRICT.index(ruling.decision)
    unallowed = ruled(mode, replace(settings, allow=()))
    assert STRICT.index(unallowed.decision) >= STRICT.index(ruling.decision)
    if not command.understood and mode is not BYPASS and not settings.allow:
        assert ruling.decision is not ALLOW or (mode is AUTO and sandboxed)
    if ruling.decision is ASK:
        assert ruling.pattern
        assert ruling.hint
