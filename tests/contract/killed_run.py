"""A run that says when it starts and may be killed at any moment; with a root and an executor.

40 tasks in layers, one for each element of a list, a branch, and one that leaves a process behind which it has forked.
"""

import os
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

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

LAYERS, WIDTH, ITEMS = 10, 4, 6
FORKS: Final = "LAKEWRIGHT_TEST_FORKS"
"""The variable that says that this process may fork."""
OUTLIVES: Final = 2.0


def note() -> None:
    """Leave a line in the journal of the root."""
    here = context()
    with (here.root / "journal").open("a", encoding="utf-8") as journal:
        journal.write(f"{here.output}\n")


@task
def step(*values: list[str]) -> list[str]:
    """The names of all tasks above, and a file's worth of text."""
    note()
    time.sleep(0.004)
    names = sorted({name for value in values for name in value[:-1]} | {context().key})
    return [*names, context().key * 20_000]


@task
def forking(value: list[str]) -> list[str]:
    """The value; a process that was forked lives on for longer than the run."""
    note()
    if FORKS in os.environ and not os.fork():
        time.sleep(OUTLIVES)
        os._exit(0)
    return value


@task
def items(value: list[str]) -> list[str]:
    """A few of the names."""
    note()
    return value[:ITEMS]


@task
def each(name: str) -> list[str]:
    """The name of one, and a file's worth of text."""
    note()
    time.sleep(0.002)
    return [f"each {name}", name * 20_000]


@task
def count(values: list[list[str]]) -> int:
    """How many there are."""
    note()
    return len(values)


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
    repeated = each.options(concurrency=3).map(items(forking(above[0])))
    # Branches are compiled with Python 3.11 or newer.
    if sys.version_info >= (3, 11) and count(repeated) < ITEMS:
        chosen = step.named("few")(above[2])
    else:
        chosen = step.named("many")(above[1])
    return step.named("last")(*above, chosen)


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


def journal(root: str) -> list[str]:
    """What has run below a root, in order: tasks, and elements of a repeated one."""
    file = Path(root) / "journal"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


if __name__ == "__main__":
    layers.dag  # noqa: B018  traced before the clock starts
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    go(sys.argv[1], "killed", sys.argv[2])
