from collections.abc import Callable

from lakewright import job, task
from lakewright.model.moves import moves


@task
def load(month: int) -> list[int]:
    return [month]


@task
def clean(rows: list[int]) -> list[int]:
    return rows


def two() -> None:
    clean(load(1))
    clean(load(2))


def with_one_before() -> None:
    clean(load(0))
    clean(load(1))
    clean(load(2))


def without_the_first() -> None:
    clean(load(2))


def renamed() -> None:
    clean(load(1))
    clean.named("second")(load.named("february")(2))


def moved(before: Callable[[], None], after: Callable[[], None]) -> list[tuple[str, str]]:
    """What the change from one body to another moves: keys before and now."""
    dags = [job(name="daily")(each).dag for each in (before, after)]
    return [(move.before, move.task.key) for move in moves(*dags)]


def test_a_call_that_comes_before_others_moves_their_keys() -> None:
    assert moved(two, with_one_before) == [
        ("load", "load__2"),
        ("clean", "clean__2"),
        ("load__2", "load__3"),
        ("clean__2", "clean__3"),
    ]


def test_a_call_that_goes_moves_them_back() -> None:
    assert moved(two, without_the_first) == [("load__2", "load"), ("clean__2", "clean")]


def test_what_is_renamed_or_stays_or_comes_behind_is_not_moved() -> None:
    assert moved(two, renamed) == []
    assert moved(two, two) == []
    assert moved(without_the_first, with_one_before) == [("load", "load__3"), ("clean", "clean__3")]


def test_calls_that_do_alike_are_not_told_apart() -> None:
    def alike() -> None:
        load(1)
        load(1)

    def three() -> None:
        load(1)
        load(1)
        load(1)

    assert moved(alike, three) == []
