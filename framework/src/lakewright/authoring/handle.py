"""Handles: what a task call and a job parameter stand for while a body is traced.

A handle is not data. Whatever would need the value is refused at the line where it is written; only the parts that the
producer's return annotation promises can be taken.
"""

from __future__ import annotations

from functools import partial
from typing import Final, Protocol

from lakewright.authoring.callsite import located, user_frame, variable_name
from lakewright.authoring.current import current_recorder
from lakewright.errors.authoring import AnnotationError, HandleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn

    from lakewright.authoring.current import Recorder
    from lakewright.authoring.shape import Shape
    from lakewright.model.parameter import ParameterType

_OPERATIONS: Final = {
    "__len__": "len()", "__str__": "str()",
    "__format__": "an f-string", "__bytes__": "bytes()", "__fspath__": "use as a path",
    "__int__": "int()", "__float__": "float()", "__complex__": "complex()", "__index__": "use as an index",
    "__hash__": "use as a dict key or in a set",
    "__add__": "+", "__radd__": "+", "__sub__": "-", "__rsub__": "-", "__mul__": "*", "__rmul__": "*",
    "__truediv__": "/", "__rtruediv__": "/", "__floordiv__": "//", "__rfloordiv__": "//",
    "__mod__": "%", "__rmod__": "%", "__divmod__": "divmod()", "__rdivmod__": "divmod()",
    "__pow__": "**", "__rpow__": "**", "__matmul__": "@", "__rmatmul__": "@",
    "__and__": "&", "__rand__": "&", "__or__": "|", "__ror__": "|", "__xor__": "^", "__rxor__": "^",
    "__lshift__": "<<", "__rlshift__": "<<", "__rshift__": ">>", "__rrshift__": ">>",
    "__neg__": "-", "__pos__": "+", "__invert__": "~", "__abs__": "abs()", "__round__": "round()",
    "__trunc__": "math.trunc()", "__floor__": "math.floor()", "__ceil__": "math.ceil()",
    "__call__": "calling it", "__enter__": "`with`", "__aenter__": "`async with`", "__await__": "await",
    "__next__": "next()", "__aiter__": "`async for`", "__reversed__": "reversed()",
    "__setitem__": "setting an item", "__delitem__": "deleting an item", "__setattr__": "setting an attribute",
    "__delattr__": "deleting an attribute", "__reduce_ex__": "pickling or copying it",
}  # fmt: skip  # a table reads better in rows


_LOOP: Final = "a loop or unpacking"


