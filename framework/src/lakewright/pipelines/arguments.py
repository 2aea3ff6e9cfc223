"""From what a caller passes to what a run needs: parameter values, places, a run id."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import Final, Protocol

from lakewright.authoring.callsite import located
from lakewright.errors.authoring import ParameterError, SettingError, TraceError
from lakewright.errors.running import RunError
from lakewright.execution import invoke
from lakewright.execution.events import ignore
from lakewright.execution.plan import RunPlan
from lakewright.io.base import IoManager
from lakewright.io.local import local_target
from lakewright.io.paths import RunPaths
from lakewright.loading.objects import load
from lakewright.model.names import run_id_problem
from lakewright.model.target import TargetValues
from lakewright.model.task import EXECUTORS, THREADS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lakewright.authoring.tracing import Trace
    from lakewright.errors.base import Location
    from lakewright.execution.events import Listener
    from lakewright.model.dag import Dag
    from lakewright.model.parameter import Parameter

_RUN_ID_BYTES: Final = 3
_KINDS: Final[Mapping[str, tuple[type, str]]] = {
    "params": (Mapping, "a dict of parameters by their names"),
    "target": (TargetValues, "a TargetValues(…): a run here is local; deploy the job to run it on a target"),
    "io": (IoManager, "an IoManager such as MemoryIo()"),
}
_ARGUMENTS: Final = (*_KINDS, "executor", "max_workers", "listener", "run_id")


class Traceable(Protocol):
    """What describes a DAG: the body of a job, or tasks that are wired by hand."""

    @property
    def name(self) -> str:
        """The job's name."""

    @property
    def file(self) -> str:
        """The file that it is written in."""

    @property
    def module(self) -> str:
        """The module that it is written in."""

    @property
    def location(self) -> Location:
        """The line that it is written at."""

    def trace(self) -> Trace:
        """The DAG that it describes."""


def new_run_id(now: datetime) -> str:
    """A run id that sorts by time and differs between runs of one second.

    >>> new_run_id(datetime(2026, 11, 20, 14, 12, 9, tzinfo=timezone.utc))[:16]
    '20261120-141209-'
    """
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(_RUN_ID_BYTES)}"


def plan(
    body: Traceable,
    given: Mapping[str, object],
    *,
    executor: str = THREADS,
    max_workers: int = 4,
    target: TargetValues | None = None,
    io: IoManager | None = None,
    listener: Listener | None = None,
    run_id: str | None = None,
) -> RunPlan:
    """The plan of one run on this machine.

    Raises:
        AuthoringError: a body that cannot be traced, or has no task.
        ParameterError: an unknown or missing parameter, or a value that is not of its type.
        SettingError: an executor that there is not.
        RunError: a run that cannot be: without threads, or under the id of another.
    """
    if executor not in EXECUTORS:
        wanted = f"one of {', '.join(EXECUTORS)}"
        raise located(SettingError.wrong(f"a run of job '{body.name}'", "executor", executor, wanted=wanted))
    now = datetime.now(timezone.utc)
    trace = body.trace()
    if not trace.dag.tasks:
        hint = "Call at least one @task function in its body."
        raise TraceError(f"job '{body.name}' has no task", location=body.location, hint=hint)
    place = target or local_target(body.file)
    texts = parameter_texts(body, given, now=now)
    types = {parameter.name: parameter.type for parameter in trace.dag.parameters}
    return RunPlan(
        trace=trace,
        paths=_paths(place.root, body.name, run_id or new_run_id(now)),
        target=place,
        parameters={name: types[name].parse(name, text, load) for name, text in texts.items()},
        parameter_texts=texts,
        io=io or invoke.DEFAULT,
        executor=executor,
        max_workers=max_workers,
        listener=listener or ignore,
    )


