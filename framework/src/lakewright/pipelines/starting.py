"""A job as a task of another one."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import ParamSpec

from lakewright.authoring.callsite import located
from lakewright.authoring.current import current_recorder
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import NestedJobError
from lakewright.model.task import DEFAULTS
from lakewright.text.names import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

P = ParamSpec("P")


def starter(body: Callable[P, object], start: Callable[..., None], *, name: str) -> TaskFunction[P, None]:
    """The task that starts a job.

    Args:
        body: of the job.
        start: runs it with values of parameters by their names.
        name: of the job.

    Raises:
        NestedJobError: the body of the job itself asks.
    """
    recorder = current_recorder.get()
    if recorder is not None and recorder.body is body.__code__:
        message = f"job '{name}' starts itself, so it would never end"
        raise located(NestedJobError(message, hint="Give it a schedule, or start it from another job."))
    signature = inspect.signature(body)

    def started(*args: P.args, **kwargs: P.kwargs) -> None:
        start(**signature.bind(*args, **kwargs).arguments)

    # Other processes find it as the method of the job that stands there.
    started.__module__, started.__qualname__ = body.__module__, f"{body.__qualname__}.{start.__name__}"
    started.__doc__ = body.__doc__
    described: Any = started
    described.__signature__ = signature.replace(return_annotation=None)
    return TaskFunction(started, name=slug(name) or "job", settings=replace(DEFAULTS, starts=name))
