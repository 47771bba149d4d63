import threading
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnless.core.cancel import CancelToken
from burnless.core.errors import BurnlessError, Cancelled, ConfigProblem, Temporary
from burnless.core.evidence import (
    AuditReport,
    CheckOutcome,
    FileChange,
    Finding,
    Verdict,
    verdict_of,
)
from burnless.core.messages import AssistantMessage, Reasoning, Role, Text, ToolCall
from burnless.core.models import ModelCard
from burnless.core.outcome import Spend, TurnStatus
from burnless.core.permissions import SimpleCommand
from burnless.core.plan import Check, Plan, Step, StepStatus
from burnless.core.settings import Roles, Wire
from burnless.core.terminal_text import plain_text
from burnless.core.usage import (
    FREE,
    Price,
    PriceStep,
    Usage,
    as_dollars,
    cost_of,
    dollars_text,
    per_million,
    picodollars,
)

USAGES = st.builds(Usage, *[st.integers(0, 10**6)] * 6)


@given(USAGES, USAGES, USAGES)
def test_usage_adds_up_in_any_order(a: Usage, b: Usage, c: Usage) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + Usage() == a
    assert (a + b).input == a.input + b.input
    assert a.total == a.input + a.output


def test_a_call_costs_each_class_at_its_own_rate() -> None:
    price = Price(2, 1, 3, 4, 10)
    assert cost_of(Usage(1, 10, 100, 1000, 10_000, 5_000), price) == 2 + 10 + 300 + 4000 + 100_000


def test_above_a_step_the_whole_call_is_billed_at_its_rates() -> None:
    low, high = PriceStep(100, 2, 2, 2, 2, 2), PriceStep(200, 3, 3, 3, 3, 3)
    price = Price(1, 1, 1, 1, 1, (high, low))
    assert [cost_of(Usage(fresh=n), price) for n in (100, 101, 200, 201)] == [100, 202, 400, 603]
    assert [price.at(n) for n in (100, 150, 300)] == [price, low, high]


def test_only_a_price_without_any_rate_is_free() -> None:
    assert FREE.is_free
    assert not Price(0, 0, 0, 0, 1).is_free
    assert not Price(0, 0, 0, 0, 0, (PriceStep(1, 1, 1, 1, 1, 1),)).is_free


def test_prices_and_amounts_are_exact() -> None:
    assert per_million("0.01") == 10_000
    assert per_million(0.025) == 25_000
    assert picodollars("0.1") + picodollars("0.2") == picodollars("0.3")
    assert as_dollars(picodollars("1.23")) == Decimal("1.23")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "unknown"),
        (0, "$0.0000"),
        (1, "<$0.0001"),
        (picodollars("0.0123"), "$0.0123"),
        (picodollars("12.345"), "$12.34"),
    ],
)
def test_amounts_are_text_only_at_the_edge(amount: int | None, text: str) -> None:
    assert dollars_text(amount) == text


def test_spends_add_up() -> None:
    assert Spend(1, Usage(1), 2, 3, 4) + Spend(1, Usage(2), 3, 4, 5) == Spend(2, Usage(3), 5, 7, 9)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (Check("pytest -q"), "`pytest -q` exits 0"),
        (Check("", "a", "exists"), "a exists"),
        (Check("", "a", "absent"), "a is gone"),
        (Check("", "a", "contains", "x"), "a contains 'x'"),
        (Check("", "a", "lacks", "x"), "a lacks 'x'"),
    ],
)
def test_a_check_says_what_proves_the_step(check: Check, text: str) -> None:
    assert str(check) == text


def test_the_next_step_is_the_named_open_one_or_the_first_open_one() -> None:
    done, failed, pending = (
        Step("1", "a", status=StepStatus.DONE),
        Step("2", "b", status=StepStatus.FAILED),
        Step("3", "c"),
    )
    steps = (done, failed, pending)
    assert [Plan("g", steps, next=n).next_step for n in ("3", "1", "")] == [
        pending,
        failed,
        failed,
    ]
    assert Plan("g", (done,)).next_step is None
    assert Plan("g", steps).step("9") is None


