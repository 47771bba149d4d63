from burnless.core.usage import picodollars
from burnless.policy.compaction import RentState
from burnless.ui.rent_view import rent_lines


def test_the_meter_says_how_much_of_the_next_compaction_was_paid() -> None:
    state = RentState(picodollars("0.03"), picodollars("0.12"), 41_000, 9_000, 80_000, "quality")
    context, rent = rent_lines(state)
    assert context == "context 41,000 tokens; compaction at 80,000 at the latest (quality)"
    assert rent.startswith("rent paid $0.0300 of $0.1200 (25%) since the last compaction; ")


def test_a_meter_without_prices_says_that_it_is_off() -> None:
    state = RentState(0, None, 41_000, 9_000, 200_000, "price_step")
    assert rent_lines(state) == [
        "context 41,000 tokens; compaction at 200,000 at the latest (price step)",
        "rent meter off: the price of a cache read is zero or unknown",
    ]
