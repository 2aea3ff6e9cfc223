"""What importing the package costs, on every Python of this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.measure import MILLISECONDS, Row, process, side_by_side
from tests.pythons import find_pythons

SOURCE: Final = str(Path(__file__).parents[2] / "framework" / "src")
ROUNDS: Final = 21
LIMITS: Final = {"import lakewright": 5.0, "from lakewright import job, task": 30.0}


def measure() -> Iterator[Row]:
    """One row for each import and Python."""
    for minor, interpreter in find_pythons().items():
        works = {
            statement: process("-c", statement, interpreter=interpreter, environment={"PYTHONPATH": SOURCE})
            for statement in ("pass", *LIMITS)
        }
        seconds = side_by_side(works, rounds=ROUNDS)
        for statement, limit in LIMITS.items():
            yield Row(
                name=f"{statement}, Python {minor}",
                ours=seconds[statement],
                baseline=seconds["pass"],
                limit=limit,
                unit=MILLISECONDS,
            )
