"""What the run store costs: 1,000 tasks that do next to nothing, remembered, and the decision to go on with them."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from lakewright.execution.events import ignore
from lakewright.execution.store import FILE, RunStore
from lakewright.project.discovery import FoundJob, resolve
from lakewright.project.runs import PreparedRun, Request, prepare, run_prepared
from tests.benchmarks.measure import MILLISECONDS, Row, calls, side_by_side, steady_folder

TASKS: Final = 1000
WORKERS: Final = 4
ROUNDS: Final = 7
JOB: Final = """
from lakewright import job, task

@task
def start(number: int) -> list[int]:
    return [number]

@task
def advance(numbers: list[int]) -> list[int]:
    return [numbers[0] + 1]

@job
def chains() -> list[list[int]]:
    ends = []
    for chain in range(100):
        numbers = start.named(f"start-{chain}")(chain)
        for step in range(1, 10):
            numbers = advance.named(f"advance-{chain}-{step}")(numbers)
        ends.append(numbers)
    return ends
"""


def measure() -> Iterator[Row]:
    """A run as the command line does it, and what `--resume` does before the first task starts."""
    with project() as found:
        works = {
            "run": calls(lambda: run(prepared(found, Request(workers=WORKERS)))),
            "resume": calls(lambda: decide(prepared(found, Request(resume="latest")))),
        }
        seconds = side_by_side(works, rounds=ROUNDS)
    yield Row(
        name="1,000 tasks with the durable store, 300 µs each",
        ours=seconds["run"],
        limit=TASKS * 0.3,
        unit=MILLISECONDS,
    )
    yield Row(
        name="deciding what a resumed run of 1,000 tasks has left to do",
        ours=seconds["resume"],
        limit=100.0,
        unit=MILLISECONDS,
    )


@contextmanager
def project() -> Iterator[tuple[FoundJob, ...]]:
    """The job in a project of its own, traced."""
    before = Path.cwd()
    with steady_folder() as folder:
        Path(folder, "chains.py").write_text(JOB, encoding="utf-8")
        os.chdir(folder)
        try:
            found = resolve("chains.py:chains", Path(folder))
            assert len(found[0].job.dag.tasks) == TASKS
            yield found
        finally:
            os.chdir(before)


def prepared(found: tuple[FoundJob, ...], request: Request) -> PreparedRun:
    (ready,) = prepare(found, request)
    return ready


def run(ready: PreparedRun) -> None:
    assert run_prepared(ready, ignore).status == "success"


def decide(ready: PreparedRun) -> None:
    """What a run does once it is its own."""
    assert ready.go_on is not None
    with closing(RunStore(Path(ready.planned.target.root) / FILE)) as store:
        planned = ready.go_on(ready.planned, store.attempts(ready.row.job, ready.row.run_id))
    assert len(planned.kept) == TASKS
