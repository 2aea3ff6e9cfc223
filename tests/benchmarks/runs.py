"""What running 1,000 tasks that do next to nothing costs: 100 chains of 10."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from lakewright import MemoryIo, job, task
from lakewright.model.target import TargetValues
from tests.benchmarks.measure import TIMES, Row, calls, side_by_side

CHAINS: Final = 100
LENGTH: Final = 10
WORKERS: Final = 4
ROUNDS: Final = 9


def start(number: int) -> list[int]:
    """The first task of a chain."""
    return [number]


def advance(numbers: list[int]) -> list[int]:
    """Every further task; a list, because a number need not be read again in one process."""
    return [numbers[0] + 1]


start_task = task(start)
advance_task = task(advance)


@job
def chains() -> list[list[int]]:
    """The graph; its value is what the chains end with."""
    ends: list[list[int]] = []
    for chain in range(CHAINS):
        numbers = start_task.named(f"start-{chain}")(chain)
        for step in range(1, LENGTH):
            numbers = advance_task.named(f"advance-{chain}-{step}")(numbers)
        ends.append(numbers)
    return ends


def measure() -> Iterator[Row]:
    """In memory against `concurrent.futures`, on disk against the same files written and read without anything else."""
    with tempfile.TemporaryDirectory() as folder:
        target = TargetValues(root=f"{folder}/ours", data=folder)
        works: dict[str, Callable[[], object]] = {
            "futures": with_futures,
            "memory": lambda: chains.execute(max_workers=WORKERS, target=target, io=MemoryIo()),
            "files": lambda: with_files(folder),
            "disk": lambda: chains.execute(max_workers=WORKERS, target=target),
        }
        check(target)
        seconds = side_by_side({name: calls(work) for name, work in works.items()}, rounds=ROUNDS)
    yield Row(
        name="1,000 tasks in memory, against concurrent.futures",
        ours=seconds["memory"],
        baseline=seconds["futures"],
        limit=4.0,
        unit=TIMES,
    )
    yield Row(
        name="1,000 tasks on disk, against bare writes and reads",
        ours=seconds["disk"],
        baseline=seconds["files"],
        limit=1.5,
        unit=TIMES,
    )


def check(target: TargetValues) -> None:
    """All of them do the same work: else the ratios mean nothing."""
    wanted = [[chain + LENGTH - 1] for chain in range(CHAINS)]
    assert chains.execute(target=target, io=MemoryIo()).value == wanted
    assert chains.execute(target=target).value == wanted
    assert with_futures() == wanted
    assert with_files(target.data) == wanted


def with_futures() -> list[list[int]]:
    """The graph by hand: each task waits for the one before it."""
    with ThreadPoolExecutor(WORKERS) as pool:
        ends: list[Future[list[int]]] = []
        for chain in range(CHAINS):
            future = pool.submit(start, chain)
            for _ in range(1, LENGTH):
                future = pool.submit(_advance_result, future)
            ends.append(future)
        return [end.result() for end in ends]


def _advance_result(future: "Future[list[int]]") -> list[int]:
    return advance(future.result())


def with_files(folder: str) -> list[list[int]]:
    """The values of all tasks, each written as JSON to a folder of its own and read again by whoever wants it."""
    run = tempfile.mkdtemp(dir=folder)
    ends = []
    for chain in range(CHAINS):
        numbers = _kept(start(chain), f"{run}/start-{chain}")
        for step in range(1, LENGTH):
            numbers = _kept(advance(numbers), f"{run}/advance-{chain}-{step}")
        ends.append(numbers)
    return ends


def _kept(value: list[int], folder: str) -> list[int]:
    os.mkdir(folder)
    with open(f"{folder}/value.json", "w", encoding="utf-8") as file:
        file.write(json.dumps(value))
    with open(f"{folder}/value.json", encoding="utf-8") as file:
        kept: list[int] = json.loads(file.read())
    return kept
