"""The evidence of an isolated run: a recorder hears when attempts were, the result says what they were."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

from lakewright.emulator.tracebacks import last_raised
from lakewright.execution.report.build import Ended, Evidence
from lakewright.execution.report.iterations import read_iterations
from lakewright.execution.report.plain import plain, read_log
from lakewright.execution.report.trim import LEVELS
from lakewright.execution.report.view import AttemptView, ErrorView
from lakewright.io.commit import read_record
from lakewright.model.states import FAILURES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lakewright.emulator.outcomes import Attempt, IsolatedResult, Outcome
    from lakewright.errors.raised import Frame
    from lakewright.execution.events import TaskEvent

_ROOM: Final = LEVELS[0].failed


def _utc() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(kw_only=True)
class Recorder:
    """Listens to the events of one isolated run; made just before the run starts.

    Attributes:
        root: paths below it are shown relative to it.
        started: when the run started.
    """

    root: Path = field(default_factory=Path.cwd)
    clock: Callable[[], float] = time.perf_counter
    now: Callable[[], datetime] = _utc

    def __post_init__(self) -> None:
        self.started = self.now()
        self._zero = self.clock()
        self._starts: dict[tuple[str, int], float] = {}
        self._ends: dict[str, float] = {}

    def listen(self, event: TaskEvent) -> None:
        """Take note of when an attempt started, and when its task ended."""
        moment = self.clock() - self._zero
        if event.kind == "started":
            self._starts[event.key, event.attempt] = moment
        else:
            self._ends[event.key] = moment

    def evidence(
        self, result: IsolatedResult, keys: Iterable[str], *, parameters: Mapping[str, str], target: str
    ) -> Evidence:
        """What is known of the run now that it has ended.

        Args:
            result: how it ended.
            keys: the tasks of the DAG.
            parameters: the text of each.
            target: its name.
        """
        return Evidence(
            run_id=result.paths.run_id,
            started=self.started,
            seconds=result.seconds,
            tasks={key: self._ended(key, result) for key in keys},
            folder=result.paths.folder,
            parameters=parameters,
            target=target,
            root=self.root,
        )

    def _ended(self, key: str, result: IsolatedResult) -> Ended:
        outcome = result.outcomes[key]
        attempts = tuple(self._view(key, each) for each in outcome.attempts) or self._whole(key, result)
        return Ended(outcome.state, attempts, read_record(result.paths, key), "" if attempts else outcome.reason)

    def _view(self, key: str, attempt: Attempt) -> AttemptView:
        log, cut = read_log(attempt.log, _ROOM)
        return AttemptView(
            number=attempt.number,
            start=self._starts.get((key, attempt.number), 0.0),
            seconds=attempt.seconds,
            state=attempt.state.value,
            error=self._error(attempt) if attempt.state in FAILURES else None,
            log=log,
            cut=cut,
        )

    def _whole(self, key: str, result: IsolatedResult) -> tuple[AttemptView, ...]:
        """A condition or a for-each, which have no process of their own, as one attempt."""
        if (key, 1) not in self._starts:
            return ()
        outcome, start = result.outcomes[key], self._starts[key, 1]
        log, cut = (
            read_iterations(result.paths, key, _ROOM) if outcome.iterations else (f"{plain(outcome.reason)}\n", 0)
        )
        view = AttemptView(
            number=1,
            start=start,
            seconds=self._ends[key] - start,
            state=outcome.state.value,
            error=self._of_iterations(outcome) if outcome.state in FAILURES else None,
            log=log,
            cut=cut,
        )
        return (view,)

    def _of_iterations(self, outcome: Outcome) -> ErrorView:
        """Why a for-each failed: as the first of its iterations did, and which others."""
        attempts = [each.attempts[-1] for each in outcome.iterations if each.state in FAILURES and each.attempts]
        if not attempts:
            return ErrorView(type=outcome.state.value.replace("_", " "), message=plain(outcome.reason))
        error = self._error(attempts[0])
        return replace(error, message=f"{error.message}\n{plain(outcome.reason)}")

    def _error(self, attempt: Attempt) -> ErrorView:
        raised = last_raised(attempt.log)
        if raised is None or not attempt.reason.startswith(raised.error):
            return ErrorView(type=attempt.state.value.replace("_", " "), message=plain(attempt.reason))
        kind, _, message = attempt.reason.partition(": ")
        return ErrorView(type=kind, message=plain(message), traceback=self._traceback(raised.frame))

    def _traceback(self, frame: Frame | None) -> str:
        return f"{self._shown(frame.file)}:{frame.line}  in {frame.function}\n    {frame.source}" if frame else ""

    def _shown(self, file: str) -> str:
        return file.removeprefix(f"{self.root}/")
