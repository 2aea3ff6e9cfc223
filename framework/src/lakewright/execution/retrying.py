"""Which failed attempts are followed by another one, and when."""

from __future__ import annotations

import heapq
import json

from lakewright.errors.running import TimedOutError
from lakewright.execution.attempts import Next
from lakewright.execution.raised import kinds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.execution.attempts import Ended
    from lakewright.execution.plan import RunPlan
    from lakewright.model.task import TaskSettings


class Retries:
    """The retries of one run that wait for their time; times are seconds of any clock that only goes forward."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._waiting: list[tuple[float, str, Next]] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def follows(self, ended: Ended) -> bool:
        """Whether another attempt follows this one."""
        if ended.error is None:
            return False
        settings = self._plan.dag.task(ended.key).settings
        if self._failures(ended) > settings.retry.retries:
            return False
        return settings.retry.follows(kinds_of(ended.error)) and _may_follow(ended.error, settings)

    def put(self, ended: Ended, now: float) -> float:
        """Let another attempt follow; in how many seconds."""
        retry = self._plan.dag.task(ended.key).settings.retry
        wait = retry.wait(self._failures(ended), self._plan.chance() if retry.jitter else 0.0)
        following = Next(ended.key, ended.attempt + 1, ended, ended.iteration)
        heapq.heappush(self._waiting, (now + wait, ended.name, following))
        return wait

    def due(self, now: float) -> Next | None:
        """The attempt whose time has come first, if any has; it waits no longer."""
        if not self._waiting or self._waiting[0][0] > now:
            return None
        return heapq.heappop(self._waiting)[2]

    def wait(self, now: float) -> float | None:
        """In how many seconds the next attempt is due; None when none waits."""
        return max(0.0, self._waiting[0][0] - now) if self._waiting else None

    def drop(self) -> list[Next]:
        """Let no attempt follow any more; those that waited."""
        dropped = [following for _, _, following in self._waiting]
        self._waiting.clear()
        return dropped

    def _failures(self, ended: Ended) -> int:
        """How many attempts have failed in this run; those of an earlier process do not count."""
        return ended.attempt - self._plan.tried.get(ended.name, 0)


def _may_follow(error: BaseException, settings: TaskSettings) -> bool:
    """A retry is a retry, whatever ended the attempt before it; the platform's own field may say otherwise."""
    return not isinstance(error, TimedOutError) or bool(json.loads(settings.databricks).get("retry_on_timeout", True))
