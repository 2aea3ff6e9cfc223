"""Nothing but Python's own threads: no retries, no state."""

from concurrent.futures import Future, ThreadPoolExecutor

from tests.benchmarks.rivals.graph import CHAINS, LENGTH, advance, check, start


def advanced(future: "Future[list[int]]") -> list[int]:
    return advance(future.result())


with ThreadPoolExecutor(4) as pool:
    ends = []
    for chain in range(CHAINS):
        numbers = pool.submit(start, chain)
        for _ in range(1, LENGTH):
            numbers = pool.submit(advanced, numbers)
        ends.append(numbers)
    check([end.result() for end in ends])
