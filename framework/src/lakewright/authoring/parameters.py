"""Job parameters from a body's signature."""

from __future__ import annotations

import enum
import inspect
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, Union

from lakewright.authoring.callsite import definition_location
from lakewright.authoring.shape import describe
from lakewright.errors.authoring import SettingError
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


@dataclass(frozen=True, slots=True)
class _StartDate:
    """The default that stands for the day on which a run starts."""


def job_start_date() -> date:
    """As a parameter's default: the date (UTC) on which the run starts.

    Locally it is today; deployed it is the platform's own reference, so each run gets its own day.

    >>> def daily(day: date = job_start_date()) -> None: ...
    """
    return _StartDate()  # type: ignore[return-value]  # typed as what the parameter will be


def parameters_of(function: Callable[..., object], *, job: str) -> tuple[Parameter, ...]:
    """The parameters of a body, typed by annotation (or default), defaults as text.

    Raises:
        SettingError: a parameter whose name, type or default cannot be a job parameter.
    """
    hints = typing.get_type_hints(function)
    found = inspect.signature(function).parameters.values()
    return tuple(_parameter(parameter, hints.get(parameter.name), function, job) for parameter in found)


def _parameter(
    parameter: inspect.Parameter, annotation: object, function: Callable[..., object], job: str
) -> Parameter:
    def refuse(message: str, hint: str = "") -> SettingError:
        place = definition_location(function.__code__)
        return SettingError(f"parameter '{parameter.name}' of job '{job}' {message}", location=place, hint=hint)

    if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY}:
        raise refuse("is not an ordinary parameter", hint="Job parameters are named one by one, without *, ** and /.")
    problem = parameter_name_problem(parameter.name)
    if problem:
        raise refuse(problem)
    default = parameter.default
    if annotation is None:
        annotation = str if default is parameter.empty or default is None else type(default)
    kind = _type(annotation)
    if kind is None:
        wanted = "str, int, float, bool, date, datetime, Decimal, list, dict, Literal, Enum, or one of these or None"
        raise refuse(f"is of type {describe(annotation)}, which no job parameter can carry", hint=f"Use {wanted}.")
    if default is parameter.empty:
        return Parameter(name=parameter.name, type=kind)
    if isinstance(default, _StartDate):
        return Parameter(name=parameter.name, type=kind, default=JOB_START_DATE, is_reference=True)
    if not kind.accepts(default, load=lambda _: type(default)):
        hint = (
            "A str cannot say None on the platform; use an empty default."
            if default is None and kind.kind == "str"
            else ""
        )
        raise refuse(f"has the default {default!r}, which is not of type {kind}", hint=hint)
    return Parameter(name=parameter.name, type=kind, default=kind.text(default))


def _type(annotation: object) -> ParameterType | None:
    """The parameter type of an annotation; None where there is none."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in _UNIONS:
        rest = [part for part in arguments if part is not type(None)]
        inner = _type(rest[0]) if len(rest) == 1 and len(rest) < len(arguments) else None
        return ParameterType(kind=inner.kind, optional=True, choices=inner.choices, enum=inner.enum) if inner else None
    if origin is Literal:
        plain = all(type(choice) in {str, int, bool} for choice in arguments)
        return ParameterType(kind="literal", choices=arguments) if plain else None
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return ParameterType(kind="enum", enum=str(Reference.of(annotation)))
    kind = _KINDS.get(origin or annotation)
    return ParameterType(kind=kind) if kind else None
