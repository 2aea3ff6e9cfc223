"""Job parameters from a body's signature."""

from __future__ import annotations

import enum
import inspect
import types
import typing
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, Union

from lakewright.authoring.annotations import annotation, describe
from lakewright.authoring.callsite import definition_location
from lakewright.errors.authoring import AnnotationError, SettingError, shown
from lakewright.loading.objects import load
from lakewright.model.names import parameter_name_problem
from lakewright.model.parameter import JOB_START_DATE, Parameter, ParameterType
from lakewright.model.reference import Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.model.parameter import Kind

_KINDS: Final[Mapping[object, Kind]] = {
    str: "str", int: "int", float: "float", bool: "bool", date: "date", datetime: "datetime", Decimal: "Decimal",
    list: "list", dict: "dict",
}  # fmt: skip  # a table reads better in rows
_UNIONS: Final = (Union, types.UnionType)
_DATED: Final = frozenset({"str", "date", "datetime"})
_ORDINARY: Final = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True)
class _StartDate:
    """The default that stands for the day on which a run starts."""


def job_start_date() -> date:
    """As a parameter's default: the date (UTC) on which the run starts.

    Locally it is today; deployed it is the platform's own reference, so each run gets its own day.

    >>> def daily(day: date = job_start_date()) -> None: ...
    """
    return _StartDate()  # type: ignore[return-value]  # typed as what the parameter will be


def is_start_date(default: object) -> bool:
    """Whether a default is the day on which a run starts."""
    return isinstance(default, _StartDate)


def carried_type(function: Callable[..., object], name: str) -> ParameterType | None:
    """The type of a body's parameter as a run is given it; None for what no run can be given, such as a frame.

    Raises:
        AnnotationError: its annotation cannot be resolved.
    """
    found = annotation(function, name)
    if found is None:
        default = inspect.signature(function).parameters[name].default
        return _type_of(str if default is inspect.Parameter.empty else type(default))
    return _type_of(found)


def takes_data(function: Callable[..., object]) -> bool:
    """Whether a body takes what no run can be given, such as a frame: then it can only be part of another one."""
    try:
        return any(carried_type(function, name) is None for name in inspect.signature(function).parameters)
    except AnnotationError:
        # Whoever traces it is told.
        return False


def parameters_of(function: Callable[..., object], *, job: str) -> tuple[Parameter, ...]:
    """The parameters of a body, typed by annotation (or default), defaults as text.

    Raises:
        SettingError: a parameter whose name, type or default cannot be a job parameter.
    """
    found = inspect.signature(function).parameters.values()
    return tuple(_Reader(parameter, function, job).parameter() for parameter in found)


class _Reader:
    """Reads one parameter of one body."""

    def __init__(self, parameter: inspect.Parameter, function: Callable[..., object], job: str) -> None:
        self._parameter = parameter
        self._function = function
        self._job = job

    def parameter(self) -> Parameter:
        name, default = self._parameter.name, self._parameter.default
        if self._parameter.kind not in _ORDINARY:
            raise self._refused(
                "is not an ordinary one", hint="Job parameters are named one by one, without *, ** and /."
            )
        problem = parameter_name_problem(name)
        if problem:
            raise self._refused(problem)
        kind = self._type()
        if default is inspect.Parameter.empty:
            return Parameter(name=name, type=kind)
        if isinstance(default, _StartDate) and kind.kind in _DATED:
            return Parameter(name=name, type=kind, default=JOB_START_DATE, is_reference=True)
        return Parameter(name=name, type=kind, default=self._default(default, kind))

    def _type(self) -> ParameterType:
        try:
            found = annotation(self._function, self._parameter.name)
        except AnnotationError as error:
            problem = f"has an annotation that cannot be resolved: {error.__cause__}"
            raise self._refused(problem, hint=error.hint) from error
        if found is None:
            default = self._parameter.default
            found = str if default is inspect.Parameter.empty else type(default)
        kind = _type_of(found)
        if kind is None:
            hint = (
                "Use str, int, float, bool, date, datetime, Decimal, list, dict, Literal, Enum; all but str or None.\n"
                "A pipeline that takes data is called in the body of another one."
            )
            raise self._refused(f"is of type {describe(found)}, which no job parameter can carry", hint=hint)
        return kind

    def _default(self, default: object, kind: ParameterType) -> str:
        if kind.accepts(default, load):
            return kind.text(default)
        is_missing_text = default is None and kind.kind == "str"
        hint = "A str cannot say None on the platform; use an empty default." if is_missing_text else ""
        raise self._refused(f"has the default {shown(default)}, which is not of type {kind}", hint=hint)

    def _refused(self, problem: str, *, hint: str = "") -> SettingError:
        place = definition_location(self._function.__code__)
        message = f"parameter '{self._parameter.name}' of job '{self._job}' {problem}"
        return SettingError(message, location=place, hint=hint)


def _type_of(annotation: Any) -> ParameterType | None:  # noqa: ANN401  whatever an author wrote
    """The parameter type of an annotation; None where there is none."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in _UNIONS:
        rest = [part for part in arguments if part is not types.NoneType]
        return _optional(_type_of(rest[0])) if len(rest) == 1 else None
    if origin is Literal:
        return _literal(arguments)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        reference = Reference.of(annotation)
        return ParameterType(kind="enum", enum=str(reference)) if reference.body is None else None
    kind = _KINDS.get(origin or annotation)
    return ParameterType(kind=kind) if kind else None


def _literal(choices: tuple[Any, ...]) -> ParameterType | None:
    """Literals whose texts can be told apart."""
    rest = tuple(choice for choice in choices if choice is not None)
    kind = ParameterType(kind="literal", choices=rest)
    is_clear = all(type(choice) in {str, int, bool} for choice in rest) and len(set(map(kind.text, rest))) == len(rest)
    if not is_clear:
        return None
    return kind if len(rest) == len(choices) else _optional(kind)


def _optional(kind: ParameterType | None) -> ParameterType | None:
    """The type or None, unless empty text means something else already."""
    return replace(kind, optional=True) if kind and "" not in kind.choices else None
