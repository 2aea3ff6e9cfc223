"""Condition tasks in a run of this process: they start nothing, so they are judged where the run is."""

from __future__ import annotations

from lakewright.errors.running import RunError
from lakewright.execution.result import TaskOutcome
from lakewright.model import comparison
from lakewright.model.binding import Constant, Output, ParameterValue
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.execution.outputs import RunOutputs
    from lakewright.execution.plan import RunPlan
    from lakewright.model.binding import Binding
    from lakewright.model.task import Task


def decided(task: Task, plan: RunPlan, outputs: RunOutputs) -> TaskOutcome:
    """How a condition comes out; one that cannot be evaluated fails."""
    try:
        left, right = (_operand(argument.binding, plan, outputs) for argument in task.arguments)
        taken = comparison.outcome(task.operator, left, right)
    except RunError as error:
        return TaskOutcome(state=State.FAILED, seconds=(0.0,), last_attempt=1, error=error)
    reason = f"{comparison.shown(task.operator, left, right)} is {taken}"
    return TaskOutcome(state=State.SUCCESS, seconds=(0.0,), last_attempt=1, reason=reason, taken=taken)


def _operand(binding: Binding, plan: RunPlan, outputs: RunOutputs) -> str:
    """An operand as the platform sees it: text."""
    if isinstance(binding, ParameterValue):
        return plan.parameter_texts[binding.name]
    value = outputs.part(binding) if isinstance(binding, Output) else _constant(binding)
    return comparison.operand(value)


def _constant(binding: Binding) -> object:
    assert isinstance(binding, Constant)  # noqa: S101  conditions compare nothing else
    return binding.value(str)
