"""What is left after a compaction, and after the process died or the world changed."""

from __future__ import annotations

from burnless.core.usage import Usage
from tests.prompts.playing import Situation, Turn
from tests.prompts.shop import FIX, PLAN, READ, SHOP, STEP, TASK, done, read, run
from tests.support.play import call, calls, plan, text

_FULL = Usage(fresh=90_000, output=30)
_SMALL_TAIL = "compaction: {tail_tokens: 1}\n"
_ALLOWED = 'permissions: {allow: ["Bash(python3 *)"]}\n'
_STEPS = [
    {
        "id": f"s{number}",
        "intent": f"Write docs/{name}.md: one paragraph on {what}.",
        "files": [f"docs/{name}.md"],
        "done_when": {"path": f"docs/{name}.md", "predicate": "exists"},
    }
    for number, name, what in (
        (1, "cart", "class Cart"),
        (2, "prices", "the price functions"),
        (3, "vat", "the VAT rates (standard 20, reduced 5)"),
        (4, "tests", "how to run the tests"),
        (5, "index", "links to the four others"),
    )
]
_FIRST_TWO = [
    calls(call("write", path="docs/cart.md", content="A Cart holds lines.\n")),
    done("s1", decisions=["One paragraph a file, no headings: the user wants them short."]),
    calls(call("write", path="docs/prices.md", content="gross adds VAT, net takes it off.\n")),
]
_DOCUMENT = "Write short docs, one file a topic: cart, prices, vat, tests, index. No headings."
_PROBE = """import sys

sys.stderr.write("probe 3 of 4\\n")
sys.stderr.write("till 7 answered E-4471 at offset 0x1f3c\\n")
sys.stderr.write("probe failed\\n")
sys.exit(2)
"""

