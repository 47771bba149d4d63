"""The table of situations: each a real run, what its last request has to say, and what follows."""

from __future__ import annotations

from tests.prompts.commands import COMMANDS
from tests.prompts.edits import EDITS
from tests.prompts.planning import PLANNING
from tests.prompts.plans import PLANS
from tests.prompts.searching import SEARCHING
from tests.prompts.sessions import SESSIONS

SITUATIONS = (*EDITS, *COMMANDS, *PLANS, *SEARCHING, *SESSIONS, *PLANNING)
