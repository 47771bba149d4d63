import pytest

from burnless.policy.questions import is_question


@pytest.mark.parametrize(
    "prompt",
    [
        "What does auth.py do?",
        "how is it tested",
        "Explain the parser",
        " Is this safe?",
        "Can you explain how the cache works?",
        "Show me where the config is loaded",
        "The build is slow. Why?",
        "Which tests cover add() and remove()?",
    ],
)
def test_prompts_that_only_ask_are_questions(prompt: str) -> None:
    assert is_question(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "Fix the tests",
        "Why is it red? Please fix it",
        "Show me the bug and fix it",
        "Whatever",
        "Do the migration of auth to JWT.",
        "When I run the app it crashes. Fix it.",
        "Where the config is loaded, add validation.",
        "What I want: refactor auth",
        "Have the tests pass again",
        "Is broken: login. Repair it",
        "Has to be faster: optimise parse()",
        "Are tests failing? Fix them.",
        "Show me a login form in app.html",
        "Can you rename the helper?",
        "Could you please look at the parser?",
    ],
)
def test_prompts_that_want_something_done_are_not(prompt: str) -> None:
    assert not is_question(prompt)
