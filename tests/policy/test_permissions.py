import re
import shlex
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.permissions import (
    Access,
    Decision,
    ParsedCommand,
    ReadPath,
    Redirection,
    Ruling,
    RunCommand,
    SimpleCommand,
    StartWorker,
    WritePath,
)
from burnless.core.settings import PermissionMode, PermissionSettings
from burnless.policy.permissions import rule
from burnless.policy.rules import RuleProblem

ROOT = "/home/ada/work"
ALLOW, ASK, DENY = Decision.ALLOW, Decision.ASK, Decision.DENY
DEFAULT = PermissionMode.DEFAULT
ACCEPT = PermissionMode.ACCEPT_EDITS
PLAN = PermissionMode.PLAN
AUTO = PermissionMode.AUTO
DONT_ASK = PermissionMode.DONT_ASK
BYPASS = PermissionMode.BYPASS
NO_RULES = PermissionSettings()


def parsed(command: str) -> ParsedCommand:
    """A stand-in for the shell parser: `&&` lists of plain words, `>` and `<` before a file."""
    parts, redirections = [], []
    for piece in command.split(" && "):
        words: list[str] = []
        rest = iter(shlex.split(piece))
        for word in rest:
            if word in {">", "<"}:
                redirections.append(Redirection(next(rest), word == ">"))
            else:
                words.append(word)
        parts.append(SimpleCommand(tuple(words)))
    return ParsedCommand(command, True, tuple(parts), tuple(redirections))


def decide(
    access: Access | str,
    mode: PermissionMode = DEFAULT,
    settings: PermissionSettings = NO_RULES,
    *,
    session: tuple[str, ...] = (),
    cwd: str = ROOT,
    sandboxed: bool = False,
    origin: str = "executor",
) -> Ruling:
    taken_apart = None
    if isinstance(access, str):
        taken_apart = parsed(access)
        access = RunCommand(access, origin)
    return rule(
        access,
        taken_apart,
        mode,
        settings,
        session,
        root=ROOT,
        cwd=cwd,
        sandboxed=sandboxed,
    )


def opaque(
    command: str, mode: PermissionMode, settings: PermissionSettings = NO_RULES, **options: Any
) -> Ruling:
    unknown = ParsedCommand(command, understood=False, why="a subshell")
    access = RunCommand(command, options.pop("origin", "executor"))
    return rule(access, unknown, mode, settings, (), root=ROOT, cwd=ROOT, **options)


READING = [
    "ls -la src",
    "cat README.md",
    "cd src && cat a.py && wc -l a.py",
    "cd src && ls",
    "head -n 20 src/a.py",
    "grep -rn '/api/users' src",
    "grep -A 3 '/api' src/a.py",
    "grep -e x -e /y src",
    "rg --files src",
    "rg -g '*.py' TODO",
    "find . -name '*.py' -not -path './.git/*'",
    "find -L src -type f -exec grep -l foo {} +",
    "find src -exec wc -l {} ; -print",
    "sort -u names.txt",
    "uniq -c names.txt",
    "sed -n 1,20p src/a.py",
    "sed -n -e '/def x/,/return/p' src/a.py",
    "sed 's/a/b/g; s|c|d|' src/a.py",
    "sed --expression=3d src/a.py",
    "awk '{print $1}' a.txt",
    "awk -F: '$3 > 500 {print $1}' a.txt",
    "git status",
    "git log --oneline -5",
    "git diff HEAD~1 -- src/a.py",
    "git --no-pager show HEAD:src/a.py",
    "git -C src status",
    "git branch",
    "git branch -a --contains HEAD",
    "git tag -l v1",
    "git stash list",
    "git remote -v",
    "git remote",
    "git config --get user.name",
    "git worktree list",
    "git grep /api src",
    "git diff --text",
    "git",
    "python --version",
    "node -V",
    "git --version",
    "date +%F",
    "echo hello",
    "test -f a.py",
    "set -euo pipefail",
    "command -v rg",
    "ruff check src",
    "ruff format --check .",
    "ruff rule E501",
    "black --check src",
    "gofmt -l .",
    "cat /tmp/log /usr/include/stdio.h",
    "cat a > /dev/null",
    "diff - a.py",
    "/usr/bin/cat a.py",
    "ls --color=auto",
    "wc -l -- -strange",
    "jq .name package.json",
    "tree -L 2",
]


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("mode", [DEFAULT, PLAN, DONT_ASK])
def test_commands_that_only_read_are_never_asked_about(command: str, mode: PermissionMode) -> None:
    assert decide(command, mode) == Ruling(ALLOW, "it only reads", reads_only=True)


