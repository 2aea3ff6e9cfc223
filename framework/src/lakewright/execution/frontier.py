"""How far a run has come: which tasks have ended, which wait for which, and what becomes of those that wait no more."""

from __future__ import annotations

from lakewright.model.judging import verdict
from lakewright.model.states import RUN, Rule, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.result import TaskOutcome
    from lakewright.model.states import Verdict


class Frontier:
    """The line between the tasks that have ended and those that have not.

    Attributes:
        outcomes: how tasks have ended so far, those included that do not run.
    """

    def __init__(self, plan: RunPlan) -> None:
        self.outcomes: dict[str, TaskOutcome] = dict(plan.beforehand)
        self._dag = plan.dag
        self._left_out = plan.left_out
        self._waits_for = {
            key: sum(upstream not in self.outcomes for upstream in self._dag.upstream(key))
            for key in self._dag.nodes
            if key not in self.outcomes
        }

    def first(self) -> list[str]:
        """Tasks that wait for nothing from the start."""
        return [key for key, count in self._waits_for.items() if not count]

    def end(self, key: str, outcome: TaskOutcome) -> list[str]:
        """Take note of how a task ended; its children that wait for nothing more."""
        self.outcomes[key] = outcome
        free: list[str] = []
        for child in self._dag.downstream(key):
            if child in self._waits_for:
                self._waits_for[child] -= 1
                if not self._waits_for[child]:
                    free.append(child)
        return free

    def verdict(self, key: str) -> Verdict:
        """What becomes of a task whose parents have all ended; it is judged as if those left out were not there."""
        task = self._dag.task(key)
        rule = Rule(task.settings.run_if)
        if task.when:
            needs = [need for need in self._dag.needs(key) if need.key not in self._left_out]
            return verdict(rule, needs, self.outcomes)
        parents = [
            (parent, self.outcomes[parent].state) for parent in self._dag.upstream(key) if parent not in self._left_out
        ]
        return judge(rule, parents) if parents else RUN
