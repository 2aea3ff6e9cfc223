"""What happens in a run, as values that a progress display, a log or a report can listen to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Required

    from lakewright.model.states import State

    Listener = Callable[["TaskEvent"], None]

Kind: TypeAlias = Literal["started", "retrying", "ended", "stopping"]


class EventFields(TypedDict, total=False):
    """What a `TaskEvent` is made from."""

    kind: Required[Kind]
    key: Required[str]
    state: Required[State]
    attempt: int
    seconds: float
    wait: float
    rows: int | None
    error: BaseException | None
    reason: str
    cache: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEvent:
    """A task started, is about to be tried again, or ended; or (`stopping`, without a key) nothing more will start.

    Attributes:
        seconds: of the attempt (started: 0).
        wait: seconds until the next attempt, for `retrying`.
        rows: rows of the output, where it has rows.
        reason: why a task did not run; of one that has succeeded, where its output comes from (`attempt` is that of
            this run, 0 for another's).
        cache: of a task with `cache=True` that ran, why its output was not taken from an earlier run.
        summary: of a condition or a repeated task that ran, how it came out.
    """

    kind: Kind
    key: str
    state: State
    attempt: int = 1
    seconds: float = 0.0
    wait: float = 0.0
    rows: int | None = None
    error: BaseException | None = None
    reason: str = ""
    cache: str = ""
    summary: str = ""


def ignore(_event: TaskEvent) -> None:
    """A listener for runs that nobody watches."""
