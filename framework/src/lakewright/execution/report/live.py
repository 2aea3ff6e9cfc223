"""The evidence of a run in this process: a recorder listens to it, the result says how it ended."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

from lakewright.execution.raised import raised
from lakewright.execution.report.build import Ended, Evidence
from lakewright.execution.report.tracebacks import user_traceback
from lakewright.execution.report.view import AttemptView, ErrorView

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.execution.events import TaskEvent
    from lakewright.execution.result import RunResult

# What a terminal takes as colour, movement or a title.
_ESCAPES: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def _utc() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(kw_only=True)
class Recorder:
    """Listens to the events of one run; made just before the run starts.

    Attributes:
        root: paths below it are shown relative to it.
        attempts: of each task, in order.
        started: when the run started.
    """

    root: Path = field(default_factory=Path.cwd)
    clock: Callable[[], float] = time.perf_counter
    now: Callable[[], datetime] = _utc
    attempts: dict[str, tuple[AttemptView, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.started = self.now()
        self._zero = self.clock()

    def listen(self, event: TaskEvent) -> None:
        """Take note of an attempt that ended; a task that never ran has none."""
        if event.kind == "started" or event.reason:
            return
        # The event comes in after the fact: what is sure is how long the attempt took.
        start = max(0.0, self.clock() - self._zero - event.seconds)
        attempt = AttemptView(
            number=event.attempt,
            start=start,
            seconds=event.seconds,
            state=event.state.value,
            error=error_view(event.error, self.root) if event.error else None,
        )
        self.attempts[event.key] = (*self.attempts.get(event.key, ()), attempt)

    def evidence(
        self,
        result: RunResult[object],
        *,
        parameters: Mapping[str, str] | None = None,
        logs: Mapping[tuple[str, int], str] | None = None,
        revision: str = "",
        target: str = "local",
    ) -> Evidence:
        """What is known of the run now that it has ended.

        Args:
            result: how it ended.
            parameters: the text of each.
            logs: what each attempt printed, by key and number.
            revision: the commit of the code.
            target: its name.
        """
        tasks = {
            key: Ended(
                state=outcome.state,
                attempts=tuple(_with_log(each, (logs or {}).get((key, each.number), "")) for each in self._of(key)),
                record=outcome.record,
                reason=outcome.reason,
            )
            for key, outcome in result.outcomes.items()
        }
        return Evidence(
            run_id=result.run_id,
            started=self.started,
            seconds=result.seconds,
            tasks=tasks,
            folder=result.paths.folder,
            parameters=parameters or {},
            revision=revision,
            target=target,
            root=self.root,
        )

    def _of(self, key: str) -> tuple[AttemptView, ...]:
        return self.attempts.get(key, ())


def error_view(error: BaseException, root: Path) -> ErrorView:
    """An error with the user's own frames."""
    what = raised(error)
    return ErrorView(type=what.kind, message=plain(what.message), traceback=user_traceback(error, root))


def _with_log(attempt: AttemptView, log: str) -> AttemptView:
    return replace(attempt, log=plain(log)) if log else attempt


def plain(text: str) -> str:
    r"""Text without what only a terminal understands; of a line that was written over, the last state.

    >>> plain("\x1b[31mred\x1b[0m")
    'red'
    >>> plain("10 %\r20 %\r\ndone\r\n")
    '20 %\ndone\n'
    """
    lines = _ESCAPES.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rpartition("\r")[2] for line in lines)
