from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from burnless.core import events as ev
from burnless.core.capsule import Capsule, CommandNote, FileNote, FileSlice, Quote
from burnless.core.evidence import CommandOutcome, FileChange, FileSeen
from burnless.core.messages import AssistantMessage, ToolResult
from burnless.core.plan import Excerpt, Plan, Step, StepStatus
from burnless.core.session import Session
from burnless.core.settings import CompactionSettings
from burnless.policy.capsule import build_capsule, keep_from, render_capsule
from burnless.policy.plan_text import render_plan
from burnless.policy.tokens import estimate, estimate_message
from tests.policy.folding import exchange, finished, fold, record, reply

SETTINGS = CompactionSettings()
WINDOW = 200_000
PLAN = Plan("Fix it", (Step("1", "Look", status=StepStatus.DONE), Step("2", "Mend")), next="2")


def build(session: Session, **changes: int) -> Capsule:
    arguments = {"number": 1, "keep_from": session.seq + 1, "window": WINDOW} | changes
    return build_capsule(session, slices=(), settings=SETTINGS, **arguments)


def story() -> Session:
    return fold(
        [
            ev.SessionStarted("s", "/w", "0.1"),
            ev.PromptReceived("Fix the bug", 1),
            ev.PlanMade(PLAN, "session_start", "planner", "plan", "head"),
            reply("I look first.", "a"),
            finished("a", "text", seen=(FileSeen("a.py", "aa11"),)),
            ev.NoteTaken("decision", "use argparse"),
            reply("", "b"),
            finished("b", "no match\nnearest: x", outcome="error"),
            reply("Now the edit.", "c", "d"),
            finished("c", changes=(FileChange("new.py", "", "n1"), FileChange("old.py", "o", ""))),
            finished("d", changes=(FileChange("new.py", "n1", "n2"),)),
            reply("", "t"),
            finished("t", command=CommandOutcome("pytest -q", 1, "1 failed")),
            reply("", "u"),
            finished("u", command=CommandOutcome("pytest -q", 1, "1 failed")),
            reply("", "v"),
            finished("v", command=CommandOutcome("sleep 900", None, "")),
            ev.PromptReceived("And the docs", 2),
        ]
    )


def test_a_capsule_holds_what_the_fold_knows_with_the_events_that_have_the_rest() -> None:
    session = story()
    part = FileSlice("new.py", "1-2", "x = 1\ny = 2")
    capsule = build_capsule(
        session, number=3, slices=(part,), keep_from=18, settings=SETTINGS, window=WINDOW
    )
    assert capsule == Capsule(
        number=3,
        through=17,
        prompts=(Quote(2, "Fix the bug"), Quote(18, "And the docs")),
        plan=PLAN,
        notes=(Quote(6, "decision: use argparse"),),
        files=(
            FileNote("a.py", "aa11", "read", (5,)),
            FileNote("old.py", "", "deleted", (10,)),
            FileNote("new.py", "n2", "created", (10, 11)),
        ),
        commands=(
            CommandNote("pytest -q", 1, "1 failed", 15, 2),
            CommandNote("sleep 900", None, "", 17),
        ),
        failures=(Quote(8, "read: no match"),),
        prose=(Quote(4, "I look first."), Quote(9, "Now the edit.")),
        slices=(part,),
    )


def test_a_capsule_is_rendered_with_its_event_ids_and_how_to_open_them() -> None:
    part = FileSlice("new.py", "1-2", "a = '```'")
    capsule = replace(build(story()), slices=(part,), cut_notes=7)
    text = render_capsule(capsule)
    introduction, _, rest = text.partition("\n\n")
    assert "recall" in introduction
    assert rest == (
        "## The user's words\n[e2]\nFix the bug\n[e18]\nAnd the docs\n\n"
        f"{render_plan(PLAN)}\n\n"
        "## Decisions and facts\n(7 older ones are not shown; recall finds them)\n"
        "- decision: use argparse [e6]\n\n"
        "## Files\n- a.py: read aa11 [e5]\n- old.py: deleted [e10]\n"
        "- new.py: created n2 [e10 e11]\n\n"
        "## Commands that ran\n- `pytest -q` exit 1, 2 times: 1 failed [e15]\n"
        "- `sleep 900` killed at its deadline [e17]\n\n"
        "## What failed\n- read: no match [e8]\n\n"
        "## What you last said\n[e4]\nI look first.\n[e9]\nNow the edit.\n\n"
        "## The next step's files as they are now\nnew.py lines 1-2\n````\na = '```'\n````"
    )


def test_an_empty_session_has_an_empty_capsule() -> None:
    capsule = build(fold([]))
    assert capsule == Capsule(1, 0, (), None)
    assert render_capsule(capsule).count("\n\n") == 0


