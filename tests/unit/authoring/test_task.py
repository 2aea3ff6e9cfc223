import contextlib
import threading
from typing import Any, Final

import pytest

from lakewright import task
from lakewright.authoring.current import running_task
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import OutsideBodyError, SettingError, TraceError
from lakewright.execution.context import TaskContext
from lakewright.io.memory import MemoryIo
from lakewright.io.paths import RunPaths
from lakewright.model.retry import Retry
from lakewright.model.target import LOCAL
from lakewright.model.task import DEFAULTS, IoSpec
from tests.unit.authoring.sample_tasks import Report, clean, load, take
from tests.unit.authoring.traced import dag_of, line_of

memory: Final = MemoryIo()


@task(name="tidy", retries=2, io=memory)
def configured(rows: list[int], *, limit: int = 10) -> list[int]:
    """First line.

    Second.
    """
    return rows[:limit]


def test_a_task_outside_a_job_is_its_function() -> None:
    assert configured([1, 2, 3], limit=2) == [1, 2]


def test_a_task_keeps_what_its_function_says_of_itself() -> None:
    assert configured.function.__name__ == "configured"
    assert configured.__doc__ == configured.function.__doc__
    assert configured.__module__ == __name__
    assert repr(configured) == f"<task 'tidy' {__name__}:configured>"


def test_a_task_knows_what_its_decorator_was_given() -> None:
    assert (configured.name, configured.settings.retry, configured.io) == ("tidy", Retry(2), memory)
    assert configured.io_spec == IoSpec(f"{__name__}:memory")
    assert configured.description == "First line."
    assert (load.settings, load.io, load.io_spec) == (DEFAULTS, None, None)


def test_a_changed_task_leaves_the_task_as_it_was() -> None:
    changed = configured.named("x").options(retries=0, io=None)
    assert (changed.key, changed.settings.retry, changed.io, changed.io_spec) == ("x", Retry(0), None, None)
    assert (configured.key, configured.settings.retry, configured.io) == ("", Retry(2), memory)
    assert changed([1]) == [1]


def test_changes_add_up() -> None:
    def body() -> None:
        first, second = load(1), load(2)
        configured.named("x").after(first).options(tags=["a"]).after(second).options(retries=5)([1])

    found = dag_of(body).task("x")
    assert found.after == ("load", "load__2")
    assert (found.settings.tags, found.settings.retry) == (("a",), Retry(5))


@pytest.mark.parametrize("handle", [1, None, "load", [1], load], ids=repr)
def test_only_outputs_can_be_waited_for(handle: object) -> None:
    with pytest.raises(
        TraceError, match=r"task 'clean'.after\(\) takes outputs of tasks of the same body, not"
    ) as caught:
        clean.after(handle)
    assert ("did you mean load(…)?" in str(caught.value)) is (handle is load)


@pytest.mark.parametrize("key", ["", "a b", "a" * 101, None, 5], ids=repr)
def test_a_key_that_the_platform_does_not_take_is_refused(key: Any) -> None:  # noqa: ANN401  what users may pass
    with pytest.raises(SettingError, match=r"task 'clean'.named\(\): key") as caught:
        clean.named(key)
    assert caught.value.location is not None


def test_a_wrong_option_names_the_task_and_the_line() -> None:
    with pytest.raises(
        SettingError, match=r"task 'clean'.options\(\) got an unknown setting 'retry'.*'retries'"
    ) as caught:
        clean.options(retry=2)  # type: ignore[call-arg]  # the mistake
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(test_a_wrong_option_names_the_task_and_the_line, "# the " + "mistake")


def test_a_handle_that_was_kept_is_refused_by_a_real_call_wherever_it_hides() -> None:
    kept: list[Any] = []

    def body() -> None:
        kept.append(load(1))

    dag_of(body)
    for hidden in (kept[0], kept, {"a": (kept[0],)}, Report("a", kept[0])):
        with pytest.raises(OutsideBodyError, match="task 'take' got a task's future output outside of the job body"):
            take(hidden)
        with pytest.raises(OutsideBodyError, match="outside give them data"):
            take(named=hidden)


def test_a_task_called_from_a_thread_that_a_body_started_is_refused_even_if_nobody_looks() -> None:
    def call() -> None:
        with contextlib.suppress(TraceError):
            load(1)

    def body() -> None:
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        load(2)

    with pytest.raises(
        TraceError, match="task 'load' is called from a new thread while a job body is traced"
    ) as caught:
        dag_of(body)
    assert "the runner makes them parallel" in str(caught.value)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(call, "load(1)")


def test_a_thread_that_was_there_before_may_call_tasks_meanwhile() -> None:
    asked, answered = threading.Event(), threading.Event()
    answers: list[list[int]] = []

    def serve() -> None:
        asked.wait(10)
        answers.append(load(5))
        answered.set()

    thread = threading.Thread(target=serve)
    thread.start()

    def body() -> None:
        asked.set()
        answered.wait(10)
        load(2)

    dag_of(body)
    thread.join()
    assert answers == [[5]]


def test_a_running_task_may_call_tasks_whatever_else_is_traced() -> None:
    answers: list[list[int]] = []

    def run() -> None:
        running_task.set(TaskContext(RunPaths("", "", ""), LOCAL))
        answers.append(load(5))

    def body() -> None:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        load(2)

    dag_of(body)
    assert answers == [[5]]


def test_a_task_is_a_value_of_its_own_type() -> None:
    assert isinstance(load, TaskFunction)
