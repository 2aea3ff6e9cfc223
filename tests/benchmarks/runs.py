"""What running tasks that do next to nothing costs.

The graph is 100 chains of 10. What it is compared with does the same graph on the same number of threads, with nothing
but `concurrent.futures`: each task waits for the one before it and calls the same function. In the comparison on disk
it also hands values on as runs do, each written as JSON to a file of its own and read from there by the next task.

Files lie in memory where the system has such a place. On a disk, what making a file costs depends on the files that
others have just made and removed, and differs tenfold from one round to the next for both sides.

A loop that writes and reads the same values one after the other is no peer: it runs no graph and no two tasks at once.
It is shown beside the others, without a promise.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from lakewright import Job, MemoryIo, job, task
from lakewright.model.target import TargetValues
from tests.benchmarks.measure import MICROSECONDS, TIMES, Row, calls, side_by_side, steady_folder

CHAINS: Final = 100
LENGTH: Final = 10
TASKS: Final = CHAINS * LENGTH
WORKERS: Final = 4
ROUNDS: Final = 15
LONG: Final = 5


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


def chain_of(length: int) -> Job[[], list[int]]:
    """One chain of many tasks."""

    def chain() -> list[int]:
        numbers = start_task(0)
        for _ in range(1, length):
            numbers = advance_task(numbers)
        return numbers

    return job(chain)


def measure() -> Iterator[Row]:
    """In memory and on disk, each against its equal; and whether a long chain takes its length."""
    long, short = chain_of(LONG * TASKS), chain_of(TASKS)
    with steady_folder() as folder:
        target = TargetValues(root=f"{folder}/ours", data=folder)
        works: dict[str, Callable[[], object]] = {
            "futures": with_futures,
            "memory": lambda: chains.execute(max_workers=WORKERS, target=target, io=MemoryIo()),
            "futures and files": lambda: with_futures_and_files(folder),
            "disk": lambda: chains.execute(max_workers=WORKERS, target=target),
            "files": lambda: one_after_the_other(folder),
            "short": lambda: short.execute(max_workers=WORKERS, target=target),
            "long": lambda: long.execute(max_workers=WORKERS, target=target),
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
        name="1,000 tasks on disk, against concurrent.futures with bare writes and reads",
        ours=seconds["disk"],
        baseline=seconds["futures and files"],
        limit=1.5,
        unit=TIMES,
    )
    yield Row(
        name="1,000 tasks on disk, against a loop of bare writes and reads",
        ours=seconds["disk"],
        baseline=seconds["files"],
        unit=TIMES,
    )
    yield Row(name="one task in memory", ours=seconds["memory"] / TASKS, unit=MICROSECONDS)
    yield Row(name="one task on disk", ours=seconds["disk"] / TASKS, unit=MICROSECONDS)
    yield Row(
        name=f"a chain of {LONG * TASKS:,} tasks, against {LONG} times one of {TASKS:,}",
        ours=seconds["long"],
        baseline=LONG * seconds["short"],
        limit=1.3,
        unit=TIMES,
    )


def check(target: TargetValues) -> None:
    """All of them do the same work: else the ratios mean nothing."""
    wanted = [[chain + LENGTH - 1] for chain in range(CHAINS)]
    assert chains.execute(target=target, io=MemoryIo()).value == wanted
    assert chains.execute(target=target).value == wanted
    assert with_futures() == wanted
    assert with_futures_and_files(target.data) == wanted
    assert one_after_the_other(target.data) == wanted


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


def with_futures_and_files(folder: str) -> list[list[int]]:
    """The same with values in files: a future gives the place of one."""
    run = tempfile.mkdtemp(dir=folder)
    with ThreadPoolExecutor(WORKERS) as pool:
        ends: list[Future[str]] = []
        for chain in range(CHAINS):
            future = pool.submit(_start_file, chain, f"{run}/start-{chain}.json")
            for step in range(1, LENGTH):
                future = pool.submit(_advance_file, future, f"{run}/advance-{chain}-{step}.json")
            ends.append(future)
        return [_read(end.result()) for end in ends]


def _start_file(number: int, place: str) -> str:
    return _written(start(number), place)


def _advance_file(future: "Future[str]", place: str) -> str:
    return _written(advance(_read(future.result())), place)


def one_after_the_other(folder: str) -> list[list[int]]:
    """The same values, written and read by a loop."""
    run = tempfile.mkdtemp(dir=folder)
    ends = []
    for chain in range(CHAINS):
        numbers = _read(_written(start(chain), f"{run}/start-{chain}.json"))
        for step in range(1, LENGTH):
            numbers = _read(_written(advance(numbers), f"{run}/advance-{chain}-{step}.json"))
        ends.append(numbers)
    return ends


def _written(value: list[int], place: str) -> str:
    with open(place, "w", encoding="utf-8") as file:
        file.write(json.dumps(value))
    return place


def _read(place: str) -> list[int]:
    with open(place, encoding="utf-8") as file:
        value: list[int] = json.loads(file.read())
    return value