def test_the_users_first_and_newest_words_stay_and_the_others_are_counted() -> None:
    texts = [f"{n} " + "word " * 200 for n in range(30)]
    session = fold(ev.PromptReceived(text, n) for n, text in enumerate(texts, 1))
    capsule = build(session, window=20_000)
    kept = [quote.text for quote in capsule.prompts]
    assert kept == [texts[0], *texts[-(len(kept) - 1) :]]
    assert 10 < len(kept) < 30
    assert capsule.cut_prompts == 30 - len(kept)
    assert sum(estimate(text) for text in kept) <= 5_000


def test_words_that_are_longer_than_the_room_are_cut_with_a_pointer() -> None:
    long, short = "long " * 20_000, "short"
    alone = build(fold([ev.PromptReceived(long, 1)])).prompts
    assert 19_000 < estimate(alone[0].text) <= 20_000
    assert alone[0].text.endswith("[cut; recall e1 has the whole]")
    newest = build(fold([ev.PromptReceived(short, 1), ev.PromptReceived(long, 2)])).prompts
    assert newest[0] == Quote(1, short)
    assert newest[1].text.endswith("[cut; recall e2 has the whole]")
    both = build(fold([ev.PromptReceived(long, 1), ev.PromptReceived(long, 2)])).prompts
    assert [quote.text.endswith("has the whole]") for quote in both] == [True, True]
    assert sum(estimate(quote.text) for quote in both) <= 20_000


def test_a_long_middle_message_does_not_hide_the_shorter_ones_before_it() -> None:
    texts = ["first", "kept", "long " * 30_000, "newest"]
    capsule = build(fold(ev.PromptReceived(text, n) for n, text in enumerate(texts, 1)))
    assert [quote.text for quote in capsule.prompts] == ["first", "kept", "newest"]
    assert capsule.cut_prompts == 1


def test_a_long_command_is_cut_and_a_long_note_does_not_hide_the_others() -> None:
    session = fold(
        [
            ev.PromptReceived("go", 1),
            ev.NoteTaken("fact", "short"),
            ev.NoteTaken("fact", "x" * 50_000),
            reply("", "a"),
            finished("a", command=CommandOutcome("cat <<E\n" + "x" * 9_000, 0, "y" * 9_000)),
        ]
    )
    capsule = build(session)
    assert (capsule.notes, capsule.cut_notes) == ((Quote(2, "fact: short"),), 1)
    assert capsule.commands[0].command.endswith("[cut]")
    assert capsule.commands[0].last_line.endswith("[cut]")


def many_steps(count: int) -> Session:
    session = fold([ev.PromptReceived("go", 1)])
    for n in range(count):
        record(
            session,
            reply(f"step {n} " + "prose " * 30, f"c{n}"),
            finished(
                f"c{n}",
                f"problem {n}",
                outcome="error" if n % 3 else "ok",
                changes=(FileChange(f"src/file_{n}.py", "", "f" * 64),),
                command=CommandOutcome(f"pytest tests/test_{n}.py", n % 2, f"{n} failed"),
            ),
            ev.NoteTaken("fact", f"fact number {n} is worth remembering"),
        )
    return session


def test_a_capsule_stays_small_however_long_the_session_gets() -> None:
    capsule = build(many_steps(3_000))
    assert estimate(render_capsule(capsule)) <= 12_000
    assert capsule.cut_files + len(capsule.files) == 3_000
    assert capsule.cut_commands + len(capsule.commands) == 3_000
    assert capsule.cut_notes + len(capsule.notes) == 3_000
    assert capsule.files[-1].path == "src/file_2999.py"
    assert capsule.commands[-1].command == "pytest tests/test_2999.py"
    assert capsule.notes[-1].text == "fact: fact number 2999 is worth remembering"


def test_a_small_window_gets_a_small_capsule() -> None:
    capsule = build(many_steps(500), window=8_000)
    assert estimate(render_capsule(capsule)) <= 8_000 * 0.45


def tail_tokens(session: Session, first: int) -> int:
    return sum(estimate_message(e.message) for e in session.tail if e.seq >= first)


def test_the_raw_tail_keeps_whole_recent_exchanges_within_its_limit() -> None:
    session = fold([ev.PromptReceived("go", 1)])
    for n in range(20):
        record(session, *exchange(f"c{n}", "x" * 4_000))
    first = keep_from(session, 6_000, WINDOW)
    assert tail_tokens(session, first) <= 6_000
    assert first == session.seq - 9
    capped = keep_from(session, 6_000, 20_000)
    assert capped == session.seq - 5
    assert tail_tokens(session, capped) <= 2 * 3_000


def test_a_last_exchange_above_the_limit_stays_unless_it_fills_half_the_window() -> None:
    session = fold([ev.PromptReceived("go", 1), *exchange("a", "x"), *exchange("b", "y" * 60_000)])
    assert keep_from(session, 6_000, WINDOW) == 4
    assert keep_from(session, 6_000, 16_000) == session.seq + 1


