"""Prefect on its threads, with a server of its own: retries, and the state of each task in its database."""

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

from tests.benchmarks.rivals.graph import CHAINS, LENGTH, advance, check, start

start_task = task(start)
advance_task = task(advance)


@flow(task_runner=ThreadPoolTaskRunner(max_workers=4))
def run() -> list[list[int]]:
    ends = []
    for chain in range(CHAINS):
        numbers = start_task.submit(chain)
        for _ in range(1, LENGTH):
            numbers = advance_task.submit(numbers)
        ends.append(numbers)
    return [end.result() for end in ends]


check(run())
