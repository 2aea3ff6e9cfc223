"""Pipelines inside of pipelines: a body that is called while another one is traced becomes a part of its DAG."""

from __future__ import annotations

import inspect
from typing import Any

from lakewright.authoring.callsite import located
from lakewright.authoring.current import current_recorder
from lakewright.authoring.futures import contains_future
from lakewright.authoring.parameters import carried_type, is_start_date
from lakewright.authoring.signature import CallSignature
from lakewright.errors.authoring import CallError, ParameterError
from lakewright.loading.objects import load
from lakewright.text.names import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.authoring.body import Body


def called(
    body: Body, args: tuple[object, ...], kwargs: Mapping[str, object], *, name: str, bound: Mapping[str, object]
) -> Any:  # noqa: ANN401  whatever the body returns, as handles
    """What a body returns whose calls the trace around it records, their keys behind the name of the part.

    Args:
        body: of the pipeline that is called.
        args: as they were passed.
        kwargs: as they were passed.
        name: of the part.
        bound: values of parameters that are not passed.

    Raises:
        CallError: the body does not take these arguments.
        NestedJobError: the body is traced already: it would never end.
        ParameterError: a value is not of its parameter's type.
    """
    recorder = current_recorder.get()
    assert recorder is not None  # noqa: S101  the caller has looked
    function = body.function
    left = {parameter: value for parameter, value in bound.items() if parameter not in _taken(body, args, kwargs)}
    try:
        matched = CallSignature(function).match(args, {**left, **kwargs})
    except TypeError as error:
        message = f"pipeline '{body.name}{inspect.signature(function)}': {error}"
        raise located(CallError(message)) from error
    given = {parameter: _checked(body, parameter, value) for parameter, value, _ in matched}
    _refuse_start_date(body, given)
    with recorder.part(slug(name) or "part", function.__code__):
        return function(**given)


def _taken(body: Body, args: tuple[object, ...], kwargs: Mapping[str, object]) -> set[str]:
    return {*list(inspect.signature(body.function).parameters)[: len(args)], *kwargs}


def _checked(body: Body, name: str, value: object) -> object:
    """A value as the body would get it in a run of its own: of the parameter's type, or read from text."""
    kind = carried_type(body.function, name)
    if kind is None or contains_future(value) or kind.accepts(value, load):
        return value
    try:
        return kind.parse(name, value, load) if isinstance(value, str) else _refuse(name, value, str(kind))
    except ParameterError as error:
        raise located(error) from None


def _refuse(name: str, value: object, kind: str) -> object:
    raise ParameterError.unparsable(name, value, wanted=f"of type {kind}")


def _refuse_start_date(body: Body, given: Mapping[str, object]) -> None:
    for name, parameter in inspect.signature(body.function).parameters.items():
        if name not in given and is_start_date(parameter.default):
            message = f"pipeline '{body.name}' is called without '{name}', which is the day on which a run of it starts"
            raise located(ParameterError(message, hint=f"Give it the day of the run around it: {name}=…"))
