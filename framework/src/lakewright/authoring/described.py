"""From recorded calls to the tasks that they describe, once calls have keys."""

from __future__ import annotations

from lakewright.authoring import callsite
from lakewright.authoring.binding import bound, over
from lakewright.authoring.handle import Handle
from lakewright.errors.authoring import SettingError, TraceError
from lakewright.model.binding import Argument, Output
from lakewright.model.loop import DEFAULT_CONCURRENCY, Loop
from lakewright.model.reference import LOCALS
from lakewright.model.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.authoring.call import AnyTask, Call
    from lakewright.authoring.handle import Origin
    from lakewright.authoring.passes import LoopedList
    from lakewright.model.task import IoSpec


def local_functions(*paths: Sequence[Call]) -> Mapping[str, AnyTask]:
    """Tasks that a body defines itself, by qualified name; each path through it defines them anew.

    Raises:
        TraceError: two on one path have the same.
    """
    found: dict[str, AnyTask] = {}
    for calls in paths:
        here: dict[str, Call] = {}
        for call in calls:
            name = call.task.function.__qualname__
            if LOCALS in name and here.setdefault(name, call).task.function is not call.task.function:
                message = f"two tasks that are defined inside the body have the name '{call.task.function.__name__}'"
                hint = "Define the task once, and pass what differs as an argument."
                raise callsite.with_excerpt(TraceError(message, location=call.location, hint=hint))
        found.update({name: call.task for name, call in here.items()})
    return found


def task_of_call(call: Call, keys: Mapping[Origin, str]) -> Task:
    """The task of a DAG that a call describes, once calls have keys."""
    task = call.task
    arguments = tuple(
        [
            # Nearly all that is no constant is the whole output of another call.
            Argument(
                name,
                Output(keys[draft.lw_origin], draft.lw_path) if type(draft) is Handle else bound(draft, keys),
                arrival,
            )
            for name, draft, arrival in call.arguments
        ]
    )
    after = tuple([keys[upstream] for upstream in call.after]) if call.after else ()
    io = None if task.io is None else _io_spec(call)
    loop = None if call.looped is None else _loop(call.looped, task, keys)
    # There is one for each call: naming the fields would take a third longer.
    return Task(keys[call], task.reference, arguments, after, task.settings, io, task.description, call.location, loop)


def _loop(looped: LoopedList, task: AnyTask, keys: Mapping[Origin, str]) -> Loop:
    return Loop(over(looped, keys), task.settings.concurrency or DEFAULT_CONCURRENCY)


def _io_spec(call: Call) -> IoSpec | None:
    try:
        return call.task.io_spec
    except SettingError as error:
        error.location = call.location
        raise callsite.with_excerpt(error) from error.__cause__
