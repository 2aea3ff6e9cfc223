from datetime import date
from enum import Enum

import pytest

from lakewright.errors.authoring import DuplicateKeyError
from tests.unit.authoring.sample_tasks import clean, load, two
from tests.unit.authoring.traced import dag_of, line_of


class Carrier(Enum):
    UNITED = "UA"
    AMERICAN = "AA"


def test_a_second_call_is_numbered_in_the_order_of_the_source() -> None:
    def body() -> None:
        clean(load(1))
        clean(load(2))
        clean([])

    dag = dag_of(body)
    assert dag.nodes == ("load", "clean", "load__2", "clean__2", "clean__3")
    assert dag.edges == (("load", "clean"), ("load__2", "clean__2"))


def test_a_loop_over_constants_takes_its_keys_from_the_items() -> None:
    def body() -> None:
        for month in (1, 2, 12):
            clean(load(month))

    dag = dag_of(body)
    assert dag.nodes == ("load_1", "clean_1", "load_2", "clean_2", "load_12", "clean_12")
    assert dag.edges == (("load_1", "clean_1"), ("load_2", "clean_2"), ("load_12", "clean_12"))


def test_text_dates_and_enumerations_make_readable_keys() -> None:
    def body() -> None:
        for airport in ("New York/JFK", "Köln"):
            two(airport)
        for day in (date(2013, 1, 31), date(2013, 2, 1)):
            two(day)
        for carrier in Carrier:
            two(carrier)

    assert dag_of(body).nodes == (
        "two_New_York_JFK",
        "two_Koln",
        "two_2013-01-31",
        "two_2013-02-01",
        "two_UNITED",
        "two_AMERICAN",
    )


def test_the_argument_that_tells_items_apart_gives_the_key() -> None:
    def body() -> None:
        for month in (1, 2):
            two("same", month)

    assert dag_of(body).nodes == ("two_1", "two_2")


@pytest.mark.parametrize("items", [("a/b", "a b"), ("…", "!"), (1, 1), ([1], [1])])
def test_items_whose_texts_are_alike_are_numbered(items: tuple[object, ...]) -> None:
    def body() -> None:
        for item in items:
            two(item)

    assert dag_of(body).nodes == ("two", "two__2")


def test_a_loop_over_handles_follows_the_keys_of_its_producers() -> None:
    def body() -> None:
        months = [load(month) for month in (1, 2)]
        for rows in months:
            clean(rows)

    assert dag_of(body).nodes == ("load_1", "load_2", "clean_1", "clean_2")


def test_a_loop_inside_a_function_of_the_users_is_a_loop_too() -> None:
    def both(month: int) -> None:
        clean(load(month))

    def body() -> None:
        for month in (1, 2):
            both(month)
        both(3)

    assert dag_of(body).nodes == ("load_1", "clean_1", "load_2", "clean_2", "load", "clean")


def test_an_explicit_key_stands_and_others_make_room() -> None:
    def body() -> None:
        first = clean(load(1))
        second = clean.named("clean__2")(first)
        third = clean(second)
        clean.named("clean__3")(third)

    dag = dag_of(body)
    assert dag.nodes == ("load", "clean", "clean__2", "clean__4", "clean__3")
    assert dag.edges == (
        ("load", "clean"),
        ("clean", "clean__2"),
        ("clean__2", "clean__4"),
        ("clean__4", "clean__3"),
    )


def test_the_result_follows_the_final_keys() -> None:
    def body() -> object:
        return [clean(load(month)) for month in (1, 2)]

    dag = dag_of(body)
    assert dag.result is not None
    assert [dag.task(leaf).key for leaf in ("clean_1", "clean_2")] == ["clean_1", "clean_2"]
    assert "clean_1" in repr(dag.result)


def test_two_explicit_keys_that_are_equal_are_refused_with_both_lines() -> None:
    def body() -> None:
        clean.named("x")([1])
        clean([2])
        load.named("x")(3)

    with pytest.raises(DuplicateKeyError) as caught:
        dag_of(body)
    first, second = line_of(body, "[1]"), line_of(body, "load.named")
    message = str(caught.value)
    assert f"test_keys.py:{second}: task key 'x' is given twice in one job" in message
    assert f"test_keys.py:{first})" in message
    assert f"{second:>6} |         load.named" in message


def test_a_key_moves_only_when_a_call_before_it_does() -> None:
    def one() -> None:
        clean([1])
        load(1)

    def other() -> None:
        load(9)
        clean([1])
        load(1)

    assert dag_of(one).nodes == ("clean", "load")
    assert dag_of(other).nodes == ("load", "clean", "load__2")
