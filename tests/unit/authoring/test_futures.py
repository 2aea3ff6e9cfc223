import time
from typing import Any

from lakewright.authoring.futures import contains_future
from tests.unit.authoring.sample_tasks import Report, Split, load
from tests.unit.authoring.traced import dag_of


def handle() -> Any:  # noqa: ANN401  it stands for data
    """A handle that was kept."""
    kept: list[object] = []

    def body(month: int) -> None:
        kept.append(load(month))

    dag_of(body)
    return kept[0]


def test_a_handle_is_found_at_any_depth() -> None:
    found = handle()
    for value in (found, [found], ({"a": [found]},), Split([], found), Report("a", found), {"a": Report("a", [found])}):
        assert contains_future(value)


def test_data_hold_none() -> None:
    for value in (1, "a", None, [1, [2]], {"a": (1,)}, Split([1], [2]), Report("a", [1]), object(), Report):
        assert not contains_future(value)


def test_a_container_that_holds_itself_ends() -> None:
    endless: list[object] = [1]
    endless.append([endless])
    assert not contains_future(endless)


def test_a_million_numbers_are_no_burden() -> None:
    numbers = list(range(1_000_000))
    started = time.process_time()
    assert not contains_future(numbers)
    assert time.process_time() - started < 0.5
