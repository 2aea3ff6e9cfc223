"""The trace of a body that branches."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lakewright.authoring.binding import bound
from lakewright.authoring.branching import Branches
from lakewright.authoring.described import local_functions, task_of_call
from lakewright.authoring.keys import keys_of, next_free
from lakewright.authoring.merging import Merged
from lakewright.authoring.steps import compared
from lakewright.authoring.task import TaskFunction
from lakewright.authoring.tracing import Trace
from lakewright.model.binding import Argument, Binding, Constant
from lakewright.model.comparison import EQUAL
from lakewright.model.dag import Dag
from lakewright.model.reference import Reference
from lakewright.model.task import DEFAULTS, Task, When

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.authoring.handle import Origin
    from lakewright.authoring.merging import Path
    from lakewright.authoring.step import Step
    from lakewright.authoring.tracing import Tracer
    from lakewright.model.parameter import Parameter

_ONE: Final = Constant("1")


def branched(tracer: Tracer, paths: Sequence[Path], parameters: Sequence[Parameter]) -> Trace:
    """What the paths through a body describe together.

    Raises:
        AuthoringError: no DAG can say it.
    """
    types = {parameter.name: parameter.type for parameter in parameters}
    branches = Branches(Merged(paths), types, tracer)
    calls = [step.call for step in branches.steps if step.call is not None]
    keys = keys_of(calls)
    names = _names(branches.steps, keys)
    dag = Dag(
        name=tracer.name,
        tasks=tuple(_task(step, keys, names) for step in branches.steps),
        parameters=tuple(parameters),
        result=None if branches.result is None else bound(branches.result, keys),
    )
    functions = {names[step]: _function(step) for step in branches.steps}
    return Trace(dag=dag, functions=functions, local_functions=local_functions(*(path.calls for path in paths)))


def _names(steps: Sequence[Step], keys: Mapping[Origin, str]) -> Mapping[Step, str]:
    taken = set(keys.values())
    counts: dict[str, int] = {}
    return {step: keys[step.call] if step.call is not None else next_free(step.name, counts, taken) for step in steps}


def _function(step: Step) -> TaskFunction[..., object]:
    return step.call.task if step.call is not None else TaskFunction(compared, name=step.name)


def _task(step: Step, keys: Mapping[Origin, str], names: Mapping[Step, str]) -> Task:
    when = tuple(When(names[condition], outcome) for condition, outcome in step.when)
    if step.call is not None:
        return replace(task_of_call(step.call, keys), when=when, gated=tuple(names[each] for each in step.gated))
    left: Binding = _ONE
    right: Binding = _ONE
    operator, text = EQUAL, ""
    if step.compared is not None:
        operator, text = step.compared.operator, step.compared.text
        left, right = bound(step.compared.left, keys), bound(step.compared.right, keys)
    return Task(
        key=names[step],
        function=Reference.of(compared),
        arguments=(Argument("left", left), Argument("right", right)),
        after=tuple(names[each] for each in step.after),
        settings=replace(DEFAULTS, run_if=step.rule),
        description=text,
        location=step.location,
        when=when,
        operator=operator,
    )
