from burnless.core.plan import Check, Excerpt, Plan, Step, StepStatus
from burnless.policy.plan_text import (
    plan_markdown,
    render_plan,
)
from burnless.policy.tokens import estimate

DONE, CANCELLED, FAILED = StepStatus.DONE, StepStatus.CANCELLED, StepStatus.FAILED
LEGEND = (
    "Steps ([x] done, [?] done but its check was not run, [ ] open, [!] its check failed, "
    "[-] cancelled):"
)

FULL = Plan(
    goal="Move auth",
    steps=(
        Step("1", "Write the parser\nwith care", status=DONE, evidence="e3", files=("gone.py",)),
        Step("2", "Drop the shim", status=CANCELLED),
        Step("3", "Call it", ("a.py", "b.py"), ("f",), Check(command="pytest -q")),
        Step("4", "Docs", status=FAILED, done_when=Check("", "d.md", "exists")),
    ),
    constraints=("keep the API",),
    do_not_touch=("migrations/",),
    risks=("time",),
    open_questions=("which one?",),
    excerpts=(Excerpt("a.py", "3-4", "x = '```'\n"), Excerpt("b.py", "", "y")),
    decided=("use argparse",),
    handoff="the shim lies",
    next="4",
    revision=3,
)


def test_a_plan_is_rendered_for_the_executor() -> None:
    assert render_plan(FULL) == (
        "Plan (revision 3)\n"
        "Goal: Move auth\n"
        "Constraints:\n"
        "- keep the API\n"
        "Do not touch:\n"
        "- migrations/\n"
        f"{LEGEND}\n"
        "[x] 1: Write the parser with care (e3)\n"
        "[-] 2: Drop the shim\n"
        "[ ] 3: Call it\n"
        "    files: a.py, b.py\n"
        "    symbols: f\n"
        "    done when: `pytest -q` exits 0\n"
        "[!] 4: Docs\n"
        "    done when: d.md exists\n"
        "Next: 4\n"
        "Decided:\n"
        "- use argparse\n"
        "Risks:\n"
        "- time\n"
        "Open questions:\n"
        "- which one?\n"
        "Handoff from the planner: the shim lies\n"
        "Excerpts the planner read (files may have changed since; the file itself rules):\n"
        "a.py lines 3-4\n"
        "````\n"
        "x = '```'\n"
        "````\n"
        "b.py\n"
        "```\n"
        "y\n"
        "```"
    )


def test_a_plan_is_rendered_as_markdown_with_numbered_steps() -> None:
    assert plan_markdown(FULL) == (
        "# Move auth\n"
        "\n"
        "1. [x] **1** Write the parser\n"
        "   with care\n"
        "   - files: gone.py\n"
        "   - evidence: e3\n"
        "2. [-] **2** Drop the shim\n"
        "3. [ ] **3** Call it\n"
        "   - files: a.py, b.py\n"
        "   - symbols: f\n"
        "   - done when: `pytest -q` exits 0\n"
        "4. [!] **4** Docs\n"
        "   - done when: d.md exists\n"
        "\n## Constraints\n\n- keep the API\n"
        "\n## Do not touch\n\n- migrations/\n"
        "\n## Decided\n\n- use argparse\n"
        "\n## Risks\n\n- time\n"
        "\n## Open questions\n\n- which one?\n"
        "\n## Handoff\n\nthe shim lies\n"
        "\nRevision 3. Next: 4.\n"
    )
    assert plan_markdown(Plan("g", ())) == "# g\n\n\nRevision 1.\n"


def test_a_plan_without_open_steps_names_no_next_one() -> None:
    plan = Plan("g", (Step("1", "Look", status=DONE),))
    assert render_plan(plan) == (f"Plan (revision 1)\nGoal: g\n{LEGEND}\n[x] 1: Look")


def test_a_plan_of_hundreds_of_steps_and_decisions_still_renders_short() -> None:
    closed = tuple(Step(str(n), f"step {n}", status=DONE) for n in range(500))
    decided = tuple(f"decision {n}" for n in range(200))
    excerpts = tuple(Excerpt(f"{n}.py", "1-900", "line\n" * 4000) for n in range(5))
    plan = Plan("g", (*closed, Step("next", "go on")), decided=decided, excerpts=excerpts)
    text = render_plan(plan)
    assert estimate(text) < 8_000
    for said in (
        "(488 older finished steps)",
        "[x] 499: step 499",
        "(160 older decisions are not shown)",
        "4.py lines 1-900: left out, read it where you need it",
        "[cut: read the file for the rest]",
    ):
        assert said in text


def test_a_closed_step_is_one_line_with_how_that_is_known() -> None:
    step = Step(
        "s1",
        "In shop/cart.py: multiply by the quantity. " + "Mind the rounding there. " * 50,
        files=("shop/cart.py",),
        done_when=Check("pytest -q"),
        status=DONE,
        evidence="`pytest -q` exits 0; " + "it took some time, " * 50,
    )
    line = render_plan(Plan("g", (step,))).splitlines()[-1]
    assert line.startswith(
        "[x] s1: In shop/cart.py: multiply by the quantity. (`pytest -q` exits 0; it took"
    )
    assert estimate(line) <= 60


def test_a_step_whose_check_was_not_run_is_not_shown_like_a_proven_one() -> None:
    step = Step("1", "Look", status=DONE, evidence="unproven: its check was refused")
    plan = Plan("g", (step, Step("2", "Write", status=DONE, evidence="b.txt exists")))
    assert render_plan(plan).splitlines()[-2:] == [
        "[?] 1: Look (unproven: its check was refused)",
        "[x] 2: Write (b.txt exists)",
    ]
    assert "1. [?] **1** Look" in plan_markdown(plan)
    assert "2. [x] **2** Write" in plan_markdown(plan)
