"""Does a prompt only ask? Told from its words alone; one definition for planning and audit."""

from __future__ import annotations

import re

_ASKING_START = re.compile(
    r"\W*(what|whats|what's|why|how|which|who|whose|explain|describe|summari[sz]e|tell me|list"
    r"|review|show me (the|all|how|what|where|which|why|every))\b",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(please|how about|i (want|need|would like)|(can|could|would|will) you"
    r"(?! (explain|tell|describe|show|summari[sz]e|list|say|see|find out)))\b",
    re.IGNORECASE,
)
_WORK = (
    "add|adapt|apply|build|bump|change|clean|convert|correct|create|delete|do|document|drop|edit"
    "|ensure|extend|extract|fix|format|generate|implement|improve|install|introduce|let|make|merge"
    "|migrate|mend|move|optimi[sz]e|port|put|rebuild|redo|refactor|release|remove|rename|repair"
    "|replace|rerun|revert|rewrite|run|set|simplify|solve|speed|split|start|support|switch|turn"
    "|undo|update|upgrade|use|write"
)
_ORDER = re.compile(rf"\W*(then |and |now |so |just |also )*({_WORK})\b", re.IGNORECASE)
_ORDER_WITHIN = re.compile(rf"(?:\band (?:then )?|, )({_WORK})\b(?!\()", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?:;])\s+|\n+")


def is_question(prompt: str) -> bool:
    """It asks in its first sentence and orders in none. Doubt is not a question.

    "Are the tests failing? Fix them." orders; "When I run it, it crashes" does not ask.
    """
    sentences = [part for part in _SENTENCES.split(prompt.strip()) if part.strip()]
    if not sentences:
        return False
    asks = any(part.rstrip("\"') ").endswith("?") for part in sentences)
    asks = asks or _ASKING_START.match(sentences[0]) is not None
    return asks and not any(_orders(part) for part in sentences)


def _orders(sentence: str) -> bool:
    return bool(_ORDER.match(sentence) or _ORDER_WITHIN.search(sentence) or _WISH.search(sentence))