def test_a_change_is_a_creation_a_change_or_a_deletion() -> None:
    changes = (FileChange("a", "", "1"), FileChange("a", "1", "2"), FileChange("a", "1", ""))
    assert [change.kind for change in changes] == ["created", "changed", "deleted"]


@given(st.lists(st.sampled_from(Verdict)))
def test_the_worst_finding_is_the_verdict(verdicts: list[Verdict]) -> None:
    findings = tuple(Finding(verdict, "t") for verdict in verdicts)
    verdict = verdict_of(findings)
    report = AuditReport(findings, verdict)
    assert (Verdict.CONTRADICTED in verdicts) is (verdict is Verdict.CONTRADICTED)
    assert len(report.contradicted) == verdicts.count(Verdict.CONTRADICTED)
    if not verdicts:
        assert verdict is Verdict.NOTHING


def test_a_check_passes_only_with_exit_code_zero() -> None:
    assert [CheckOutcome("c", code).passed for code in (0, 1, None)] == [True, False, False]


def test_every_way_a_turn_ends_has_an_exit_code() -> None:
    codes = {status.value: status.exit_code for status in TurnStatus}
    assert codes == {
        "done": 0,
        "answered": 0,
        "planned": 0,
        "blocked": 1,
        "incomplete": 1,
        "stuck": 1,
        "thrashing": 1,
        "contradicted": 3,
        "check_failed": 3,
        "turn_limit": 53,
        "budget": 54,
        "unavailable": 75,
        "refused": 1,
        "failed": 1,
        "interrupted": 130,
    }


def test_a_reply_has_its_text_and_its_calls() -> None:
    call = ToolCall("1", "read", "{}")
    message = AssistantMessage((Text("a"), Reasoning("f", "{}"), Text(" "), call, Text("b")))
    assert (message.text, message.calls) == ("a\n\nb", (call,))


def test_names_are_put_together_the_way_people_read_them() -> None:
    card = ModelCard("", "m", "local", Wire.CHAT, "f", False, "", "", 1, 1, 1, None)
    assert card.id == "local/m"
    assert SimpleCommand(("git", "log")).text == "git log"
    assert [Roles().tier_of(role) for role in Role] == ["gold", "silver", "gold", "bronze"]


def test_errors_carry_their_exit_code_and_what_to_do_next() -> None:
    problem = ConfigProblem("no such key", hint="use tiers")
    assert (str(problem), problem.hint, problem.exit_code) == ("no such key", "use tiers", 52)
    temporary = Temporary("busy", billed=True, retry_after=2.5)
    assert (temporary.billed, temporary.retry_after, temporary.exit_code) == (True, 2.5, 75)
    assert BurnlessError("x").hint == ""


def test_a_token_that_is_pulled_stops_the_work_and_tells_who_listens() -> None:
    token = CancelToken()
    heard: list[str] = []
    token.listen(lambda: heard.append("first"))
    forget = token.listen(lambda: heard.append("forgotten"))
    forget()
    token.check()
    token.wait(0)
    threading.Timer(0.01, token.cancel).start()
    with pytest.raises(Cancelled) as caught:
        token.wait(30)
    assert caught.value.exit_code == 130
    assert token.cancelled
    with pytest.raises(Cancelled):
        token.check()
    token.listen(lambda: heard.append("late"))
    assert sorted(heard) == ["first", "late"]


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("plain\n", "plain\n"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("10%\r50%\r100%\n", "100%\n"),
        ("a\r\nb\rc\r\nd", "a\nc\nd"),
        ("\r", ""),
        ("ab\x08c", "ac"),
        ("\x00\x07bell", "bell"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_program_output_is_read_as_a_screen_would_show_it(printed: str, seen: str) -> None:
    assert plain_text(printed) == seen


@given(st.text())
def test_no_output_keeps_a_control_code(printed: str) -> None:
    text = plain_text(printed)
    assert not any(ord(c) < 32 and c not in "\n\t" for c in text)
    assert plain_text(text) == text
