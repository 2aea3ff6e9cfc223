"""What an isolated run costs on top of the processes that it starts.

The job is twelve tasks with frames. What it is compared with is the sum of twelve processes, each started by itself
with the argv that the generated definition gives it. What is left is the command's own start, generating the
definition, reading it, and looking after the processes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lakewright.loading.objects import load
from lakewright.model.invocation import RUN_REFERENCES, invocation_of
from tests.benchmarks.measure import TIMES, Row, Work, command, side_by_side, steady_folder
from tests.benchmarks.worker import WORKER, path

ROUNDS: Final = 5
LAKEWRIGHT: Final = str(Path(sys.executable).with_name("lakewright"))
MODULE: Final = "twelve_frames"
JOB: Final = """
import polars as pl

from lakewright import job, task


@task
def load(number: int) -> pl.DataFrame:
    return pl.DataFrame({"number": range(200_000)}).with_columns(chain=number)


@task
def keep(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


@job
def daily() -> None:
    for number in range(4):
        keep(keep(load(number)))
"""


def measure() -> Iterator[Row]:
    """The whole command against the sum of its processes."""
    with steady_folder() as folder:
        (Path(folder) / f"{MODULE}.py").write_text(JOB, encoding="utf-8")
        whole = [LAKEWRIGHT, "run", f"{MODULE}:daily", "--isolated", "--workers", "2"]
        works = {"run": command(whole, environment=path(folder), folder=folder), "processes": processes(folder)}
        seconds = side_by_side(works, rounds=ROUNDS)
    yield Row(
        name="an isolated run of 12 tasks, against the sum of its processes",
        ours=seconds["run"],
        baseline=seconds["processes"],
        limit=1.3,
        unit=TIMES,
    )


def processes(folder: str) -> Work:
    """The work of one process after the other, in an order that gives each its input."""
    sys.path.insert(0, folder)
    dag = load(f"{MODULE}:daily").dag
    sys.path.remove(folder)
    values = {**dict.fromkeys(RUN_REFERENCES, "local"), "run_id": "1", "attempt": "1", "root": f"{folder}/bare"}
    each = [
        command([WORKER, *invocation_of(dag, dag.task(key)).to_argv(values)], environment=path(folder))
        for key in dag.topological_sort()
    ]
    return lambda: sum(work() for work in each)
