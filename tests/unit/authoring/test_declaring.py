import functools
from collections.abc import Callable
from typing import Any, Final

import pytest

from lakewright import job, task
from lakewright.errors.authoring import SettingError
from tests.unit.authoring.sample_tasks import Report, load
from tests.unit.authoring.traced import dag_of


class Callables:
    def __call__(self) -> None: ...


@job
def daily() -> None:
    load(1)


def generator() -> Any:  # noqa: ANN401  a generator
    yield 1


async def coroutine() -> int:
    return 1


async def both() -> Any:  # noqa: ANN401  an asynchronous generator
    yield 1


NO_FUNCTIONS: Final[dict[str, Any]] = {
    "a number": 1,
    "text": "name",
    "a class": Report,
    "an object": Callables(),
    "a builtin": len,
    "a partial": functools.partial(print),
    "a cached function": functools.cache(lambda: 1),
    "a task": load,
    "a job": daily,
    "a lambda": lambda: 1,
    "a method": Callables.__call__,
    "a generator": generator,
    "a coroutine": coroutine,
    "an asynchronous generator": both,
}


@pytest.mark.parametrize("what", NO_FUNCTIONS)
@pytest.mark.parametrize(
    "decorator", [task, task(retries=1), job, job(name="x")], ids=["@task", "@task()", "@job", "@job()"]
)
def test_a_decorator_on_anything_but_a_function_is_refused(decorator: Callable[[Any], object], what: str) -> None:
    with pytest.raises(SettingError, match=r"@(task|job) goes on a function, not on ") as caught:
        decorator(NO_FUNCTIONS[what])
    assert "Write @" in str(caught.value)
    assert caught.value.location is not None


def test_a_function_and_settings_at_once_are_refused() -> None:
    with pytest.raises(SettingError, match="@task takes either a function or settings, not both"):
        task(generator, retries=1)  # type: ignore[call-overload]  # the mistake


def test_outputs_say_what_an_annotation_would() -> None:
    @task(outputs=tuple[int, str])
    def pair(number):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  as users may write it
        return number, "a"

    def body() -> object:
        first, second = pair(1)
        return [second, first]

    assert dag_of(body).result is not None
    with pytest.raises(SettingError, match="outputs= and the return annotation say the same"):

        @task(outputs=tuple[int, str])
        def annotated() -> tuple[int, str]:
            return 1, "a"