_COMPARISONS: Final = {"__eq__": "==", "__ne__": "!=", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


class Future:
    """What handles have in common: every operation that needs the value is refused."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return self._truth()

    def __contains__(self, item: object) -> bool:
        return self._contains(item)

    def lw_refuse(self, operation: str) -> NoReturn:
        """Raise an error that says why `operation` cannot be."""
        self._refuse(operation)

    def _truth(self) -> bool:
        self._refuse("a truth test")

    def _contains(self, item: object) -> bool:  # noqa: ARG002  whatever the item
        self._refuse("`in`")

    def _compared(self, symbol: str, other: object) -> object:  # noqa: ARG002  whatever the other
        self._refuse(symbol)

    def _refuse(self, operation: str) -> NoReturn:
        """Raise an error that says why `operation` cannot be, and the way out."""
        raise NotImplementedError


def _refusal(operation: str) -> Callable[..., NoReturn]:
    def refuse(self: Future, *_args: object) -> NoReturn:
        self._refuse(operation)

    return refuse


def _comparison(symbol: str) -> Callable[[Future, object], object]:
    def compare(self: Future, other: object) -> object:
        return self._compared(symbol, other)

    return compare


for _name, _operation in _OPERATIONS.items():
    setattr(Future, _name, _refusal(_operation))
for _name, _operation in _COMPARISONS.items():
    setattr(Future, _name, _comparison(_operation))

_set: Final = object.__setattr__


class Known(Future):
    """What the job knows when it runs, so that a body can branch on it: outputs and parameters."""

    __slots__ = ()

    @property
    def lw_record(self) -> Recorder:
        """The record of its body."""
        raise NotImplementedError

    def _truth(self) -> bool:
        return self._asked("a truth test").truth(self)

    def _contains(self, item: object) -> bool:
        return self._asked("`in`").contained(self, item)

    def _compared(self, symbol: str, other: object) -> object:
        return self._asked(symbol).compared(symbol, self, other)

    def _asked(self, operation: str) -> Recorder:
        """Whom to ask; nobody once the body has returned."""
        if current_recorder.get() is not self.lw_record:
            self._refuse(operation)
        return self.lw_record


class ParameterHandle(Known):
    """A job parameter inside a body."""

    __slots__ = ("lw_name", "lw_recorder", "lw_type")

    lw_recorder: Recorder
    lw_name: str
    lw_type: ParameterType

    def __init__(self, recorder: Recorder, name: str, kind: ParameterType) -> None:
        _set(self, "lw_recorder", recorder)
        _set(self, "lw_name", name)
        _set(self, "lw_type", kind)

    def __repr__(self) -> str:
        return f"<job parameter '{self.lw_name}'>"

    @property
    def lw_record(self) -> Recorder:
        """The record of its body."""
        return self.lw_recorder

    def _refuse(self, operation: str) -> NoReturn:
        frame = user_frame(self.lw_recorder.body)
        raise located(HandleError.parameter_needs_value(self.lw_name, operation), frame)

    def __iter__(self) -> Iterator[Handle]:
        if self.lw_type.kind != "list":
            self._refuse(_LOOP)
        return iter(self.lw_recorder.listed(self))

    def __getitem__(self, key: object) -> NoReturn:
        self._refuse(f"[{key!r}]")

    def __getattr__(self, name: str) -> NoReturn:
        _refuse_protocol(name)
        self._refuse(f".{name}")


class Producer(Protocol):
    """A task as its handles know it."""

    name: str
    function: Callable[..., object]

    @property
    def returns(self) -> str:
        """Its return annotation as its author wrote it."""

    @property
    def shape(self) -> Shape:
        """What its output consists of."""


class Origin(Protocol):
    """The call whose future output a handle is."""

    @property
    def task(self) -> Producer:
        """What was called."""

    @property
    def recorder(self) -> Recorder:
        """The record of the body."""


class Handle(Known):
    """The future output of a task, or a part of it."""

    __slots__ = ("lw_origin", "lw_path", "lw_shape")

    lw_origin: Origin
    lw_path: tuple[str | int, ...]
    lw_shape: Shape | None

    def __init__(self, origin: Origin, path: tuple[str | int, ...] = (), shape: Shape | None = None) -> None:
        _set(self, "lw_origin", origin)
        _set(self, "lw_path", path)
        _set(self, "lw_shape", shape)

    def __repr__(self) -> str:
        return f"<future output of task '{self.lw_origin.task.name}'>"

    @property
    def lw_record(self) -> Recorder:
        """The record of its body."""
        return self.lw_origin.recorder

    def _refuse(self, operation: str) -> NoReturn:
        task = self.lw_origin.task
        frame = user_frame(self.lw_origin.recorder.body)
        returns = str(self.lw_shape) if self.lw_shape else task.returns
        name = variable_name(frame, self)
        raise located(self._error(operation)(task.name, returns=returns, name=name), frame)

    def _error(self, operation: str) -> Callable[..., HandleError]:
        if operation == _LOOP:
            return HandleError.is_no_list
        return partial(HandleError.needs_value, operation=operation)

    def _part(self, step: str | int, shape: Shape) -> Handle:
        return Handle(self.lw_origin, (*self.lw_path, step), shape)

    def __getitem__(self, key: str | int) -> Handle:
        part = shape_of_handle(self).item(key)
        if part is None:
            self._refuse(f"[{key!r}]")
        return self._part(key, part)

    def __getattr__(self, name: str) -> Handle:
        _refuse_protocol(name)
        part = shape_of_handle(self).attribute(name)
        if part is None:
            self._refuse(f".{name}")
        return self._part(name, part)

    def __iter__(self) -> Iterator[Handle]:
        shape = shape_of_handle(self)
        if shape.arity is not None:
            return (self[index] for index in range(shape.arity))
        element = shape.element
        if element is None:
            self._refuse(_LOOP)
        return self.lw_origin.recorder.iterate(self, element)


def shape_of_handle(handle: Handle) -> Shape:
    """What the handle's value consists of; resolved from annotations when first asked for.

    Raises:
        AnnotationError: they name what the module does not have at run time.
    """
    if handle.lw_shape is not None:
        return handle.lw_shape
    try:
        shape = handle.lw_origin.task.shape
    except AnnotationError as error:
        raise located(error, user_frame(handle.lw_origin.recorder.body)) from error
    _set(handle, "lw_shape", shape)
    return shape


def _refuse_protocol(name: str) -> None:
    # `hasattr(handle, "__dataclass_fields__")` and its like are questions of libraries, not of users.
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
