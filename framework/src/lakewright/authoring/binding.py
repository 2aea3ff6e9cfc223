"""From the arguments of a call, as Python values and handles, to bindings."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Final

from lakewright.authoring.callsite import located
from lakewright.authoring.handle import Future, Handle, ParameterHandle
from lakewright.errors.authoring import ConstantError, OutsideBodyError
from lakewright.model.binding import MAX_CONSTANT_BYTES, Constant, Container, Output, ParameterValue
from lakewright.model.reference import Reference
from lakewright.model.values import UnencodableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.authoring.tracing import Tracer
    from lakewright.model.binding import Binding

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})


def bind(value: object, tracer: Tracer, argument: str) -> Binding:
    """The binding for one argument; handles inside lists, tuples, dicts, NamedTuples and dataclasses count.

    Outputs are named by the provisional key of their call; final keys are given once the whole body was seen.

    Raises:
        OutsideBodyError: a handle of another body.
        ConstantError: a constant that cannot be recorded.
    """
    if isinstance(value, Future):
        return _bind_handle(value, tracer, argument)
    if type(value) in _SCALARS or not _is_container(value):
        return _constant(value, argument)
    if type(value) in {list, dict} and not any(
        isinstance(leaf, Future) or _needs_container(leaf) for leaf in _walk(value)
    ):
        return _constant(value, argument)
    kind, parts, reference = _parts(value, argument)
    items = tuple((name, bind(part, tracer, f"{argument}[{name!r}]")) for name, part in parts.items())
    return Container(kind, items, reference)


def _bind_handle(handle: Future, tracer: Tracer, argument: str) -> Binding:
    owner = (
        handle.lw_call.tracer
        if isinstance(handle, Handle)
        else handle.lw_tracer
        if isinstance(handle, ParameterHandle)
        else None
    )
    if owner is not tracer:
        other = f" of job '{owner.name}'" if owner and owner.name != tracer.name else ""
        raise located(
            OutsideBodyError(
                f"argument '{argument}' is {handle!r}{other}, made by another trace than this one",
                hint="A handle lives only while its own job's body is traced. Pass data between jobs through a table or file.",
            )
        )
    if isinstance(handle, ParameterHandle):
        return ParameterValue(handle.lw_name)
    assert isinstance(handle, Handle)  # noqa: S101  the two kinds of futures there are
    return Output(handle.lw_call.key, handle.lw_path)


def _constant(value: object, argument: str) -> Constant:
    try:
        constant = Constant.of(value)
    except UnencodableError as error:
        place = f"argument '{argument}{error.path}'"
        raise located(
            ConstantError(
                f"{place} is {error.reason}, which cannot be recorded as a constant",
                hint="Constants are JSON types, date, datetime, Decimal, Enum, Path and bytes. Make the value inside a task.",
            )
        ) from error
    if len(constant.encoded) > MAX_CONSTANT_BYTES:
        raise located(
            ConstantError(
                f"argument '{argument}' is a constant of {len(constant.encoded):,} bytes; at most {MAX_CONSTANT_BYTES:,} are recorded",
                hint="Put it into a file or module and read it inside a task.",
            )
        )
    return constant


def _is_container(value: object) -> bool:
    return isinstance(value, (list, tuple, dict)) or (is_dataclass(value) and not isinstance(value, type))


def _needs_container(value: object) -> bool:
    return isinstance(value, tuple) or (is_dataclass(value) and not isinstance(value, type))


def _walk(value: object) -> Iterator[object]:
    """The value and everything inside its lists, dicts, tuples and dataclasses."""
    pending = [value]
    while pending:
        current = pending.pop()
        yield current
        if isinstance(current, dict):
            pending.extend(current.values())
        elif isinstance(current, (list, tuple)):
            pending.extend(current)
        elif type(current) not in _SCALARS and is_dataclass(current) and not isinstance(current, type):
            pending.extend(getattr(current, field.name) for field in fields(current))


def contains_future(value: object) -> bool:
    """Whether a handle is the value or stands anywhere inside it."""
    return any(isinstance(part, Future) for part in _walk(value))


def _parts(value: object, argument: str) -> tuple[str, Mapping[str, object], str]:
    if isinstance(value, dict):
        odd = next((key for key in value if type(key) is not str), None)
        if odd is not None:
            raise located(
                ConstantError(f"argument '{argument}' has the key {odd!r}; keys beside task outputs must be str")
            )
        return "dict", value, ""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return "object", dict(zip(value._fields, value, strict=True)), str(Reference.of(type(value)))
    if isinstance(value, (list, tuple)):
        return (
            "list" if isinstance(value, list) else "tuple",
            {str(index): item for index, item in enumerate(value)},
            "",
        )
    return "object", {field.name: getattr(value, field.name) for field in fields(value)}, str(Reference.of(type(value)))  # type: ignore[arg-type]  # _is_container
