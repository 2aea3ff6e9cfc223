"""What may be done while a body is read: only what has no effect, and runs no code of the user's."""

from __future__ import annotations

import builtins
import inspect
from dataclasses import is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, EnumMeta
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, GenericAlias, MethodType, ModuleType
from typing import Any, Final

from lakewright.authoring.handle import Future
from lakewright.authoring.unknown import Unknown

_OURS: Final = "lakewright"
_SCALARS: Final[tuple[type, ...]] = (
    str,
    int,
    float,
    complex,
    bool,
    bytes,
    type(None),
    type(Ellipsis),
    date,
    time,
    timedelta,
    timezone,
)
_CONTAINERS: Final[tuple[type, ...]] = (
    list,
    tuple,
    dict,
    set,
    frozenset,
    range,
    slice,
    type({}.keys()),
    type({}.values()),
)
_ITERATORS: Final[tuple[type, ...]] = (
    enumerate,
    zip,
    map,
    filter,
    reversed,
    type(iter([])),
    type(iter(())),
    type({}.items()),
)
_PLAIN: Final = (*_SCALARS, *_CONTAINERS, *_ITERATORS, Decimal, PurePath)
_CLASSES: Final = (*_SCALARS[:6], *_CONTAINERS[:7], date, datetime, time, timedelta, timezone, Decimal, PurePath)
_CLOCKS: Final = frozenset({"now", "today", "utcnow", "cwd", "home", "exists", "is_file", "is_dir", "iterdir", "glob"})
_FUNCTIONS: Final = frozenset(
    {
        abs, all, any, chr, divmod, enumerate, filter, isinstance, issubclass, iter, len, map, max, min, next, ord, pow,
        repr, reversed, round, sorted, sum, type, zip,
    }
)  # fmt: skip  # a table reads better in rows
_OUR_FUNCTIONS: Final = frozenset(
    {"after", "bind", "bound_to", "bucket", "cluster", "get_uri", "job", "local", "map", "named", "options", "pipeline"}
    | {"serverless", "task", "vm", "step", "job_start_date", "job_cluster", "existing_cluster"}
    # What decorators with settings give.
    | {"<lambda>"}
)
_CHANGING: Final = frozenset(
    {"add", "append", "clear", "difference_update", "discard", "extend", "insert", "intersection_update", "pop"}
    | {"popitem", "remove", "reverse", "setdefault", "sort", "symmetric_difference_update", "update"}
)
_MAKING: Final = frozenset({"copy", "partition", "rsplit", "sorted", "split", "splitlines"})
_SPEECH: Final = frozenset({"critical", "debug", "error", "exception", "info", "log", "warn", "warning"})
# The file of functions that a decorator has written, such as `__init__` of dataclasses.
_WRITTEN: Final = "<string>"


def is_ours(value: object) -> bool:
    """Whether a value is of a type, or is something, of this package."""
    kind = value if isinstance(value, (type, FunctionType)) else type(value)
    return f"{kind.__module__}.".startswith(f"{_OURS}.")


def is_plain(value: object) -> bool:
    """Whether operators and functions of Python may be given a value: no code of the user's runs then."""
    kind = type(value)
    if kind in _PLAIN or isinstance(value, (Future, Enum, type, GenericAlias, PurePath)):
        return True
    return is_ours(value) or kind.__name__ == "generator" or is_record(kind)


def is_record(kind: type) -> bool:
    """Whether a class only holds fields: a dataclass, a NamedTuple or a TypedDict whose methods nobody has written."""
    if is_dataclass(kind):
        return not hasattr(kind, "__post_init__") and _is_written(kind.__init__)
    return issubclass(kind, tuple) and hasattr(kind, "_fields") and _is_written(kind.__new__)


def _is_written(method: object) -> bool:
    code = getattr(method, "__code__", None)
    return code is not None and (code.co_filename == _WRITTEN or code.co_filename.startswith("<string"))


def may_be_called(function: object) -> bool:
    """Whether calling a function has no effect but its result."""
    if isinstance(function, type):
        return _may_be_made(function)
    if isinstance(function, BuiltinFunctionType):
        owner = function.__self__
        if isinstance(owner, ModuleType) or owner is None:
            return owner is builtins and function in _FUNCTIONS
        return function.__name__ not in _CLOCKS and is_plain(owner)
    if isinstance(function, (FunctionType, MethodType)):
        return _is_function_of_ours(function)
    return False


def changes_owner(function: object) -> bool:
    """Whether calling a method changes the container that it belongs to."""
    owner = getattr(function, "__self__", None)
    return isinstance(owner, (list, dict, set)) and getattr(function, "__name__", "") in _CHANGING


def makes_anew(function: object) -> bool:
    """Whether what a function gives was not there before."""
    return function in {list, dict, set} if isinstance(function, type) else getattr(function, "__name__", "") in _MAKING


def _may_be_made(kind: type) -> bool:
    if kind in _FUNCTIONS or kind in _CLASSES or issubclass(kind, (PurePath, dict)) or isinstance(kind, EnumMeta):
        return True
    return is_record(kind) or (is_ours(kind) and is_dataclass(kind))


def _is_function_of_ours(function: FunctionType | MethodType) -> bool:
    owner: Any = getattr(function, "__self__", None)
    if isinstance(owner, PurePath):
        return function.__name__ not in _CLOCKS and not function.__name__.startswith(("read", "write", "open"))
    code = getattr(function, "__code__", None)
    return function.__name__ in _OUR_FUNCTIONS and code is not None and is_ours(owner or function)


def is_speech(function: object) -> bool:
    """Whether a function only tells people something: no DAG depends on it."""
    if function is print:
        return True
    owner = getattr(function, "__self__", None)
    name = getattr(function, "__name__", "")
    if isinstance(function, MethodType):
        return name in _SPEECH and type(owner).__module__ == "logging"
    return isinstance(function, FunctionType) and name in _SPEECH and function.__module__ in {"logging", "warnings"}


def attribute(value: object, name: str) -> object:
    """An attribute that is there without running code of the user's.

    Raises:
        LookupError: there may be none, or it is computed.
    """
    if isinstance(value, ModuleType):
        return _of_module(value, name)
    if isinstance(value, type) and not is_ours(value):
        return _of_class(value, name)
    if not (isinstance(value, (Future, PurePath)) or type(value) in _PLAIN or is_ours(value) or _is_field(value, name)):
        raise LookupError(name)
    return getattr(value, name)


def _is_field(value: object, name: str) -> bool:
    """Whether an attribute of an object is only looked up."""
    kind = type(value)
    fields: Any = getattr(kind, "__dataclass_fields__", None) or getattr(kind, "_fields", ())
    return name in fields or (isinstance(value, Enum) and name in {"name", "value"}) or kind.__module__ == "logging"


def _of_module(module: ModuleType, name: str) -> object:
    if name in vars(module) and not isinstance(vars(module)[name], Unknown):
        return vars(module)[name]
    if f"{module.__name__}.".startswith(f"{_OURS}."):
        # Its names are loaded when somebody asks.
        return getattr(module, name)
    raise LookupError(name)


def _of_class(kind: type, name: str) -> object:
    found = inspect.getattr_static(kind, name, None)
    is_simple = type(kind) is type and isinstance(found, (FunctionType, staticmethod, *_PLAIN))
    if kind in _CLASSES or is_simple or name in getattr(kind, "__members__", ()):
        return getattr(kind, name)
    raise LookupError(name)
