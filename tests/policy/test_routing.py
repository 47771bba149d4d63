import pytest

from burnless.core.errors import ConfigProblem
from burnless.core.messages import Role
from burnless.core.settings import Roles, Tier
from burnless.policy.routing import Choice, Routed, route

GOLD = Tier(model="anthropic/big", window=5)
SILVER = Tier(model="openrouter/acme/mid", base_url="http://localhost")
BRONZE = Tier(command="claude --model small")
TIERS = {"gold": GOLD, "silver": SILVER, "bronze": BRONZE}
ROLES = Roles()
NO_CHOICE = Choice()


def routed(role: Role, choice: Choice = NO_CHOICE, tiers: dict[str, Tier] = TIERS) -> Routed | None:
    return route(role, tiers, ROLES, choice)


def test_each_role_has_its_tier() -> None:
    assert [routed(role) for role in Role] == [
        Routed("gold", GOLD),
        Routed("silver", SILVER),
        Routed("gold", GOLD),
        Routed("bronze", BRONZE),
    ]


def test_one_model_serves_planner_and_executor_alike() -> None:
    choice = Choice(both="openai/x")
    expected = Routed("", Tier(model="openai/x"))
    assert routed(Role.PLANNER, choice) == routed(Role.EXECUTOR, choice) == expected
    assert routed(Role.CHORE, choice) == Routed("bronze", BRONZE)


def test_a_narrower_flag_beats_a_wider_one() -> None:
    choice = Choice(both="openai/x", planner="silver", executor="gold", tier="bronze")
    assert routed(Role.PLANNER, choice) == Routed("silver", SILVER)
    assert routed(Role.EXECUTOR, choice) == Routed("gold", GOLD)
    assert routed(Role.EXECUTOR, Choice(both="openai/x", tier="bronze")) == Routed("bronze", BRONZE)


def test_no_planner_means_none_and_touches_no_other_role() -> None:
    choice = Choice(no_planner=True, planner="gold")
    assert routed(Role.PLANNER, choice) is None
    assert routed(Role.EXECUTOR, choice) == Routed("silver", SILVER)


def test_effort_is_the_executors() -> None:
    choice = Choice(effort="high")
    assert routed(Role.EXECUTOR, choice) == Routed(
        "silver", Tier(model=SILVER.model, base_url=SILVER.base_url, effort="high")
    )
    assert routed(Role.PLANNER, choice) == Routed("gold", GOLD)


@pytest.mark.parametrize("name", ["openrouter/acme/mid", "acme/mid", "mid"])
def test_a_model_named_directly_keeps_the_address_of_the_tier_that_has_it(name: str) -> None:
    assert routed(Role.EXECUTOR, Choice(executor=name)) == Routed("", SILVER)


def test_a_tier_that_is_asked_for_and_not_there_is_a_config_problem() -> None:
    with pytest.raises(ConfigProblem, match="the tier bronze is not configured") as caught:
        routed(Role.EXECUTOR, Choice(tier="bronze"), {"gold": GOLD})
    assert caught.value.hint == "the configured tiers are: gold; add it under tiers:"


def test_a_role_without_its_tier_takes_the_nearest_one() -> None:
    assert routed(Role.EXECUTOR, tiers={"gold": GOLD}) == Routed("gold", GOLD)
    assert routed(Role.CHORE, tiers={"gold": GOLD, "silver": SILVER}) == Routed("silver", SILVER)
    odd = route(Role.PLANNER, TIERS, Roles(planner="mine"), NO_CHOICE)
    assert odd == Routed("gold", GOLD)
    own = route(Role.PLANNER, {"mine": BRONZE}, Roles(planner="mine"), NO_CHOICE)
    assert own == Routed("mine", BRONZE)


def test_no_tier_at_all_says_how_to_get_one() -> None:
    with pytest.raises(ConfigProblem) as caught:
        routed(Role.EXECUTOR, tiers={})
    assert caught.value.hint == "run `agent init`, or set a key"
