"""lakewright as a library: retries, and a record of each task on disk; values are kept and read from there."""

import tempfile

from lakewright import job, task
from lakewright.model.target import TargetValues
from tests.benchmarks.rivals.graph import CHAINS, LENGTH, advance, check, start

start_task = task(start)
advance_task = task(advance)


@job
def graph() -> list[list[int]]:
    ends = []
    for chain in range(CHAINS):
        numbers = start_task(chain)
        for _ in range(1, LENGTH):
            numbers = advance_task(numbers)
        ends.append(numbers)
    return ends


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        check(graph.execute(max_workers=4, target=TargetValues(root=folder, data=folder)).value)
