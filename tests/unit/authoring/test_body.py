import contextlib
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import polars as pl
import pytest

from lakewright import job
from lakewright.authoring.body import Body
from lakewright.errors.authoring import HandleError, NestedJobError, SettingError, TraceError
from tests.unit.authoring.sample_tasks import load
from tests.unit.authoring.traced import dag_of, line_of


def test_a_body_runs_once_when_it_is_first_needed() -> None:
    runs: list[int] = []

    def body() -> None:
        runs.append(1)
        load(1)

    traced = Body(body, name="daily")
    assert runs == []
    assert traced.trace() is traced.trace()
    assert runs == [1]


def test_a_body_runs_once_whatever_number_of_threads_ask_at_once() -> None:
    runs: list[int] = []
    go = threading.Event()

    def body() -> None:
        go.wait(0.05)
        runs.append(1)
        load(1)

    traced = Body(body, name="daily")
    with ThreadPoolExecutor(4) as pool:
        traces = list(pool.map(lambda _: traced.trace(), range(4)))
    assert runs == [1]
    assert all(found is traces[0] for found in traces)


def test_a_body_that_failed_is_tried_again() -> None:
    answers = iter([False, True])

    def body() -> None:
        if not next(answers):
            raise ConnectionError
        load(1)

    traced = Body(body, name="daily")
    with pytest.raises(TraceError):
        traced.trace()
    assert traced.trace().dag.nodes == ("load",)


def test_what_a_body_raises_is_told_with_its_line_and_cause() -> None:
    def body() -> None:
        load(1)
        raise KeyError("month")  # the mistake

    with pytest.raises(TraceError, match="the body of job 'daily' raised KeyError: 'month'") as caught:
        dag_of(body)
    number = line_of(body, "the mistake")
    assert f"test_body.py:{number}: " in str(caught.value)
    assert f"{number:>6} | " in str(caught.value)
    assert isinstance(caught.value.__cause__, KeyError)


def test_an_error_of_ours_that_the_body_caught_is_raised_all_the_same() -> None:
    def body() -> None:
        rows = load(1)
        try:
            len(rows)  # first
        except TypeError:
            load(2)
        with contextlib.suppress(Exception):
            len(rows)

    with pytest.raises(HandleError, match="len\\(\\) needs its value") as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "# first")
    assert str(caught.value).endswith("The body caught this and went on: its DAG would lack what it stopped.")


def test_an_error_of_a_librarys_own_in_the_place_of_ours_is_not_the_one_that_is_told() -> None:
    def body() -> None:
        try:
            len(load(1))
        except TypeError:
            message = "no length"
            raise RuntimeError(message) from None

    with pytest.raises(HandleError, match="needs its value"):
        dag_of(body)


def test_what_a_library_says_of_an_output_is_told_with_the_way_out() -> None:
    def body() -> None:
        pl.concat([load(1), load(2)])  # type: ignore[type-var]  # the mistake

    with pytest.raises(TraceError, match="Outputs of tasks are no data in a body") as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "pl.concat")


def test_an_error_of_ours_passes_unchanged() -> None:
    def body() -> None:
        load.options(retries=-1)(1)

    with pytest.raises(SettingError, match="retries=-1"):
        dag_of(body)


@job
def other() -> list[int]:
    return load(1)


@job
def itself() -> list[int]:
    len(itself.dag.nodes)
    return load(1)


USES: Final[Mapping[str, tuple[Callable[[], object], str]]] = {
    "run": (other.run, "run"),
    "execute": (other.execute, "run"),
    "dag": (lambda: other.dag, "used"),
    "bind": (other.bind, "used"),
    "definition": (lambda: other.definition, "used"),
}


@pytest.mark.parametrize("use", USES)
def test_a_job_inside_the_body_of_another_is_refused(use: str) -> None:
    call, what = USES[use]

    def body() -> None:
        load(1)
        call()

    with pytest.raises(NestedJobError, match=f"job 'other' is {what} inside the body of job 'daily'") as caught:
        dag_of(body)
    assert "Call tasks in a body" in str(caught.value)
    assert caught.value.location is not None
    assert caught.value.location.file.endswith("test_body.py")


def test_a_job_that_asks_for_itself_does_not_wait_for_ever() -> None:
    with pytest.raises(NestedJobError, match="job 'itself' is used inside the body of job 'itself'"):
        itself.dag.nodes  # noqa: B018  the mistake


def test_a_job_can_be_used_from_another_thread_while_a_body_is_traced() -> None:
    def body() -> None:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(lambda: other.dag.nodes).result() == ("load",)
        load(1)

    assert dag_of(body).nodes == ("load",)
