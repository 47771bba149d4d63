"""The exception tree. Each says what happened, why, and what to do next.

BurnlessError
├── UsageProblem          wrong words on the command line            exit 2
├── InputProblem          a file, session or prompt that is not there   exit 42
├── ConfigProblem         configuration that cannot be used          exit 52
├── KeyProblem            no key, or one the provider refuses        exit 41
├── BudgetExceeded        a call that would cross a limit            exit 54
├── SessionProblem        a log that cannot be read, or is in use    exit 42
├── Cancelled             the user interrupted                       exit 130
└── ModelProblem          a model call that gave no usable reply     exit 1
    ├── Temporary         worth repeating; `retry_after` in seconds  exit 75
    ├── ContextExceeded   the request is longer than the window      (compaction, one retry)
    ├── SpendLimit        the provider's own spend limit is reached  exit 1
    └── WrongModelServed  another model answered than was asked for  exit 1
"""

from __future__ import annotations


class BurnlessError(Exception):
    """Something a user can be told. `hint` is the next thing to do, one line."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageProblem(BurnlessError):
    exit_code = 2


class InputProblem(BurnlessError):
    exit_code = 42


class ConfigProblem(BurnlessError):
    exit_code = 52


class KeyProblem(BurnlessError):
    exit_code = 41


class BudgetExceeded(BurnlessError):
    exit_code = 54


class SessionProblem(BurnlessError):
    exit_code = 42


class Cancelled(BurnlessError):
    exit_code = 130


class ModelProblem(BurnlessError):
    """`billed` says whether the provider may have charged for the attempt."""

    def __init__(self, message: str, *, hint: str = "", billed: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.billed = billed


class Temporary(ModelProblem):
    exit_code = 75

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        billed: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint, billed=billed)
        self.retry_after = retry_after


class ContextExceeded(ModelProblem):
    pass


class SpendLimit(ModelProblem):
    pass


class WrongModelServed(ModelProblem):
    pass
