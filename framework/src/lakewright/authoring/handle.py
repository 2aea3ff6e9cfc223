"""Handles: what a task call and a job parameter stand for while a body is traced.

A handle is not data. Whatever would need the value is refused at the line where it is written; only the parts that the
producer's return annotation promises can be taken.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from lakewright.authoring.callsite import located, user_frame, variable_name
from lakewright.errors.authoring import HandleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn

    from lakewright.authoring.shape import Shape
    from lakewright.authoring.tracing import Call, Tracer

_OPERATIONS: Final = {
    "__bool__": "a truth test", "__len__": "len()", "__contains__": "`in`", "__str__": "str()", "__format__": "an f-string",
    "__int__": "int()", "__float__": "float()", "__complex__": "complex()", "__index__": "use as an index", "__hash__": "use as a dict key or in a set",
    "__eq__": "==", "__ne__": "!=", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">=",
    "__add__": "+", "__radd__": "+", "__sub__": "-", "__rsub__": "-", "__mul__": "*", "__rmul__": "*", "__truediv__": "/",
    "__rtruediv__": "/", "__floordiv__": "//", "__rfloordiv__": "//", "__mod__": "%", "__rmod__": "%", "__pow__": "**",
    "__rpow__": "**", "__matmul__": "@", "__rmatmul__": "@", "__and__": "&", "__rand__": "&", "__or__": "|", "__ror__": "|",
    "__xor__": "^", "__rxor__": "^", "__lshift__": "<<", "__rshift__": ">>", "__neg__": "-", "__pos__": "+", "__invert__": "~",
    "__abs__": "abs()", "__round__": "round()", "__call__": "calling it", "__enter__": "`with`", "__await__": "await",
    "__next__": "next()", "__reversed__": "reversed()", "__fspath__": "use as a path", "__bytes__": "bytes()",
    "__setitem__": "item assignment", "__delitem__": "del", "__reduce_ex__": "pickling or copying it",
}  # fmt: skip  # a table reads better in rows


class Future(ABC):
    """What handles have in common: every operation that needs the value is refused."""

    __slots__ = ()

    @abstractmethod
    def _refuse(self, operation: str) -> NoReturn:
        """Raise an error that says why `operation` cannot be, and the way out."""


def _refusal(operation: str) -> Callable[..., NoReturn]:
    def refuse(self: Future, *_args: object) -> NoReturn:
        self._refuse(operation)

    return refuse


for _name, _operation in _OPERATIONS.items():
    setattr(Future, _name, _refusal(_operation))


class ParameterHandle(Future):
    """A job parameter inside a body."""

    __slots__ = ("lw_name", "lw_tracer")

    def __init__(self, tracer: Tracer, name: str) -> None:
        self.lw_tracer = tracer
        self.lw_name = name

    def __repr__(self) -> str:
        return f"<job parameter '{self.lw_name}'>"

    def _refuse(self, operation: str) -> NoReturn:
        raise located(HandleError.parameter_needs_value(self.lw_name, operation))

    def __iter__(self) -> NoReturn:
        self._refuse("a loop")

    def __getitem__(self, key: object) -> NoReturn:
        self._refuse(f"[{key!r}]")

    def __getattr__(self, name: str) -> NoReturn:
        _refuse_protocol(name)
        self._refuse(f".{name}")


class Handle(Future):
    """The future output of a task, or a part of it."""

    __slots__ = ("lw_call", "lw_path", "lw_shape")

    def __init__(self, call: Call, path: tuple[str | int, ...] = (), shape: Shape | None = None) -> None:
        self.lw_call = call
        self.lw_path = path
        self.lw_shape = shape

    def __repr__(self) -> str:
        return f"<future output of task '{self.lw_call.name}'>"

    def _refuse(self, operation: str) -> NoReturn:
        frame = user_frame()
        name = variable_name(frame, self)
        raise located(
            HandleError.needs_value(self.lw_call.name, operation, returns=str(_shape_of(self)), name=name), frame
        )

    def __getitem__(self, key: str | int) -> Handle:
        shape = _shape_of(self)
        part = shape.item(key)
        if part is None:
            self._refuse(f"[{key!r}]")
        return Handle(self.lw_call, (*self.lw_path, key), part)

    def __getattr__(self, name: str) -> Handle:
        _refuse_protocol(name)
        part = _shape_of(self).attribute(name)
        if part is None:
            self._refuse(f".{name}")
        return Handle(self.lw_call, (*self.lw_path, name), part)

    def __iter__(self) -> Iterator[Handle]:
        shape = _shape_of(self)
        if shape.arity is None:
            self._refuse("a loop or unpacking")
        return (self[index] for index in range(shape.arity))


def _shape_of(handle: Handle) -> Shape:
    """What the handle's value consists of; resolved from annotations when first asked for."""
    if handle.lw_shape is None:
        # Type hints are only resolved for handles that someone takes apart.
        from lakewright.authoring.shape import shape_of_return

        handle.lw_shape = shape_of_return(handle.lw_call.task.function)
    return handle.lw_shape


def _refuse_protocol(name: str) -> None:
    # `hasattr(handle, "__dataclass_fields__")` and its like are questions of libraries, not of users.
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
