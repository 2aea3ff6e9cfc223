import json
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright.model.described_job import DescribedTask, described

KEPT: Final = Path(__file__).parents[2] / "golden" / "kept"


def golden(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))
    return content


def task(name: str, key: str) -> DescribedTask:
    found = described(name, golden(name)).task(key)
    assert found is not None
    return found


def test_a_task_is_what_a_person_wrote_of_it() -> None:
    assert task("daily_sales", "clean_Berlin").fields == {
        "argument least": "parameter least",
        "argument rows": "output of load_Berlin",
        "disable_auto_optimization": "true",
        "environment_key": "serverless_4",
        "function": "tests.golden.pipeline:clean",
        "retries": "3, 30 s apart",
        "timeout_seconds": "600",
        "type of least": "int",
    }


def test_what_it_needs_and_takes_is_kept_apart() -> None:
    summarise = task("daily_sales", "summarise")
    assert summarise.needs == {"clean_Berlin": "", "clean_Koln": ""}
    assert summarise.takes == {"clean_Berlin", "clean_Koln"}


def test_a_repeated_task_is_told_as_one() -> None:
    rows = task("by_store", "store_rows")
    assert rows.shape == "repeated"
    assert rows.fields["for each of"] == "{{tasks.`all-stores`.values.lw_items}}"
    assert (rows.fields["concurrency"], rows.fields["run_if"], rows.fields["retries"]) == ("10", "NONE_FAILED", "1")
    assert rows.function == "tests.golden.pipeline:store_rows"


def test_a_job_is_its_settings_and_parameters_without_its_wheels() -> None:
    fields = described("daily_sales", golden("daily_sales")).fields
    assert fields["parameter least"] == "1"
    assert fields["schedule.quartz_cron_expression"] == "0 30 5 ? * MON-FRI"
    assert fields["environments[serverless_4].spec.dependencies"] == "[]"
    assert fields["tags.team"] == "sales"


@pytest.mark.parametrize(
    ("dependencies", "told"),
    [
        (["./dist/*.whl"], "[]"),
        (["--no-index", "/Volumes/a/wheelhouse/flights/1f3a/polars-1.0-py3-none-any.whl"], "[]"),
        (["--no-index", "polars==1.0"], '["--no-index", "polars==1.0"]'),
    ],
)
def test_where_wheels_lie_and_whether_a_wheelhouse_is_built_is_no_field_of_a_job(
    dependencies: list[str], told: str
) -> None:
    spec = {"environment_version": "4", "dependencies": dependencies}
    definition = {"environments": [{"environment_key": "e", "spec": spec}], "tasks": []}
    assert described("job", definition).fields["environments[e].spec.dependencies"] == told


def test_conditions_are_told_from_gates() -> None:
    condition = {
        "task_key": "a",
        "condition_task": {"op": "GREATER_THAN", "left": "{{job.parameters.n}}", "right": "3"},
    }
    gate = {"task_key": "b", "condition_task": {"op": "EQUAL_TO", "left": "1", "right": "1"}}
    first, second = described("job", {"tasks": [condition, gate]}).tasks
    assert (first.shape, first.label) == ("condition", "{{job.parameters.n}} GREATER_THAN 3")
    assert second.shape == "gate"


def test_other_keys_are_taken_wherever_a_task_is_named() -> None:
    job = described("by_store", golden("by_store"), {"all-stores": "stores", "store_rows": "rows"})
    assert [each.key for each in job.tasks][:2] == ["stores", "rows"]
    rows, clean = job.task("rows"), job.task("clean")
    assert rows is not None
    assert clean is not None
    assert rows.needs == {"stores": ""}
    assert rows.fields["for each of"] == "{{tasks.`stores`.values.lw_items}}"
    assert "all-stores" not in str(rows)
    assert "store_rows" not in str(clean.fields).replace("store_rows__2", "")


def test_what_is_not_started_by_our_worker_is_told_as_it_stands() -> None:
    others = [
        {"task_key": "sql", "sql_task": {"file": {"path": "a.sql"}, "warehouse_id": "1"}},
        {
            "task_key": "wheel",
            "python_wheel_task": {"package_name": "other", "entry_point": "run", "parameters": ["x"]},
        },
        {"task_key": "old", "python_wheel_task": {"package_name": "lakewright", "parameters": ["v0", "not JSON"]}},
    ]
    sql, wheel, old = described("job", {"tasks": others}).tasks
    assert sql.fields["sql_task.file.path"] == "a.sql"
    assert wheel.fields["python_wheel_task.parameters"] == '["x"]'
    assert old.function == ""
