from hypothesis import given
from hypothesis import strategies as st

from lakewright.authoring.cover import covered, products

# As a body makes them: all outcomes of the conditions that it asks for, in one order.
PATHS = [
    {"a": True, "b": True},
    {"a": True, "b": False},
    {"a": False, "c": True},
    {"a": False, "c": False},
]


@given(wanted=st.sets(st.integers(0, 3), min_size=1), count=st.integers(1, 4))
def test_products_cover_what_is_wanted_and_nothing_else(wanted: set[int], count: int) -> None:
    paths = PATHS[:count]
    wanted = {number for number in wanted if number < count} or {0}
    found = products(wanted, paths)
    assert set().union(*(covered(product, paths) for product in found)) == wanted


def test_no_outcome_is_named_that_is_not_needed() -> None:
    assert products({0, 1}, PATHS) == ((("a", True),),)
    assert products({0, 1, 2, 3}, PATHS) == ((),)


def test_a_path_that_never_asked_is_not_covered() -> None:
    assert covered((("b", False),), PATHS) == {1}
