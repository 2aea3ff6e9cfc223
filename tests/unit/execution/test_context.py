"""What a task can ask about its run, and what the same code gets outside of one."""

import logging
from pathlib import Path

import pytest

from lakewright import Retry, context, job, task
from lakewright.execution.context import task_context
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs


def test_inside_a_run_it_tells_where_the_task_stands(run: Runs) -> None:
    @job
    def daily() -> list[str]:
        return tasks.where.named("here")()

    root = run.target.root
    assert run(daily, run_id="r1").value == [
        "daily", "here", "r1", "1", "test", "c", "s", f"{root}/data", root, "lakewright.daily.here",
    ]  # fmt: skip  # names, then places


def test_places_are_paths_and_the_logger_is_one_of_logging(run: Runs) -> None:
    @task
    def kinds() -> bool:
        here = context()
        found: tuple[object, ...] = (here.data, here.root, here.logger)
        return all(isinstance(thing, (Path, logging.Logger)) for thing in found)

    @job
    def daily() -> bool:
        return kinds()

    assert run(daily).value is True


def test_each_attempt_has_its_number(run: Runs) -> None:
    seen: list[str] = []

    @task(retries=Retry(1, delay=0))
    def flaky() -> None:
        seen.append(repr(context()))
        if context().attempt == 1:
            raise ConnectionError

    @job
    def daily() -> None:
        flaky()

    run(daily, run_id="r1")
    assert seen == [f"<task 'flaky' of job 'daily', run 'r1', attempt {number}>" for number in (1, 2)]


def test_tasks_side_by_side_have_contexts_of_their_own(run: Runs) -> None:
    @task
    def mine() -> str:
        return context().key

    @job
    def daily() -> list[str]:
        return [mine.named(f"k{number}")() for number in range(20)]

    assert run(daily, max_workers=4).value == [f"k{number}" for number in range(20)]


def test_a_run_leaves_no_context_behind(run: Runs) -> None:
    run(tasks.first)
    assert task_context() is None


def test_outside_of_a_run_it_is_the_local_target_of_the_calling_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "pipelines" / "sales" / "src"
    source.mkdir(parents=True)
    (tmp_path / "targets.yml").touch()
    (tmp_path / "pipelines" / "sales" / "databricks.yml").touch()
    (source / "outside_tasks.py").write_text("from lakewright import context\nhere = context()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(source)
    from outside_tasks import here  # type: ignore[import-not-found]  # written above

    assert (here.target, here.catalog, here.schema) == ("local", "local", "sales")
    assert here.data == tmp_path / "pipelines" / "sales" / "data"
    assert here.root == tmp_path / ".lakewright"
    assert (here.job, here.run_id, here.key, here.attempt) == ("", "", "", 1)
    assert here.logger.name == "lakewright"
