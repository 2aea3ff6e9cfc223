"""What the calling code is part of: the body that is being traced, the task that is running, or neither."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Final, Protocol, TypeVar

from lakewright.errors.base import LakewrightError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from types import CodeType, FrameType

    from lakewright.errors.base import Location
    from lakewright.model.target import TargetValues

E = TypeVar("E", bound=LakewrightError)


class Owner(Protocol):
    """Whatever arguments belong to, as errors about them know it.

    Attributes:
        name: the job's name.
    """

    name: str

    def located(self, error: E) -> E:
        """An error with the user's line that it is about."""


class Recorder(Owner, Protocol):
    """Records the task calls of one body.

    Attributes:
        body: the code that is being traced.
        refusal: the first error of ours that was raised in the body, whether the body caught it or not.
    """

    body: CodeType
    refusal: LakewrightError | None

    def record(self, task: Any, args: tuple[object, ...], kwargs: Mapping[str, object]) -> object:  # noqa: ANN401  a task of any signature
        """What stands for the output of a call."""

    def part(self, name: str, code: CodeType) -> AbstractContextManager[None]:
        """Records the calls of another body as a part of this one."""

    def compared(self, symbol: str, handle: Any, other: object) -> object:  # noqa: ANN401  a handle
        """The condition that a comparison of a handle gives."""

    def truth(self, handle: Any) -> bool:  # noqa: ANN401  as above
        """Whether a future value is true, on the path that is traced."""

    def contained(self, handle: Any, item: object) -> bool:  # noqa: ANN401  as above
        """Whether an item is in a future value, on the path that is traced."""

    def decide(self, comparison: Any) -> bool:  # noqa: ANN401  a `conditions.Comparison`
        """The outcome of a comparison, on the path that is traced."""

    def iterate(self, handle: Any, element: Any) -> Iterator[Any]:  # noqa: ANN401  a handle, and the shape of its items
        """The element of a future list, once a pass."""

    def listed(self, parameter: Any) -> Iterable[Any]:  # noqa: ANN401  the handle of a parameter
        """The handle of a task that gives the value of a list parameter."""


class Reading(Protocol):
    """A body that is read."""

    @property
    def frame(self) -> FrameType:
        """Where the reader stands."""

    @property
    def location(self) -> Location:
        """The same, as errors show it."""

    def entered(self, function: Any, given: Mapping[str, object]) -> object:  # noqa: ANN401  a function of any signature
        """What a function returns that is read in turn."""


class RunningTask(Protocol):
    """What a task knows of the run it is part of.

    Attributes:
        target_values: the target's name and places.
    """

    target_values: TargetValues


# Set by the tracer for the time of a body.
current_recorder: Final[ContextVar[Recorder | None]] = ContextVar("lakewright_recorder", default=None)

# Set for the time of a body that runs as plain Python: there outputs are data.
eager: Final[ContextVar[bool]] = ContextVar("lakewright_eager", default=False)

# Set for the time that a body is read instead of run: nothing of it stands on the interpreter's own stack then.
current_reading: Final[ContextVar[Reading | None]] = ContextVar("lakewright_reading", default=None)

# Set by the execution floor for the time of a task: inside of it tasks are plain functions, whatever else is traced.
running_task: Final[ContextVar[RunningTask | None]] = ContextVar("lakewright_running_task", default=None)