def test_a_tail_without_a_reply_is_kept_as_it_is() -> None:
    session = fold([ev.SessionStarted("s", "/w", "0.1"), ev.PromptReceived("go", 1)])
    assert keep_from(session, 6_000, WINDOW) == 2
    assert keep_from(fold([]), 6_000, WINDOW) == 1


STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 6_000), st.booleans()), min_size=1, max_size=25
)


@given(STEPS, st.integers(0, 8_000), st.sampled_from([8_000, 32_000, 200_000]))
def test_the_cut_never_parts_a_result_from_its_call(
    steps: list[tuple[int, int, bool]], limit: int, window: int
) -> None:
    session = fold([ev.PromptReceived("go", 1)])
    for n, (calls, size, prompts) in enumerate(steps):
        ids = [f"{n}.{call}" for call in range(calls)]
        record(session, reply("text", *ids))
        if ids and prompts:
            record(session, ev.NoticeGiven("while the calls are open", "test"))
        record(session, *(finished(call, "x" * size) for call in ids))
        if prompts:
            record(session, ev.PromptReceived("more", n + 2))
    first = keep_from(session, limit, window)
    kept = [entry.message for entry in session.tail if entry.seq >= first]
    assert not kept or isinstance(kept[0], AssistantMessage)
    known: set[str] = set()
    for message in kept:
        if isinstance(message, AssistantMessage):
            known = {call.id for call in message.calls}
        elif isinstance(message, ToolResult):
            assert message.call_id in known
    exchanges = sum(isinstance(message, AssistantMessage) for message in kept)
    most = min(limit, window * 0.15)
    if exchanges > 3:
        assert tail_tokens(session, first) <= most
    elif exchanges > 1:
        assert tail_tokens(session, first) <= 2 * most
    assert tail_tokens(session, first) <= window * 0.5
    capsule = build(session, keep_from=first, window=window)
    assert capsule.through == first - 1
    assert render_capsule(capsule) == render_capsule(build(session, keep_from=first, window=window))


def test_whoever_has_no_recall_is_given_no_ids_to_open() -> None:
    capsule = replace(build(story()), cut_notes=7)
    text = render_capsule(capsule, can_recall=False)
    introduction, _, rest = text.partition("\n\n")
    assert "recall" not in introduction
    assert rest == (
        "## The user's words\nFix the bug\n---\nAnd the docs\n\n"
        f"{render_plan(PLAN)}\n\n"
        "## Decisions and facts\n(7 older ones are not shown)\n"
        "- decision: use argparse\n\n"
        "## Files\n- a.py: read\n- old.py: deleted\n- new.py: created\n\n"
        "## Commands that ran\n- `pytest -q` exit 1, 2 times: 1 failed\n"
        "- `sleep 900` killed at its deadline\n\n"
        "## What failed\n- read: no match\n\n"
        "## What the executor last said\nI look first.\n---\nNow the edit."
    )


def test_a_slice_that_does_not_fit_is_cut_and_says_how_to_read_the_rest() -> None:
    long = FileSlice("long.py", "11-900", "\n".join(f"line {n} is here" for n in range(11, 901)))
    one_line = FileSlice("wide.txt", "1-1", "word " * 3_500)
    short = FileSlice("short.py", "1-2", "x = 1\ny = 2")
    parts = build_capsule(
        story(),
        number=1,
        slices=(one_line, short, long, short),
        keep_from=18,
        settings=SETTINGS,
        window=WINDOW,
    ).slices
    assert parts[:2] == (
        FileSlice("wide.txt", "1-1", "[left out: read wide.txt]"),
        short,
    )
    kept = build_capsule(
        story(), number=1, slices=(short, long), keep_from=18, settings=SETTINGS, window=WINDOW
    ).slices
    assert kept[0] == short
    lines = kept[1].text.splitlines()
    last = 10 + len(lines) - 1
    assert kept[1].lines == f"11-{last}"
    assert lines[-2:] == [f"line {last} is here", f"[cut: read long.py from line {last + 1}]"]
    assert 2_900 < estimate(kept[1].text) <= 3_010


def test_what_the_next_steps_slices_show_is_not_quoted_from_the_plan_again() -> None:
    quoted = (
        Excerpt("a.py", "2-3", "x = 1\n"),
        Excerpt("a.py", "9", "gone"),
        Excerpt("b.py", "1", "x = 1"),
    )
    plan = replace(PLAN, excerpts=quoted)
    part = FileSlice("a.py", "1-3", "first\nx = 1\nlast")
    text = render_capsule(Capsule(1, 0, (), plan, slices=(part,)))
    assert render_plan(replace(PLAN, excerpts=quoted[1:])) in text
    assert text.count("x = 1") == 2