def check_arguments(body: Traceable, unknown: Iterable[str], **given: object) -> None:
    """Raise on what cannot be passed to a run.

    Args:
        body: whose run.
        unknown: names of arguments that there are not.
        given: arguments that there are; None where nothing was passed.

    Raises:
        SettingError: the first that is wrong, with the way out.
    """
    for name in unknown:
        parameters = [parameter.name for parameter in body.trace().dag.parameters]
        if name in parameters:
            hint = f"Give parameters so: params={{'{name}': …}}."
            raise located(
                SettingError(f"'{name}' is a parameter of job '{body.name}', not an argument of its run", hint=hint)
            )
        raise located(SettingError.unknown(f"a run of job '{body.name}'", name, known=_ARGUMENTS))
    for name, value in given.items():
        kind, wanted = _KINDS[name]
        if value is not None and not isinstance(value, kind):
            raise located(SettingError.wrong(f"a run of job '{body.name}'", name, value, wanted=wanted))


def _paths(root: str, job: str, run_id: str) -> RunPaths:
    """The places of a run that has not been before: its attempts would write over those of the other."""
    problem = run_id_problem(run_id)
    if problem:
        raise RunError(f"run id {run_id!r} {problem}")
    paths = RunPaths(root, job, run_id)
    if os.path.exists(paths.folder):  # noqa: PTH110  text paths, as everywhere in io
        raise RunError(f"run '{run_id}' of job '{job}' is already in {paths.folder}", hint="Give it another run_id.")
    return paths


def parameter_texts(
    body: Traceable, given: Mapping[str, object], *, now: datetime, parameters: Sequence[Parameter] | None = None
) -> dict[str, str]:
    """The text of each parameter of a run, as the platform would hand it over.

    Args:
        body: whose parameters.
        given: Python values, or text.
        now: the start of the run, in UTC.
        parameters: those of the body, for one that is not traced.

    Raises:
        ParameterError: an unknown or missing parameter, or a value that is not of its type.
    """
    known = body.trace().dag.parameters if parameters is None else parameters
    check(body, given, known)
    with _told_where(body):
        return {
            parameter.name: _text(parameter, given[parameter.name])
            if parameter.name in given
            else _default(parameter, job=body.name, now=now)
            for parameter in known
        }


def check(body: Traceable, given: Mapping[str, object], parameters: Sequence[Parameter] | None = None) -> None:
    """Raise on a name or a value that the job's parameters do not take.

    Raises:
        ParameterError: an unknown parameter, or a value that is not of its type.
    """
    checked_values(body, given, body.trace().dag.parameters if parameters is None else parameters)


def checked_values(
    body: Traceable, given: Mapping[str, object], parameters: Sequence[Parameter]
) -> Mapping[str, object]:
    """The values that a job's parameters take, each of its parameter's type.

    Args:
        body: whose parameters.
        given: Python values, or text.
        parameters: those that there are.

    Raises:
        ParameterError: an unknown parameter, or a value that is not of its type.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, object] = {}
    with _told_where(body):
        for name, value in given.items():
            if name not in known:
                raise ParameterError.unknown(name, job=body.name, known=known)
            values[name] = known[name].type.parse(name, _text(known[name], value), load)
    return values


def with_defaults(dag: Dag, values: Mapping[str, object]) -> Dag:
    """The DAG with values, already checked, as the defaults of its parameters."""
    parameters = (
        replace(parameter, default=_text(parameter, values[parameter.name]), is_reference=False)
        if parameter.name in values
        else parameter
        for parameter in dag.parameters
    )
    return replace(dag, parameters=tuple(parameters))


@contextmanager
def _told_where(body: Traceable) -> Iterator[None]:
    """Errors about parameters name the line at which the job, and so its parameters, are defined."""
    try:
        yield
    except ParameterError as error:
        error.location = body.location
        raise


def _text(parameter: Parameter, value: object) -> str:
    if parameter.type.accepts(value, load):
        return parameter.type.text(value)
    if isinstance(value, str):
        return value
    raise ParameterError.unparsable(parameter.name, value, wanted=f"of type {parameter.type}")


def _default(parameter: Parameter, *, job: str, now: datetime) -> str:
    if parameter.default is None:
        raise ParameterError.missing(parameter.name, job=job)
    return now.date().isoformat() if parameter.is_reference else parameter.default
