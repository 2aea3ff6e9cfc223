"""The chain that took longest."""

from functools import cache
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lakewright.execution.report.critical import critical_path


def test_tasks_that_did_not_run_are_on_no_path() -> None:
    edges = {"a": [], "b": ["a"], "c": ["b"]}
    assert critical_path(edges, edges, {"a": 1.0, "c": 1.0}) == ("a",)
    assert critical_path(edges, edges, {}) == ()


def test_of_equal_paths_the_first_counts() -> None:
    edges: dict[str, list[str]] = {"a": [], "b": [], "c": ["b", "a"]}
    assert critical_path(edges, edges, {"a": 1.0, "b": 1.0, "c": 0.0}) == ("a",)
    assert critical_path(edges, edges, {"a": 1.0, "b": 1.0, "c": 1.0}) == ("b", "c")


def test_a_deep_chain_is_no_problem() -> None:
    keys = [str(number) for number in range(10_000)]
    upstream = {key: keys[max(0, number - 1) : number] for number, key in enumerate(keys)}
    assert critical_path(keys, upstream, dict.fromkeys(keys, 1.0)) == tuple(keys)


@given(st.lists(st.tuples(st.integers(0, 100), st.sets(st.integers(0, 9))), max_size=10))
def test_no_chain_takes_longer(tasks: list[tuple[int, set[int]]]) -> None:
    upstream = {str(number): [str(up) for up in sorted(ups) if up < number] for number, (_, ups) in enumerate(tasks)}
    seconds = {str(number): float(duration) for number, (duration, _) in enumerate(tasks)}

    @cache
    def longest(key: str) -> float:
        return seconds[key] + max(map(longest, upstream[key]), default=0.0)

    path = critical_path(upstream, upstream, seconds)
    assert sum(seconds[key] for key in path) == max(map(longest, upstream), default=0.0)
    assert all(before in upstream[after] for before, after in pairwise(path))
