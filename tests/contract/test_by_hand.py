"""One job, traced, read from its source or wired by hand, is one DAG, one run, one generated job and one picture."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakewright import MemoryIo, job, task
from lakewright.orchestration import Pipeline, Task
from tests.unit.orchestration import etl

if TYPE_CHECKING:
    from lakewright.authoring.handle import Handle
    from lakewright.execution.result import RunResult

SEEDS: Final = (*map(str, range(19)), "4294967295")
SCRIPT: Final = """
import json
from lakewright.project.generate import job_files
from lakewright.authoring.static.body import as_read
from lakewright.pipelines.job import Job
from tests.unit.orchestration import etl

read = Job(as_read(etl.etl.body), etl.etl.settings)
for each in (etl.etl, read, etl.by_hand(), etl.from_tasks()):
    result = each.execute() if isinstance(each, Job) else each.run()
    said = [each.dag.to_json(), each.dag.digest, each.visualize(), each.visualize(format="tree").partition(" · ")[2]]
    print(json.dumps([*said, dict(job_files([each.definition])), dict(result), result.states]))
"""


def test_one_etl_is_one_dag() -> None:
    analysis = etl.etl.analyze()
    assert analysis.method == "static"
    assert etl.by_hand().dag == etl.etl.dag == etl.from_tasks().dag == analysis.dag
    assert hash(etl.by_hand().dag) == hash(etl.etl.dag)


def test_one_etl_is_the_same_in_every_byte_whatever_the_seed_of_hashes(tmp_path: Path) -> None:
    path = os.pathsep.join(filter(None, sys.path))
    said = []
    for seed in SEEDS:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        command = [sys.executable, "-c", SCRIPT]
        said += subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout.splitlines()
    assert len(said) == 4 * len(SEEDS)
    assert set(said) == {said[0]}
    *_, results, states = json.loads(said[0])
    assert results == {"extract": [*range(10)], "clean": [0, 1, 2, 3, 4], "load": "rows: 15"}
    assert states == {"extract": "success", "clean": "success", "load": "success", "alert": "excluded"}


@task
def join(*values: int) -> int:
    if sum(values) % 7 == 6:
        raise ValueError(values)
    return sum(values) + 1


# Of each task: tasks before it whose output it takes, tasks before it that it waits for, and its rule.
Wiring = list[tuple[list[int], list[int], str]]


@st.composite
def wirings(draw: st.DrawFn) -> Wiring:
    """DAGs of up to nine tasks."""
    found: Wiring = []
    for index in range(draw(st.integers(1, 9))):
        earlier = st.lists(st.integers(0, index - 1), unique=True, max_size=3) if index else st.just([])
        taken, waited = draw(earlier), draw(earlier)
        rule = "all_success" if taken else draw(st.sampled_from(["all_success", "one_failed", "all_done"]))
        found.append((taken, [each for each in waited if each not in taken], rule))
    return found


def traced(wiring: Wiring) -> None:
    """The body of a job that is wired so."""
    handles: list[Handle] = []
    for index, (taken, waited, rule) in enumerate(wiring):
        called = join.named(f"t{index}").options(run_if=rule).after(*(handles[each] for each in waited))
        handles.append(called(*(handles[each] for each in taken)))  # type: ignore[arg-type]  # a body is typed as if tasks ran


def wired(wiring: Wiring) -> Pipeline:
    """The pipeline that is wired so, by hand."""
    pipeline = Pipeline("body", max_workers=4)
    for index, (taken, waited, rule) in enumerate(wiring):
        tasks = list(pipeline.tasks.values())
        made = Task(f"t{index}", join, args=[tasks[each] for each in taken], trigger_rule=rule)
        for each in waited:
            made.set_upstream(tasks[each])
        pipeline.add_task(made)
    return pipeline


@given(wirings())
@settings(max_examples=60)
def test_any_dag_is_the_same_by_hand(wiring: Wiring) -> None:
    @job(name="body")
    def body() -> None:
        traced(wiring)

    pipeline = wired(wiring)
    assert pipeline.dag == body.dag
    assert pipeline.visualize() == body.visualize()
    runs: list[RunResult[None]] = [body.execute(io=MemoryIo()), pipeline.run(io=MemoryIo())]
    first, second = [(dict(run), run.states, run.status, run.leaf_status) for run in runs]
    assert first == second


@pytest.mark.parametrize("make", [etl.by_hand, etl.from_tasks])
def test_nothing_of_a_pipeline_is_left_in_the_functions_it_was_made_from(make: Callable[[], Pipeline]) -> None:
    before = etl.clean.settings, etl.alert.settings
    make()
    assert (etl.clean.settings, etl.alert.settings) == before
