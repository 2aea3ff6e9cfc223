"""A job gives the same values in one process as task by task, each in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from lakewright.execution.outputs import RunOutputs
from lakewright.io.commit import committed
from lakewright.model.invocation import invocation_of, parameter_reference
from lakewright.model.target import TargetValues
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.job import Job
from tests.contract import process_jobs as jobs

CASES: Final[Mapping[str, tuple[Job[..., Any], Mapping[str, object]]]] = {
    "defaults of parameters": (jobs.parameters, {}),
    "given parameters": (
        jobs.parameters,
        {
            "text": "",
            "number": "12",
            "on": False,
            "day": "2024-02-29",
            "colour": jobs.Colour.BLUE,
            "size": "s",
            "maybe": 5,
            "items": "[3]",
            "help": "--help {{customer}} ${x}",
        },
    ),
    "constants": (jobs.constants, {}),
    "frames": (jobs.frames, {"rows": 4}),
    "order": (jobs.order, {}),
    "managers": (jobs.managers, {"text": "ü"}),
    "nested tasks": (jobs.nested, {}),
    "buckets": (jobs.buckets, {"rows": 2}),
    "parts": (jobs.parts_of, {"rows": 2}),
}


def apart(job: Job[..., Any], params: Mapping[str, object], target: TargetValues) -> tuple[dict[str, Any], Any]:
    """The value of each task and of the body, each task started by its own argv."""
    planned = plan(job.body, params, target=target, run_id="1")
    outputs = RunOutputs(planned, {})
    values = {
        "run_id": "1",
        "attempt": "1",
        "target": target.name,
        "root": target.root,
        "data": target.data,
        "catalog": target.catalog,
        "schema": target.schema,
        **{parameter_reference(name): text for name, text in planned.parameter_texts.items()},
    }
    for key in planned.dag.topological_sort():
        argv = invocation_of(planned.dag, planned.dag.task(key)).to_argv(values)
        done = subprocess.run(
            [sys.executable, "-m", "lakewright.execution.worker", *argv],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), key
        outputs.add(committed(planned.paths, key))
    return {key: outputs.value(key) for key in planned.dag.nodes}, outputs.body_value()


def shown(value: object) -> object:
    """A value as text in which every type and every number can be seen."""
    if isinstance(value, (pl.DataFrame, pl.LazyFrame)):
        frame = value.lazy().collect()
        return [type(value).__name__, str(frame.schema), frame.rows()]
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *(shown(item) for item in value)]
    if is_dataclass(value):
        return [type(value).__name__, *(shown(getattr(value, field.name)) for field in fields(value))]
    return [type(value).__name__, repr(value)]


@pytest.mark.parametrize("case", CASES)
def test_each_task_gives_the_same_in_a_process_of_its_own(case: str, tmp_path: Path) -> None:
    job, params = CASES[case]
    target = TargetValues(name="dev", root=str(tmp_path / "here"), data="/data", catalog="c", schema="s")
    here = job.execute(params=params, target=target)
    here.raise_for_status()
    there = TargetValues(name="dev", root=str(tmp_path / "there"), data="/data", catalog="c", schema="s")
    values, body_value = apart(job, params, there)
    assert {key: shown(value) for key, value in values.items()} == {key: shown(value) for key, value in here.items()}
    assert shown(body_value) == shown(here.value)


def test_the_cases_hold_what_they_are_meant_to(tmp_path: Path) -> None:
    target = TargetValues(root=str(tmp_path))
    parameters = jobs.parameters.execute(target=target).value
    assert {line.partition(":")[0] for line in parameters} >= {
        "str", "int", "float", "bool", "date", "datetime", "Decimal", "Colour", "NoneType", "list",
    }  # fmt: skip  # one word a type
    assert jobs.managers.execute(target=target).value[:2] == ["str: '!HELLO'", "str: '?HELLO'"]
    assert jobs.order.execute(target=target).value[:2] == ["NoneType: None", "dict: {'rows': [1, None, 'ü']}"]