@pytest.mark.parametrize(
    ("command", "pattern"),
    [
        ("sort -o out.txt in.txt", "sort -o out.txt in.txt"),
        ("sort -uo out.txt in.txt", "sort -uo out.txt in.txt"),
        ("sort --outp=x in.txt", "sort --outp=x in.txt"),
        ("uniq in.txt out.txt", "uniq in.txt out.txt"),
        ("rg --pre ./evil x", "rg --pre ./evil x"),
        ("find . -delete", "find . -delete"),
        ("find . -exec rm {} +", "find . -exec rm {} +"),
        ("find . -exec", "find . -exec"),
        ("find . -fprint x", "find . -fprint x"),
        ("sed 's/a/b/w out' x", "sed s/a/b/w out x"),
        ("sed 1e x", "sed 1e x"),
        ("sed -f script x", "sed -f script x"),
        ("sed", "sed"),
        ("sed '' x", "sed  x"),
        ("awk '{print > \"x\"}' a", 'awk {print > "x"} a'),
        ("awk 'BEGIN{system(\"id\")}'", 'awk BEGIN{system("id")}'),
        ("awk -f x a", "awk -f x a"),
        ("git -c core.pager=evil log", "git -c core.pager=evil log"),
        ("git --git-dir elsewhere log", "git --git-dir elsewhere log"),
        ("git diff --output=x", "git diff *"),
        ("git diff --ext-diff", "git diff *"),
        ("git grep -Oless x", "git grep *"),
        ("git fetch", "git fetch *"),
        ("git commit -m x", "git commit *"),
        ("git config user.name x", "git config *"),
        ("git branch -D main", "git branch -D main"),
        ("git branch new", "git branch new"),
        ("git tag v1", "git tag v1"),
        ("git reset --hard", "git reset --hard"),
        ("git stash", "git stash"),
        ("git -C", "git -C"),
        ("pytest -q", "pytest *"),
        ("python -m pytest", "python -m pytest *"),
        ("python -m unittest -v", "python -m unittest *"),
        ("python -m pip install x", "python -m pip *"),
        ("python -m this", "python -m this *"),
        ("python tool.py --fast", "python tool.py *"),
        ("python -c 'print(1)'", "python -c print(1)"),
        ("python", "python"),
        ("npm test", "npm test *"),
        ("npm run build", "npm run build *"),
        ("npm run", "npm run"),
        ("npm install x", "npm install *"),
        ("make test", "make test *"),
        ("make -j4 test", "make -j4 test"),
        ("make", "make *"),
        ("cargo test", "cargo test *"),
        ("cargo run --bin x", "cargo run *"),
        ("cargo fmt", "cargo fmt *"),
        ("go test ./...", "go test *"),
        ("uv run pytest -q", "uv run pytest *"),
        ("uv run rm -r x", "uv run rm -r x"),
        ("uv run --with x pytest", "uv run --with x pytest"),
        ("uv run ls -l", "uv run ls *"),
        ("uv run cd src", "uv run cd src"),
        ("bundle exec rspec", "bundle exec rspec *"),
        ("npx jest", "npx jest *"),
        ("npx cowsay hi", "npx cowsay hi"),
        ("./deploy.sh now", "./deploy.sh *"),
        ("docker build .", "docker build *"),
        ("docker --debug build", "docker *"),
        ("curl https://example.org", "curl *"),
        ("tar -xf a.tar", "tar *"),
        ("tar --exclude=.git -cf a.tar src", "tar *"),
        ("chmod -R 777 src", "chmod -R 777 src"),
        ("cp -t dst a", "cp -t dst a"),
        ("cp a", "cp a"),
        ("rm -rf build", "rm -rf build"),
        ("rm *.pyc", "rm \\*.pyc"),
        ("mkdir -p -m 700 x", "mkdir *"),
        ("touch x", "touch *"),
        ("cd", "cd"),
        ("cd -", "cd -"),
        ("set x", "set x"),
        ("command ls", "command ls"),
        ("date -s tomorrow", "date *"),
        ("xxd -r a", "xxd -r a"),
        ("ruff", "ruff *"),
        ("ruff server", "ruff *"),
        ("ruff check --fix", "ruff check *"),
        ("ruff format", "ruff format *"),
        ("black src", "black *"),
        ("gofmt -w .", "gofmt -w *"),
        ("sed -i s/a/b/ x", "sed -i *"),
        ("unknown-program x", "unknown-program *"),
    ],
)
def test_other_commands_ask_and_show_a_rule_that_would_remember_the_yes(
    command: str, pattern: str
) -> None:
    ruling = decide(command)
    assert (ruling.decision, ruling.pattern) == (ASK, f"Bash({pattern})")
    assert f'--allowedTools "Bash({pattern})"' in ruling.hint
    remembered = decide(command, session=(f"Bash({pattern})",))
    destroys = "can destroy" in ruling.reason and " *" in pattern
    assert remembered.decision is (ASK if destroys else ALLOW)


