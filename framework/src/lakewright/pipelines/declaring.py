"""`@pipeline`, and what `@job` shares with it."""

from __future__ import annotations

from typing import Final, ParamSpec, TypeVar, overload

from lakewright.authoring.body import Body
from lakewright.authoring.functions import not_a_plain_function
from lakewright.errors.authoring import SettingError
from lakewright.pipelines.pipeline import Pipeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from lakewright.model.job import JobSettings

P = ParamSpec("P")
R = TypeVar("R")

_KEYWORDS: Final = ("name", "description", "config")


@overload
def pipeline(function: Callable[P, R], /) -> Pipeline[P, R]: ...
@overload
def pipeline(
    *, name: str | None = ..., description: str | None = ..., config: Mapping[str, Any] | None = ...
) -> Callable[[Callable[P, R]], Pipeline[P, R]]: ...
def pipeline(
    function: Callable[P, R] | None = None, /, **settings: Any
) -> Pipeline[P, R] | Callable[[Callable[P, R]], Pipeline[P, R]]:
    """Make a function a pipeline: like a job, but not deployed.

    Args:
        function: given when the decorator is used bare.
        **settings: `name` (by default the function's), `description` (by default the docstring), and `config`:
            settings of `@job` by their names, which `name` and `description` go before.

    Raises:
        SettingError: a setting that does not exist, or whose value cannot be.

    >>> from lakewright import task
    >>> @task
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> @pipeline(name="doubling", config={"tags": {"team": "ops"}})
    ... def doubled(number: int = 21) -> int:
    ...     return double(number)
    >>> doubled.run(params={"number": 4})
    8
    """
    if function is None:
        return lambda decorated: _pipeline(decorated, settings)
    if settings:
        raise misused("pipeline", "takes either a function or settings, not both")
    return _pipeline(function, {})


def _pipeline(function: Callable[P, R], settings: Mapping[str, Any]) -> Pipeline[P, R]:
    owner = f"@pipeline on '{getattr(function, '__name__', function)}'"
    given = {name: value for name, value in settings.items() if value is not None}
    config = given.pop("config", {})
    _check_keywords(owner, given, config)
    body, checked = described("pipeline", function, {**config, **given})
    return Pipeline(body, checked, config=config)


def _check_keywords(owner: str, given: Mapping[str, object], config: object) -> None:
    from collections.abc import Mapping

    from lakewright.authoring.callsite import located
    from lakewright.authoring.settings import JOB_SETTINGS

    for name in given:
        if name not in _KEYWORDS:
            error = SettingError.unknown(owner, name, known=_KEYWORDS)
            error.hint = "A setting of @job goes into config={…}." if name in JOB_SETTINGS else ""
            raise located(error)
    if not isinstance(config, Mapping):
        raise located(SettingError.wrong(owner, "config", config, wanted="a dict of settings of @job by their names"))


def described(kind: str, function: Callable[..., object], settings: Mapping[str, Any]) -> tuple[Body, JobSettings]:
    """The body and the settings that a decorator makes of a function.

    Args:
        kind: of decorator: `job` or `pipeline`.
        function: what it stands on.
        settings: of `@job`, by their names.

    Raises:
        SettingError: the function is none, a setting does not exist or cannot be.
    """
    from inspect import getdoc

    from lakewright.authoring.settings import job_setup

    problem = not_a_plain_function(function)
    if problem:
        raise misused(kind, f"goes on a function, not on {problem}")
    given = {"description": getdoc(function) or "", **settings}
    name, checked = job_setup(f"@{kind} on '{function.__name__}'", given)
    body = Body(function, name=name or function.__name__)
    if not checked.dependencies:
        return body, checked
    # Only jobs with packages of their own need it.
    from lakewright.pipelines.depending import DependingBody

    return DependingBody(body, checked.dependencies), checked


def misused(kind: str, problem: str) -> SettingError:
    """The error for a decorator that stands where it cannot."""
    from lakewright.authoring.callsite import located

    hint = f'Write @{kind} above a def, or @{kind}(name="…") with settings.'
    return located(SettingError(f"@{kind} {problem}", hint=hint))
