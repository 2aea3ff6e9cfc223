"""Functions that decorators are put on: which can be a task or a body, and what they say that they return."""

from __future__ import annotations

from functools import update_wrapper
from types import FunctionType
from typing import Any, Final, ParamSpec, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

# Of a code object: a function that gives a generator or a coroutine, whatever it returns.
_GENERATOR_OR_COROUTINE: Final = 0x20 | 0x80 | 0x200


def not_a_plain_function(thing: object) -> str:
    """What a decorated thing is instead of a plain function; empty when it is one.

    >>> not_a_plain_function(lambda: 1)
    'a lambda: only a function with a name is found again by another process'
    """
    code = getattr(thing, "__code__", None)
    if code is None or isinstance(thing, type):
        return repr(thing)
    outer, _, name = getattr(thing, "__qualname__", "").rpartition(".")
    if code.co_flags & _GENERATOR_OR_COROUTINE:
        return f"a generator or coroutine, which '{name}' is"
    if name == "<lambda>":
        return "a lambda: only a function with a name is found again by another process"
    if outer and not outer.endswith("<locals>"):
        return f"the method '{outer}.{name}': it is a function of a module, or of a job's body"
    return ""


def returning(function: Callable[P, R], outputs: object) -> Callable[P, R]:
    """The same function, which says that it returns `outputs`: whoever takes that apart or keeps it looks there.

    Args:
        function: the user's own, which stays as it is.
        outputs: a type.

    >>> def pair(number):
    ...     return number, number
    >>> returning(pair, tuple[int, int]).__annotations__, pair.__annotations__
    ({'return': tuple[int, int]}, {})
    """
    assert isinstance(function, FunctionType)  # noqa: S101  the decorator has looked
    twin: Any = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    update_wrapper(twin, function)
    # Nothing is wrapped: the twin is the function, and has its own signature.
    del twin.__wrapped__
    twin.__kwdefaults__ = function.__kwdefaults__
    twin.__annotations__ = {**function.__annotations__, "return": outputs}
    return twin  # type: ignore[no-any-return]  # what a function says of itself can only be set on Any
