"""Bodies as tests trace them."""

import inspect
from collections.abc import Callable

from lakewright.authoring.body import Body
from lakewright.authoring.tracing import Trace
from lakewright.model.dag import Dag


def trace(function: Callable[..., object], *, name: str = "daily") -> Trace:
    """What a body describes."""
    return Body(function, name=name).trace()


def dag_of(function: Callable[..., object]) -> Dag:
    """The DAG of a body."""
    return trace(function).dag


def line_of(function: Callable[..., object], text: str) -> int:
    """The line of a function's source that holds a text; there is one."""
    lines, first = inspect.getsourcelines(function)
    (found,) = [number for number, line in enumerate(lines, first) if text in line]
    return found
