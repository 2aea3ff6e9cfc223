"""A run of 40 tasks that says when it starts and may be killed at any moment; with a root and an executor."""

import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from lakewright import context, job, task
from lakewright.execution.history import RunHistory
from lakewright.execution.result import RunResult
from lakewright.execution.resume import resumed
from lakewright.execution.rows import RunRow
from lakewright.execution.runner import run
from lakewright.execution.store import FILE, RunStore
from lakewright.model.target import TargetValues
from lakewright.model.task import THREADS
from lakewright.pipelines.arguments import plan

LAYERS, WIDTH = 10, 4


@task
def step(*values: list[str]) -> list[str]:
    """The names of all tasks above, and a file's worth of text; leaves a line in the journal of the root."""
    here = context()
    with (here.root / "journal").open("a", encoding="utf-8") as journal:
        journal.write(f"{here.key}\n")
    time.sleep(0.004)
    names = sorted({name for value in values for name in value[:-1]} | {here.key})
    return [*names, here.key * 20_000]


@job
def layers() -> list[str]:
    """Ten layers of four tasks, each after two of the layer above."""
    above: list[list[str]] = []
    for layer in range(LAYERS):
        row = []
        for column in range(WIDTH):
            inputs = [above[column], above[(column + 1) % WIDTH]] if above else []
            row.append(step.named(f"t{layer}_{column}")(*inputs))
        above = row
    return step.named("last")(*above)


def go(root: str, run_id: str, executor: str = THREADS) -> RunResult[list[str]]:
    """Start the run, or go on with it."""
    planned = plan(layers.body, {}, executor=executor, target=TargetValues(root=root))
    planned = replace(planned, paths=replace(planned.paths, run_id=run_id))
    dag = planned.dag
    row = RunRow(run_id, dag.name, "layers", dag.digest, dag.to_json(), {}, {}, "", time.time())
    with closing(RunStore(Path(root) / FILE)) as store, RunHistory(store, row, planned.paths) as history:
        planned = resumed(planned, store.attempts(dag.name, run_id))
        result = run(replace(planned, listener=history.listen))
        history.end(result)
    return result


if __name__ == "__main__":
    layers.dag  # noqa: B018  traced before the clock starts
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    go(sys.argv[1], "killed", sys.argv[2])
