import pytest

from burnless.core.permissions import Decision, Ruling, RunCommand
from burnless.core.settings import PermissionMode, PermissionSettings
from burnless.policy.permissions import named_paths, rule
from tests.policy.deciding import (
    ACCEPT,
    ALLOW,
    ASK,
    DEFAULT,
    DENY,
    DONT_ASK,
    NO_RULES,
    PLAN,
    ROOT,
    decide,
    parsed,
)

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
        ("git push", "git push"),
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
    assert remembered.decision is ALLOW


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
        "go fmt ./...",
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
        ("cat ../secret.txt", "/srv/ada/secret.txt"),
        ("cd .. && cat secret.txt", "/srv/ada/secret.txt"),
        ("cd src && cat ../../x", "/srv/x"),
        ("cd /etc && ls", "/etc"),
        ("grep --file=/etc/x y", "/etc/x"),
        ("grep -f/etc/x y", "/etc/x"),
        ("find / -name x", "/"),
        ("git -C /opt/x status", "/opt/x"),
        ("rg --files /etc", "/etc"),
        ("cp /etc/hosts hosts", "/etc/hosts"),
        ("mv /opt/a b", "/opt/a"),
        ("echo x > /opt/a", "/opt/a"),
        ("cat < /etc/passwd", "/etc/passwd"),
        ("mkdir ../x", "/srv/ada/x"),
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


@pytest.mark.parametrize(
    ("command", "does"),
    [
        ("git push", "publishes commits to another repository"),
        ("git push origin main", "publishes commits to another repository"),
        ("git push --force", "overwrites or deletes what is in another repository"),
        ("git push --force-with-lease=main", "overwrites or deletes what is in another repository"),
        ("git push -uf origin main", "overwrites or deletes what is in another repository"),
        ("git push origin +main", "overwrites or deletes what is in another repository"),
        ("git push origin :old", "overwrites or deletes what is in another repository"),
        ("git tag v1", "makes, moves or deletes a name for a commit"),
        ("git commit -m x", "changes this repository"),
        ("git reset --hard", "can destroy work that is not saved anywhere else"),
        ("git clean -fd", "can destroy work that is not saved anywhere else"),
        ("git diff --ext-diff", "has an option that can write a file or start a program"),
        ("git -c core.pager=x log", "is given settings that can start any program"),
    ],
)
def test_a_question_says_what_the_git_command_does(command: str, does: str) -> None:
    assert decide(command).reason == f"`{command}` {does}"


def test_a_broad_rule_covers_no_push() -> None:
    assert decide("git push", session=("Bash(git *)",)).decision is ASK
    assert decide("git push", session=("Bash(git push *)",)).decision is ALLOW


LINKS = {"/srv/ada/work/notes": "/mnt/ada/notes", "/srv/ada/work/x": "/srv/ada/work/.git/config"}


@pytest.mark.parametrize(
    ("command", "decision"),
    [
        ("echo x > notes", ASK),
        ("cat notes", ASK),
        ("cat < notes", ASK),
        ("cp a notes", ASK),
        ("echo x > x", DENY),
        ("sed -i s/a/b/ x", DENY),
        ("cat x", ALLOW),
        ("cat < /dev/stdin", ALLOW),
    ],
)
def test_a_link_is_judged_by_where_it_leads(command: str, decision: Decision) -> None:
    taken_apart = parsed(command)
    assert {*named_paths(taken_apart, ROOT)} & {*LINKS, "/dev/stdin"}
    links = {**LINKS, "/dev/stdin": "/proc/1/fd/pipe"}
    access = RunCommand(command)
    ruling = rule(access, taken_apart, ACCEPT, NO_RULES, (), root=ROOT, cwd=ROOT, links=links)
    assert ruling.decision is decision


@pytest.mark.parametrize(
    ("command", "decision", "pattern"),
    [
        ("/usr/bin/black src", ASK, "/usr/bin/black *"),
        ("/bin/mv a.py /etc/x", ASK, "/bin/mv *"),
        ("/bin/cp -l a.py b.py", ASK, "/bin/cp -l a.py b.py"),
        ("/usr/bin/curl x", ASK, "/usr/bin/curl *"),
        ("/usr/bin/git status", ALLOW, ""),
        ("/usr/bin/sed -n 1p a.py", ALLOW, ""),
    ],
)
def test_a_program_of_the_system_is_known_by_its_whole_path_too(
    command: str, decision: Decision, pattern: str
) -> None:
    ruling = decide(command)
    assert (ruling.decision, ruling.pattern) == (decision, f"Bash({pattern})" if pattern else "")
    if pattern:
        assert decide(command, session=(f"Bash({pattern})",)).decision is ALLOW
