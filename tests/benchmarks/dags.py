"""What large DAGs cost as text."""

from collections.abc import Iterator
from typing import Final

from lakewright.model.binding import Argument, Constant, Output
from lakewright.model.dag import Dag
from lakewright.model.reference import Reference
from lakewright.model.task import Task
from tests.benchmarks.measure import SECONDS, Row, calls, side_by_side

ROUNDS: Final = 5
TASKS: Final = 100_000


def measure() -> Iterator[Row]:
    """The JSON of a chain."""
    dag = Dag(name="chain", tasks=tuple(map(_task, range(TASKS))))
    seconds = side_by_side({"json": calls(dag.to_json)}, rounds=ROUNDS)
    yield Row(name=f"a DAG of {TASKS:,} tasks as JSON", ours=seconds["json"], limit=1.0, unit=SECONDS)


def _task(number: int) -> Task:
    binding = Output(f"t{number - 1}") if number else Constant("1")
    return Task(key=f"t{number}", function=Reference("flights.tasks", "clean"), arguments=(Argument("rows", binding),))
