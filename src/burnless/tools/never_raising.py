"""A tool as the engine may trust it: whatever goes wrong inside is an outcome."""

from __future__ import annotations

from burnless.core.encoding import JsonObject
from burnless.core.errors import BurnlessError, Cancelled, WrongModelServed
from burnless.core.messages import ToolSchema
from burnless.core.permissions import Access
from burnless.core.protocols import Tool, ToolContext, ToolOutcome
from burnless.policy.arguments import ArgumentProblem
from burnless.tools.load_file import failed


class NeverRaising:
    """Wraps a Tool. Only Cancelled and WrongModelServed pass: they end the turn."""

    def __init__(self, tool: Tool) -> None:
        self._tool = tool

    @property
    def schema(self) -> ToolSchema:
        return self._tool.schema

    @property
    def reads_only(self) -> bool:
        return self._tool.reads_only

    @property
    def may_write_anywhere(self) -> bool:
        return self._tool.may_write_anywhere

    def accesses(self, arguments: JsonObject, context: ToolContext) -> tuple[Access, ...]:
        """Raises ArgumentProblem where the arguments name what no path can be."""
        try:
            return self._tool.accesses(arguments, context)
        except (OSError, ValueError) as error:
            raise ArgumentProblem(
                f"{self.schema.name}: a path in the arguments cannot be one "
                f"({getattr(error, 'strerror', None) or error}). Give a path of the workspace."
            ) from error

    def preview(self, arguments: JsonObject, context: ToolContext) -> str:
        try:
            return self._tool.preview(arguments, context)
        except Exception as error:
            return f"(no preview: {error})"

    def run(self, arguments: JsonObject, context: ToolContext) -> ToolOutcome:
        try:
            return self._tool.run(arguments, context)
        except (Cancelled, WrongModelServed):
            raise
        except BurnlessError as error:
            hint = f" {error.hint}." if error.hint else ""
            return failed(f"{self.schema.name} failed: {error}.{hint}")
        # The last resort: a fault in one tool must not end a turn that was paid for.
        except Exception as error:
            return failed(
                f"{self.schema.name} failed inside ({type(error).__name__}: {error}). "
                "Nothing is known of its effect: look before you go on another way."
            )
