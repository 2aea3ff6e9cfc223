from collections.abc import Callable, Iterable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.authoring.signature import CallSignature


def plain(a: int, b: int = 1, *, c: int = 2) -> object:
    return a, b, c


def only(a: int, /, b: int) -> object:
    return a, b


def spread(a: int, *rest: int, c: int = 2, **more: int) -> object:
    return a, rest, c, more


def positional_before_star(a: int, b: int = 1, *rest: int) -> object:
    return a, b, rest


FUNCTIONS: Final[tuple[Callable[..., object], ...]] = (plain, only, spread, positional_before_star)


@given(
    st.sampled_from(FUNCTIONS),
    st.lists(st.integers(), max_size=4),
    st.dictionaries(st.sampled_from("abcd"), st.integers()),
)
def test_a_call_that_python_takes_arrives_as_it_was_meant_and_any_other_is_refused(
    function: Callable[..., object], args: list[int], kwargs: dict[str, int]
) -> None:
    try:
        meant = function(*args, **kwargs)
    except TypeError:
        with pytest.raises(TypeError):
            CallSignature(function).match(tuple(args), kwargs)
        return
    assert called(function, CallSignature(function).match(tuple(args), kwargs)) == meant


def called(function: Callable[..., object], matched: Iterable[tuple[str, Any, str]]) -> object:
    """What a worker does with what was matched."""
    positional: list[object] = []
    named: dict[str, object] = {}
    for name, value, arrival in matched:
        if arrival == "star":
            positional.extend(value)
        elif arrival == "double_star":
            named.update(value)
        elif arrival == "positional":
            positional.append(value)
        else:
            named[name] = value
    return function(*positional, **named)


def test_what_a_call_leaves_out_stays_with_the_functions_defaults() -> None:
    assert list(CallSignature(plain).match((5,), {})) == [("a", 5, "keyword")]


def test_arguments_keep_the_order_of_the_call() -> None:
    assert [name for name, _, _ in CallSignature(plain).match((), {"c": 1, "a": 2})] == ["c", "a"]


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((), {}, "missing a required argument: 'a'"),
        ((1, 2, 3), {}, "too many positional arguments"),
        ((1,), {"a": 2}, "multiple values for argument 'a'"),
        ((), {"aa": 2}, "there is no parameter 'aa'; did you mean 'a'"),
    ],
)
def test_a_wrong_call_is_told_in_pythons_own_words(args: tuple[int, ...], kwargs: dict[str, int], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        CallSignature(plain).match(args, kwargs)


def test_a_signature_is_shown_as_its_author_wrote_it() -> None:
    assert str(CallSignature(lambda a, b=1: (a, b))) == "(a, b=1)"
