"""Twenty facts planted early in a run: in the user's words, in files, and in notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bench.repository import FilePlant

Place = Literal["user", "file", "note"]


@dataclass(frozen=True)
class Fact:
    """`key` is what a question about it would name, `value` its only right answer."""

    key: str
    value: str
    place: Place
    step: int = 0

    @property
    def sentence(self) -> str:
        if self.place == "file":
            return f'{self.key} = "{self.value}"'
        return f"the {self.key} is {self.value}"


_USER = (
    ("staging ledger port", "amber-48213"),
    ("settlement cut-off code", "birch-91027"),
    ("payout approver group", "cedar-30518"),
    ("refund window label", "dahlia-67340"),
    ("archive bucket name", "ember-15872"),
    ("tariff review ticket", "fjord-82946"),
    ("rounding decision number", "garnet-23791"),
)
_FILE = (
    ("CLEARING_BATCH_TAG", "hazel-54106"),
    ("VOUCHER_SERIES_NAME", "indigo-79385"),
    ("MANDATE_SCHEMA_REVISION", "juniper-12690"),
    ("DISPUTE_QUEUE_TOPIC", "kelp-86431"),
    ("REBATE_FORMULA_LABEL", "larch-40957"),
    ("POSTING_LOCK_NAME", "maple-63278"),
    ("STATEMENT_FONT_KEY", "nettle-97514"),
)
_NOTE = (
    ("reason the old importer was dropped", "onyx-28063"),
    ("name of the slow query", "poplar-71849"),
    ("branch that holds the prototype", "quartz-35602"),
    ("customer whose data is odd", "raven-94187"),
    ("currency that rounds up", "sorrel-52730"),
    ("test that is known to be flaky", "thistle-16495"),
)

FACTS: tuple[Fact, ...] = (
    *(Fact(key, value, "user") for key, value in _USER),
    *(Fact(key, value, "file", step) for step, (key, value) in enumerate(_FILE, 2)),
    *(Fact(key, value, "note", step) for step, (key, value) in enumerate(_NOTE, 4)),
)


def file_plants() -> tuple[FilePlant, ...]:
    return tuple(FilePlant(fact.step, fact.sentence) for fact in FACTS if fact.place == "file")


def notes_at(step: int) -> tuple[str, ...]:
    return tuple(f.sentence for f in FACTS if f.place == "note" and f.step == step)


def task() -> str:
    """The user's prompt."""
    told = "\n".join(f"- {fact.sentence}" for fact in FACTS if fact.place == "user")
    return (
        "Survey the settlement code under books/ part by part, so that we can split it up next "
        "month. Read it all, note what surprises you, and change nothing. Keep in mind:\n"
        f"{told}\n"
    )
