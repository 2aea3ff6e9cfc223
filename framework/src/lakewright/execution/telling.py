"""What a run tells while it goes on, to whoever listens."""

from __future__ import annotations

from lakewright.execution.events import TaskEvent, ignore
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Unpack

    from lakewright.execution.attempts import Ended
    from lakewright.execution.events import EventFields, Listener
    from lakewright.execution.result import TaskOutcome
    from lakewright.model.record import CommitRecord
    from lakewright.model.states import Verdict


class Teller:
    """Tells events to a listener; where nobody listens, none is made."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def _tell(self, **fields: Unpack[EventFields]) -> None:
        if self._listener is not ignore:
            self._listener(TaskEvent(**fields))

    def started(self, key: str, attempt: int = 1) -> None:
        """An attempt of a task starts."""
        self._tell(kind="started", key=key, state=State.RUNNING, attempt=attempt)

    def skipped(self, key: str, verdict: Verdict) -> None:
        """A task does not run."""
        self._tell(kind="ended", key=key, state=verdict.state, reason=verdict.reason)

    def taken(self, record: CommitRecord, reason: str, *, attempt: int = 0) -> None:
        """A task need not run: its output is there; of this run's own, the attempt that made it."""
        self._tell(kind="ended", key=record.task, state=State.SUCCESS, attempt=attempt, rows=record.rows, reason=reason)

    def retrying(self, failed: Ended, wait: float) -> None:
        """An attempt has failed, and another one follows."""
        self._tell(
            kind="retrying",
            key=failed.name,
            state=State.FAILED,
            attempt=failed.attempt,
            seconds=failed.seconds,
            wait=wait,
            error=failed.error,
        )

    def ended(self, ended: Ended, state: State) -> None:
        """An iteration of a repeated task was tried for the last time."""
        self._tell(
            kind="ended",
            key=ended.name,
            state=state,
            attempt=ended.attempt,
            seconds=ended.seconds,
            rows=ended.record.rows if ended.record else None,
            error=ended.error,
        )

    def finished(self, key: str, outcome: TaskOutcome) -> None:
        """A task was tried for the last time."""
        self._tell(
            kind="ended",
            key=key,
            state=outcome.state,
            attempt=outcome.last_attempt,
            seconds=outcome.seconds[-1],
            rows=outcome.record.rows if outcome.record else None,
            error=outcome.error,
            cache=outcome.cache,
            summary=outcome.reason,
        )

    def stopping(self, reason: str) -> None:
        """Nothing more is started."""
        self._tell(kind="stopping", key="", state=State.CANCELLED, reason=reason)
