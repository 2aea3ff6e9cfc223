"""What becomes of a task once all that it depends on has ended: the rules of `model.states`, and outcomes."""

from __future__ import annotations

from typing import NamedTuple

from lakewright.model.states import Rule, State, Verdict, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    class Ended(Protocol):
        """How a task has ended."""

        @property
        def state(self) -> State:
            """The state that it ended in."""

        @property
        def taken(self) -> str:
            """Of a condition, `"true"` or `"false"`."""


class Need(NamedTuple):
    """A task that must have ended first; of a condition perhaps with this outcome."""

    key: str
    outcome: str | None = None


def verdict(rule: Rule, needs: Sequence[Need], ended: Mapping[str, Ended]) -> Verdict:
    """Whether a task runs.

    An outcome must be met for the task to run. So a condition that went the other way (or was itself excluded) excludes
    a task that wants everything to succeed; for the other rules it is one excluded parent among others.
    """
    parents = [
        (need.key, State.EXCLUDED if _is_untaken(need, ended[need.key]) else ended[need.key].state) for need in needs
    ]
    judged = judge(rule, parents)
    untaken = [need for need in needs if _is_untaken(need, ended[need.key])]
    if not untaken or (judged.runs and rule is not Rule.ALL_SUCCESS) or judged.state is State.UPSTREAM_FAILED:
        return judged
    reason = ", ".join(f"{need.key} is not {need.outcome}" for need in untaken)
    return Verdict(runs=False, state=State.EXCLUDED, reason=f"excluded: {reason}")


def _is_untaken(need: Need, condition: Ended) -> bool:
    return need.outcome is not None and (
        condition.state is State.EXCLUDED or (condition.state is State.SUCCESS and condition.taken != need.outcome)
    )
