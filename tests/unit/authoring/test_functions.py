import inspect
from typing import Any

import pytest

from lakewright.authoring.functions import not_a_plain_function, returning


def pair(number: int, *, other: int = 2):  # type: ignore[no-untyped-def]  # noqa: ANN201  outputs= is for such functions
    """Two numbers."""
    return number, other


def test_what_a_function_is_said_to_return_is_said_by_a_twin_alone() -> None:
    twin: Any = returning(pair, tuple[int, int])
    assert twin.__annotations__ == {"number": int, "other": int, "return": tuple[int, int]}
    assert "return" not in pair.__annotations__


def test_the_twin_is_the_function_in_all_else() -> None:
    twin: Any = returning(pair, tuple[int, int])
    assert twin(1) == (1, 2)
    assert (twin.__module__, twin.__qualname__, twin.__doc__) == (pair.__module__, "pair", "Two numbers.")
    assert inspect.signature(twin).parameters == inspect.signature(pair).parameters
    assert inspect.signature(twin).return_annotation == tuple[int, int]
    assert twin.__code__ is pair.__code__


def test_the_twin_sees_what_the_function_sees() -> None:
    seen: list[int] = []

    def inner():  # type: ignore[no-untyped-def]  # noqa: ANN202  as above
        return len(seen)

    twin: Any = returning(inner, int)
    seen.append(1)
    assert twin() == 1


class Holder:
    def method(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("thing", "problem"),
    [(pair, ""), (len, "<built-in function len>"), (Holder.method, "the method 'Holder.method'"), (Holder, "<class")],
)
def test_only_functions_with_a_name_of_their_own_are_plain(thing: object, problem: str) -> None:
    assert not_a_plain_function(thing).startswith(problem)
    assert bool(not_a_plain_function(thing)) is bool(problem)
