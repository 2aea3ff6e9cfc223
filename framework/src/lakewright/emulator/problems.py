"""What is wrong with a definition, and what of it stays without effect here."""

from __future__ import annotations

from dataclasses import dataclass

from lakewright.errors.running import RunError
from lakewright.text.names import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in a definition that cannot be executed here.

    >>> str(Problem("tasks[3].notebook_task", "is not emulated"))
    'tasks[3].notebook_task is not emulated'
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path} {self.message}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the platform would do and an isolated run leaves out, and where the definition asks for it.

    >>> str(Note(("schedule",), "the run starts now"))
    'schedule: the run starts now'
    """

    paths: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{', '.join(self.paths)}: {self.text}"


class DefinitionError(RunError):
    """A job definition holds what an isolated run cannot do; nothing has run.

    Attributes:
        problems: all of them.
    """

    def __init__(self, job: str, problems: Sequence[Problem]) -> None:
        places = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(
            f"the definition of job '{job}' has {plural(len(problems), 'place')} that cannot be executed here:{places}",
            hint="Run it in this process, without --isolated, or on a target: databricks bundle run.",
        )
        self.problems = tuple(problems)
