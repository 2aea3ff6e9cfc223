"""Dask on its threads: no retries, no state; the distributed scheduler would bring both, and processes."""

import dask

from tests.benchmarks.rivals.graph import CHAINS, LENGTH, advance, check, start

start_task = dask.delayed(start)
advance_task = dask.delayed(advance)
ends = []
for chain in range(CHAINS):
    numbers = start_task(chain)
    for _ in range(1, LENGTH):
        numbers = advance_task(numbers)
    ends.append(numbers)
check(list(dask.compute(*ends, scheduler="threads", num_workers=4)))
