from hypothesis import given
from hypothesis import strategies as st

from burnless.core.messages import (
    AssistantMessage,
    Notice,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UserMessage,
)
from burnless.policy.tokens import TokenFactor, cut_to_tokens, estimate, estimate_message


def test_an_estimate_is_utf8_bytes_over_four_rounded_up() -> None:
    assert [estimate(text) for text in ("", "a", "abcd", "abcde", "日本", "\ud800")] == [
        0,
        1,
        1,
        2,
        2,
        1,
    ]


@given(st.text(), st.text())
def test_an_estimate_of_a_whole_is_at_most_the_sum_of_its_parts(left: str, right: str) -> None:
    whole = estimate(left + right)
    assert max(estimate(left), estimate(right)) <= whole <= estimate(left) + estimate(right)


def test_every_kind_of_message_counts_what_is_sent_of_it() -> None:
    message = AssistantMessage(
        (Reasoning("anthropic", "x" * 40), Text("y" * 40), ToolCall("id", "read", "z" * 40))
    )
    sizes = [
        estimate_message(m)
        for m in (UserMessage("abcd"), Notice("abcd"), ToolResult("id", "abcd"), message)
    ]
    assert sizes == [5, 5, 5, 4 + 10 + 10 + (4 + 1 + 10)]


def test_the_first_reply_sets_the_factor_and_later_ones_move_it() -> None:
    first = TokenFactor().learn(100, 150)
    second = first.learn(100, 100)
    assert (first, second) == (TokenFactor(1.5, 1), TokenFactor(1.5 + 0.3 * (1.0 - 1.5), 2))
    assert second.scale(1000) == 1350


def test_usage_that_says_nothing_teaches_nothing() -> None:
    factor = TokenFactor(1.2, 3)
    assert factor.learn(0, 10) == factor.learn(10, 0) == factor


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=30))
def test_no_reply_moves_the_factor_out_of_its_bounds(replies: list[tuple[int, int]]) -> None:
    factor = TokenFactor()
    for estimated, real in replies:
        factor = factor.learn(estimated, real)
    assert 0.25 <= factor.factor <= 4.0


@given(st.floats(0.3, 3.5), st.integers(100, 10_000))
def test_a_steady_ratio_is_learned(ratio: float, estimated: int) -> None:
    factor = TokenFactor(1.0, 1)
    for _ in range(40):
        factor = factor.learn(estimated, round(estimated * ratio))
    real = round(estimated * ratio)
    assert abs(factor.scale(estimated) - real) <= 0.01 * real + 1


@given(st.text(), st.integers(8, 60))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, most: int) -> None:
    cut = cut_to_tokens(text, most, "[cut here]")
    assert estimate(cut) <= most
    assert cut == text or cut.endswith("[cut here]")
