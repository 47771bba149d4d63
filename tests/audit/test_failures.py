from __future__ import annotations

import pytest

from burnless.audit.failures import FAILURES_MOST, find_failures

OUTPUTS = {
    "pytest": (
        (
            "=== short test summary info ===\n"
            "FAILED tests/test_a.py::test_b[x-1] - AssertionError: 1 failed\n"
            "ERROR tests/test_c.py - ImportError\n"
            "1 failed, 3 passed, 1 error in 0.12s\n"
        ),
        ("tests/test_a.py::test_b[x-1]", "tests/test_c.py"),
    ),
    "unittest": (
        (
            "FAIL: test_tax (test_shop.ShopTest.test_tax)\nERROR: test_x (t.T.test_x)\n"
            "FAILED (failures=1, errors=1)\n"
        ),
        ("test_tax (test_shop.ShopTest.test_tax)", "test_x (t.T.test_x)"),
    ),
    "go": (
        (
            "--- FAIL: TestB (0.00s)\n    --- FAIL: TestB/sub (0.00s)\n"
            "FAIL\texample.com/x [build failed]\nFAIL\nexit status 1\n"
        ),
        ("TestB", "TestB/sub", "example.com/x [build failed]"),
    ),
    "cargo": (
        (
            "test client::retries ... FAILED\ntest client::ok ... ok\n"
            "failures:\n    client::retries\ntest result: FAILED. 1 passed; 1 failed\n"
        ),
        ("client::retries",),
    ),
    "jest": (
        (
            "FAIL src/cart.test.js\n  \u25cf Cart \u203a adds items\n\n    expect(received)\n"
            "Tests:       1 failed, 4 passed, 5 total\n"
        ),
        ("src/cart.test.js", "Cart \u203a adds items"),
    ),
    "vitest": (
        "\x1b[31m FAIL \x1b[0m src/a.test.ts > math > adds\n",
        ("src/a.test.ts > math > adds",),
    ),
    "tap": ("ok 1 - fine\nnot ok 2 - broken # time=3ms\n", ("broken",)),
    "rspec": ("rspec ./spec/a_spec.rb:3 # A does b\n", ("./spec/a_spec.rb:3",)),
    "phpunit": ("1) Tests\\CartTest::testAdd\nFailed asserting\n", ("Tests\\CartTest::testAdd",)),
    "dotnet": ("  Failed Shop.CartTests.Adds [12 ms]\n", ("Shop.CartTests.Adds",)),
    "node": ("✖ keeps totals (1.2ms)\n✖ failing tests:\n", ("keeps totals",)),
    "a log that only says failed": ("connection failed, retrying\nFailed to load x\n", ()),
    "nothing": ("", ()),
}


@pytest.mark.parametrize(("output", "names"), OUTPUTS.values(), ids=OUTPUTS)
def test_names_of_failing_tests_are_read_from_what_is_printed(
    output: str, names: tuple[str, ...]
) -> None:
    assert find_failures(output) == names


def test_a_name_counts_once_and_the_list_is_capped() -> None:
    assert find_failures("FAIL: a\nFAIL: a\n") == ("a",)
    many = "\n".join(f"FAIL: t{number}" for number in range(FAILURES_MOST + 9))
    assert len(find_failures(many)) == FAILURES_MOST


def test_a_failing_subtest_of_unittest_has_a_name_of_its_own() -> None:
    printed = "FAIL: test_x (a.B.test_x) (i=1)\nERROR: test_y (a.B.test_y) [second]\n"
    assert find_failures(printed) == ("test_x (a.B.test_x) (i=1)", "test_y (a.B.test_y) [second]")
