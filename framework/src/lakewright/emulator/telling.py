"""What an isolated run tells while it goes on: the same events as a run in one process."""

from __future__ import annotations

from lakewright.execution.events import TaskEvent
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.emulator.outcomes import Attempt, Outcome
    from lakewright.execution.events import Listener


class Teller:
    """Tells events to whoever listens.

    Args:
        listener: is told.
        tried: how many attempts earlier processes of the run have made, by what was tried.
    """

    def __init__(self, listener: Listener, tried: Mapping[str, int]) -> None:
        self._listener = listener
        self._tried = tried
        self._started: set[str] = set()

    def started(self, key: str, attempt: int | None = None) -> None:
        """An attempt of a task starts; without a number, a task that starts no process of its own."""
        self._started.add(key)
        self._listener(TaskEvent(kind="started", key=key, state=State.RUNNING, attempt=attempt or self._next(key)))

    def retrying(self, name: str, failed: Attempt, wait: float) -> None:
        """An attempt has failed, and another one follows."""
        self._listener(
            TaskEvent(
                kind="retrying",
                key=name,
                state=failed.state,
                attempt=failed.number,
                seconds=failed.seconds,
                wait=wait,
                error=failed.error,
            )
        )

    def stopping(self, reason: str) -> None:
        """Nothing more is started."""
        self._listener(TaskEvent(kind="stopping", key="", state=State.CANCELLED, reason=reason))

    def ended(self, name: str, outcome: Outcome) -> None:
        """A task, or an iteration of one, has ended, or does not run."""
        if outcome.attempts:
            self._tried_for_the_last_time(name, outcome)
        elif name in self._started:
            self._came_out(name, outcome)
        else:
            attempt = max(1, self._tried.get(name, 0))
            self._listener(
                TaskEvent(
                    kind="ended",
                    key=name,
                    state=outcome.state,
                    attempt=attempt,
                    rows=outcome.rows,
                    reason=outcome.reason,
                )
            )

    def _tried_for_the_last_time(self, name: str, outcome: Outcome) -> None:
        last = outcome.attempts[-1]
        self._listener(
            TaskEvent(
                kind="ended",
                key=name,
                state=outcome.state,
                attempt=last.number,
                seconds=last.seconds,
                rows=last.rows,
                error=outcome.error,
            )
        )

    def _came_out(self, name: str, outcome: Outcome) -> None:
        """A condition or a for-each, which have no process of their own."""
        self._listener(
            TaskEvent(
                kind="ended",
                key=name,
                state=outcome.state,
                attempt=self._next(name),
                seconds=outcome.took,
                error=outcome.error,
                summary=outcome.reason,
            )
        )

    def _next(self, key: str) -> int:
        return self._tried.get(key, 0) + 1
