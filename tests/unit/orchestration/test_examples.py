"""What people write who come from a small orchestrator, with nothing changed but where names are imported from."""

from pathlib import Path
from typing import Any

import pytest

from lakewright.orchestration import Pipeline, Task, schedule_pipeline, task


def test_two_steps(capsys: pytest.CaptureFixture[str]) -> None:
    def step_1() -> None:
        print("Step 1")  # noqa: T201  what the user sees

    def step_2() -> None:
        print("Step 2")  # noqa: T201  as above

    t1 = Task("step_1", step_1)
    t2 = Task("step_2", step_2)
    t1.set_downstream(t2)

    pipeline = Pipeline("my_pipeline")
    pipeline.add_task(t1).add_task(t2)
    pipeline.run()
    assert capsys.readouterr().out == "Step 1\nStep 2\n"


@task(name="extract", retries=3)
def extract() -> list[int]:
    return [1, 2, 3]


@task(name="transform")
def transform(context: Any = None) -> list[int]:  # noqa: ANN401  as it is mostly written
    data = context.get("extract")
    return [x * 2 for x in data]


def etl() -> Pipeline:
    t_extract = extract()
    t_transform = transform()
    t_extract.set_downstream(t_transform)

    pipeline = Pipeline("etl")
    pipeline.add_task(t_extract).add_task(t_transform)
    return pipeline


def test_decorators_and_a_context() -> None:
    results = etl().run()
    assert dict(results) == {"extract": [1, 2, 3], "transform": [2, 4, 6]}


def test_independent_tasks_run_in_parallel() -> None:
    pipeline = Pipeline("parallel_etl", max_workers=4)
    assert pipeline.max_workers == 4


def test_a_picture_as_text_and_as_a_file() -> None:
    pipeline = etl()
    assert pipeline.visualize().startswith("graph TD\n")
    pipeline.visualize("pipeline.mermaid")
    assert Path("pipeline.mermaid").read_text(encoding="utf-8") == pipeline.visualize()


def test_a_schedule_of_fixed_intervals() -> None:
    schedule = schedule_pipeline(etl(), interval_seconds=60, blocking=False)
    schedule.stop()
    assert schedule.counts.started == 0


@pytest.mark.parametrize("goes_wrong", [True, False])
def test_an_alert_runs_when_something_went_wrong(*, goes_wrong: bool) -> None:
    @task(name="process_data")
    def process() -> None:
        if goes_wrong:
            raise ValueError

    @task(name="send_alert", trigger_rule="one_failed")
    def alert() -> str:
        return "Something went wrong!"

    t_proc = process()
    t_alert = alert()

    t_proc.set_downstream(t_alert)

    result = Pipeline("alerting").add_task(t_proc).add_task(t_alert).run()
    assert t_alert.status == ("SUCCESS" if goes_wrong else "SKIPPED")
    assert result.status == ("failed" if goes_wrong else "success")