SESSIONS = (
    Situation(
        "go_on_after_a_compaction",
        [
            Turn(
                _DOCUMENT,
                big=[
                    plan(*_STEPS, constraints=["No headings."], goal="Five short docs."),
                    plan(
                        goal="Five short docs.",
                        done=["s1", "s2"],
                        next="s3",
                        handoff="s1 and s2 are written as wanted; keep their style.",
                    ),
                ],
                mid=[
                    *_FIRST_TWO,
                    calls(call("plan_notes", steps=[{"id": "s2", "status": "done"}]), usage=_FULL),
                ],
            )
        ],
        needed=[
            "Older messages were dropped",
            _DOCUMENT,
            "Next: s3",
            "[x] s1",
            "[x] s2",
            "no headings: the user wants them short",
        ],
        right="Works on s3: writes docs/vat.md, one paragraph without a heading.",
        wrong="Writes docs/cart.md or docs/prices.md again, makes a new plan, or asks what to do.",
        config=_SMALL_TAIL,
    ),
    Situation(
        "old_fact_after_a_compaction",
        [
            Turn(
                "Run python3 tools/probe.py, note whether the tills answer in docs/tills.md, then "
                "document the cart in docs/cart.md.",
                big=[
                    plan(
                        {"id": "s1", "intent": "Run the probe; write docs/tills.md."},
                        {"id": "s2", "intent": "Write docs/cart.md."},
                        goal="Both docs exist.",
                    ),
                    plan(goal="Both docs exist.", done=["s1"], next="s2"),
                ],
                mid=[
                    run("python3 tools/probe.py"),
                    calls(call("write", path="docs/tills.md", content="One till fails.\n")),
                    done("s1"),
                    read("shop/cart.py", "shop/prices.py", "tests/test_cart.py"),
                    calls(
                        call("write", path="docs/cart.md", content="A Cart holds lines.\n"),
                        usage=_FULL,
                    ),
                    done("s2"),
                    text("Both files are written."),
                ],
            ),
            Turn("Which error code and which offset did the probe print? Do not run it again."),
        ],
        needed=["`python3 tools/probe.py` exit 2", "probe failed", "recall"],
        right="Calls recall with the event id of the probe command (or a search for 'probe').",
        wrong="Invents a code, says it cannot know, or runs the probe again.",
        files={**SHOP, "tools/probe.py": _PROBE},
        config=_SMALL_TAIL + _ALLOWED,
    ),
    Situation(
        "command_interrupted_and_resumed",
        [
            Turn(
                "Run python3 tools/migrate.py, which rewrites prices.csv once, then show the file.",
                big=[
                    plan(
                        {
                            "id": "s1",
                            "intent": "Run python3 tools/migrate.py once, then read prices.csv.",
                        },
                        goal="prices.csv is migrated once.",
                    )
                ],
                mid=[read("tools/migrate.py"), run("python3 tools/migrate.py")],
                dies_at="run_command",
            ),
            Turn("Go on."),
        ],
        needed=["may or may not have happened", "before you repeat it"],
        right="Reads prices.csv to see whether the migration happened, before anything else.",
        wrong="Runs tools/migrate.py again at once, or reports it as done.",
        files={
            **SHOP,
            "prices.csv": "tea,500\n",
            "tools/migrate.py": "from pathlib import Path\n\nfile = Path('prices.csv')\n"
            "rows = [r.split(',') for r in file.read_text().splitlines()]\n"
            "file.write_text(''.join(f'{n},{int(c) * 10}\\n' for n, c in rows))\n",
        },
        config=_ALLOWED,
    ),
    Situation(
        "project_file_changed_on_disk",
        [
            Turn(TASK, big=[PLAN], mid=[READ, FIX, done("s1"), text("Cart.total is mended.")]),
            Turn(
                "Now add Cart.count(): how many items there are in all.",
                before=lambda root: (root / "AGENTS.md").write_text(
                    "# Shop\n\nPrices are integer cents. New methods go to shop/extras.py.\n"
                ),
            ),
        ],
        needed=["Changed on disk since this session read them: AGENTS.md", "read it now"],
        right="Reads AGENTS.md (and may read shop/cart.py in the same reply) before it edits.",
        wrong="Edits shop/cart.py by the old AGENTS.md.",
        config='permissions: {allow: ["Bash(python3 -m unittest *)"]}',
    ),
    Situation(
        "worker_given_one_step",
        [
            Turn(
                TASK + " Note it in CHANGES.md.",
                big=[
                    plan(
                        STEP,
                        {
                            "id": "s2",
                            "intent": "Write CHANGES.md: one line on the fix.",
                            "files": ["CHANGES.md"],
                            "done_when": {"path": "CHANGES.md", "predicate": "exists"},
                        },
                        goal="Cart.total counts quantities; CHANGES.md says so.",
                        constraints=["Note it in CHANGES.md."],
                    )
                ],
            )
        ],
        needed=[
            "s2: Write CHANGES.md",
            "Done when: CHANGES.md exists",
            "Do this step only",
            "[x] s1",
            "python3 -m unittest -q tests.test_cart",
        ],
        right="Writes CHANGES.md with one line and reports just that; does not touch shop/cart.py.",
        wrong="Edits shop/cart.py again, or reports what it did not do.",
        worker="sed -i 's/total += gross(cents)$/total += gross(cents) * quantity/' shop/cart.py\n"
        "if grep -q '^s2:' \"$PROMPT\"; then echo '- Cart.total counts.' > CHANGES.md; fi\n"
        "echo 'Changed shop/cart.py.'",
        asked="worker",
    ),
    Situation(
        "worker_after_a_failed_attempt",
        [Turn(TASK, big=[PLAN, plan(STEP)])],
        needed=[
            "<last_attempt>",
            "python3 -m unittest -q tests.test_cart",
            "AssertionError",
            "s1: In Cart.total",
        ],
        right="Mends shop/cart.py so that the cart tests pass: gross(cents) * quantity.",
        wrong="Repeats + quantity, changes the test, or reports success unproven.",
        worker='if [ "$NUMBER" = 0 ]; then sed -i '
        "'s/total += gross(cents)$/total += gross(cents) + quantity/' shop/cart.py; else "
        "sed -i 's/total += .*/total += gross(cents) * quantity/' shop/cart.py; fi\n"
        "echo 'Changed shop/cart.py.'",
        asked="worker",
    ),
)