@pytest.mark.parametrize(
    "command",
    [
        "mkdir -p src/new",
        "touch a.py",
        "cp a.py b.py",
        "mv a.py src/b.py",
        "rm a.py",
        "chmod +x run.sh",
        "sed -i.py s/a/b/ x && true",
        "sed -i 's/a/b/g' src/a.py",
        "black src",
        "ruff check --fix .",
        "cargo fmt",
        "echo hi > notes.txt",
        "cat < in.txt > out.txt",
        "tee out.txt",
    ],
)
def test_known_workspace_writing_commands_run_unasked_in_accept_edits(command: str) -> None:
    unknown_suffix = "-i.py" in command
    assert decide(command, ACCEPT).decision is (ASK if unknown_suffix else ALLOW)
    assert decide(command, DEFAULT).decision is ASK
    assert decide(command, PLAN).decision is DENY


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q",
        "make test",
        "python tool.py",
        "unknown-program x",
        "rm -r build",
        "uv run pytest",
        "python -c 'print(1)'",
    ],
)
def test_what_a_sandbox_confines_runs_unasked_in_it(command: str) -> None:
    assert decide(command, ACCEPT).decision is ASK
    assert decide(command, ACCEPT, sandboxed=True).decision is ALLOW
    assert decide(command, DEFAULT, sandboxed=True).decision is ASK


@pytest.mark.parametrize(
    "command", ["git reset --hard", "git push --force", "curl x", "rm -r /etc", "cat .env"]
)
def test_what_no_sandbox_makes_harmless_asks_in_it_too(command: str) -> None:
    assert decide(command, ACCEPT, sandboxed=True).decision is ASK


@pytest.mark.parametrize(
    ("command", "outside"),
    [
        ("cat /etc/passwd", "/etc/passwd"),
        ("cat ../secret.txt", "/home/ada/secret.txt"),
        ("cd .. && cat secret.txt", "/home/ada/secret.txt"),
        ("cd src && cat ../../x", "/home/x"),
        ("cd /etc && ls", "/etc"),
        ("grep --file=/etc/x y", "/etc/x"),
        ("grep -f/etc/x y", "/etc/x"),
        ("find / -name x", "/"),
        ("git -C /srv/x status", "/srv/x"),
        ("rg --files /etc", "/etc"),
        ("cp /etc/hosts hosts", "/etc/hosts"),
        ("mv /srv/a b", "/srv/a"),
        ("echo x > /srv/a", "/srv/a"),
        ("cat < /etc/passwd", "/etc/passwd"),
        ("mkdir ../x", "/home/ada/x"),
    ],
)
def test_paths_outside_the_workspace_are_asked_about(command: str, outside: str) -> None:
    ruling = decide(command, ACCEPT)
    assert ruling.decision is ASK
    assert ruling.reason == f"{outside} is outside the workspace"


@pytest.mark.parametrize(
    "command",
    [
        "cat .env",
        "head config/.env.local",
        "grep KEY .env*",
        "cat id_rsa",
        "git show HEAD:.env",
        "cp .env x",
        "grep -r KEY --include=.env .",
        "cat < server.pem",
    ],
)
def test_reading_secrets_is_asked_about(command: str) -> None:
    ruling = decide(command, ACCEPT)
    assert ruling.decision is ASK
    assert "may hold secrets" in ruling.reason
    assert decide(command, DONT_ASK).decision is DENY


@pytest.mark.parametrize("mode", list(PermissionMode))
@pytest.mark.parametrize(
    "command",
    [
        "rm -rf .git",
        "echo x > .git/config",
        "sed -i s/a/b/ .burnless/config.yaml",
        "cp a .git/hooks/pre-commit",
        "truncate -s 0 .git/index",
        "dd if=a of=.git/config",
        "tee sub/.GIT/x",
        "ln -s x .git/y",
        "someeditor .burnless/log",
        "cd .git && touch config",
    ],
)
def test_write_guards_hold_in_every_mode(command: str, mode: PermissionMode) -> None:
    settings = PermissionSettings(allow=("Bash", "Edit"))
    ruling = decide(command, mode, settings, sandboxed=True)
    assert ruling.decision is DENY
    assert ruling.hint


def test_reading_git_and_leaving_it_out_is_not_writing_it() -> None:
    assert decide("ls .git").decision is ALLOW
    assert decide("rsync --exclude .git a b").decision is ASK


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
