"""Pipelines inside of pipelines: a body that is called while another one is traced becomes a part of its DAG."""

from __future__ import annotations

import inspect
from typing import Any

from lakewright.authoring.callsite import located
from lakewright.authoring.current import current_reading, current_recorder
from lakewright.authoring.futures import contains_future
from lakewright.authoring.guard import Guard
from lakewright.authoring.handle import Future
from lakewright.authoring.parameters import carried_type, is_start_date
from lakewright.authoring.signature import CallSignature
from lakewright.errors.authoring import AnnotationError, CallError, ParameterError
from lakewright.loading.objects import load
from lakewright.text.names import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.authoring.body import Body


class Part:
    """A body as others call it, prepared for many calls.

    Args:
        body: of the pipeline that is called.

    Raises:
        AnnotationError: the type of a parameter cannot be resolved.
        SettingError: it needs what only a run of its own has.
    """

    def __init__(self, body: Body) -> None:
        body.check_plain()
        self._body = body
        self._signature = CallSignature(body.function)
        parameters = inspect.signature(body.function).parameters
        self._names = tuple(parameters)
        try:
            self._kinds = {name: carried_type(body.function, name) for name in parameters}
        except AnnotationError as error:
            raise located(error) from error
        self._guard = Guard(body.function)
        self._dated = tuple(name for name, parameter in parameters.items() if is_start_date(parameter.default))

    def __call__(
        self, args: tuple[object, ...], kwargs: Mapping[str, object], *, name: str, bound: Mapping[str, object]
    ) -> Any:  # noqa: ANN401  whatever the body returns
        """What the body returns; the trace around it records its calls, their keys behind the name of the part.

        A body that runs as plain Python calls this one as plain Python too.

        Args:
            args: as they were passed.
            kwargs: as they were passed.
            name: of the part.
            bound: values of parameters that are not passed.

        Raises:
            CallError: the body does not take these arguments.
            NestedJobError: the body is traced already: it would never end.
            ParameterError: a value is not of its parameter's type.
        """
        given = self._given(args, kwargs, bound)
        function = self._body.function
        recorder = current_recorder.get()
        if recorder is None:
            return function(**given)
        reading = current_reading.get()
        with recorder.part(slug(name) or "part", function.__code__):
            if reading:
                return reading.entered(function, given)
            with self._guard.watching():
                return function(**given)

    def _given(
        self, args: tuple[object, ...], kwargs: Mapping[str, object], bound: Mapping[str, object]
    ) -> Mapping[str, object]:
        """What each parameter gets."""
        if bound:
            taken = {*self._names[: len(args)], *kwargs}
            kwargs = {**{left: value for left, value in bound.items() if left not in taken}, **kwargs}
        try:
            matched = self._signature.match(args, kwargs)
        except TypeError as error:
            raise located(CallError(f"pipeline '{self._body.name}{self._signature}': {error}")) from error
        given = {parameter: self._checked(parameter, value) for parameter, value, _ in matched}
        self._refuse_start_date(given)
        return given

    def _checked(self, name: str, value: object) -> object:
        """A value as the body would get it in a run of its own: of the parameter's type, or read from text."""
        kind = self._kinds[name]
        if kind is None or isinstance(value, Future) or kind.accepts(value, load) or contains_future(value):
            return value
        try:
            if isinstance(value, str):
                return kind.parse(name, value, load)
            raise ParameterError.unparsable(name, value, wanted=f"of type {kind}")
        except ParameterError as error:
            raise located(error) from None

    def _refuse_start_date(self, given: Mapping[str, object]) -> None:
        for name in self._dated:
            if name not in given:
                owner = f"pipeline '{self._body.name}'"
                message = f"{owner} is called without '{name}', which is the day on which a run of it starts"
                raise located(ParameterError(message, hint=f"Give it the day of the run around it: {name}=…"))
