from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.errors.authoring import ParameterError
from lakewright.model.parameter import Kind, ParameterType
from tests.unit.model.strategies import Carrier, exactly, load, moments, texts

CARRIER = "tests.unit.model.strategies:Carrier"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts().filter(lambda key: key != "~"), inner, max_size=3)
    ),
    max_leaves=8,
)


def typed_values() -> st.SearchStrategy[tuple[ParameterType, object]]:
    """Types with a value of each."""

    def plain(kind: Kind, values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[ParameterType, object]]:
        return st.tuples(st.just(ParameterType(kind=kind)), values)

    choices = st.lists(texts(), min_size=1, max_size=4, unique=True) | st.lists(st.integers(), min_size=1, unique=True)
    return st.one_of(
        plain("str", texts()),
        plain("int", st.integers()),
        plain("float", st.floats(allow_nan=False)),
        plain("bool", st.booleans()),
        plain("date", st.dates()),
        plain("datetime", moments()),
        plain("Decimal", st.decimals(allow_nan=False)),
        plain("list", st.lists(JSON, max_size=3)),
        plain("dict", st.dictionaries(texts().filter(lambda key: key != "~"), JSON, max_size=3)),
        st.tuples(st.just(ParameterType(kind="enum", enum=CARRIER)), st.sampled_from(Carrier)),
        choices.flatmap(
            lambda found: st.tuples(
                st.just(ParameterType(kind="literal", choices=tuple(found))), st.sampled_from(list(found))
            )
        ),
    )


@given(typed_values())
def test_every_value_of_a_type_comes_back_from_its_text(typed: tuple[ParameterType, object]) -> None:
    kind, value = typed
    assert kind.accepts(value, load)
    assert exactly(kind.parse("p", kind.text(value), load)) == exactly(value)
    assert ParameterType.from_json(kind.to_json()) == kind


@given(typed_values(), texts())
def test_any_text_is_a_value_of_the_type_or_refused(typed: tuple[ParameterType, object], text: str) -> None:
    kind, _ = typed
    try:
        value = kind.parse("month", text, load)
    except ParameterError:
        return
    assert kind.accepts(value, load)


@pytest.mark.parametrize("kind", ["int", "float", "bool", "date", "datetime", "Decimal", "list", "dict"])
def test_no_text_is_none_where_none_is_allowed(kind: Kind) -> None:
    optional = ParameterType(kind=kind, optional=True)
    assert optional.parse("p", "", load) is None
    assert optional.text(None) == ""
    assert optional.accepts(None, load)
    assert not ParameterType(kind=kind).accepts(None, load)


def test_no_text_is_text_where_text_is_asked_for() -> None:
    assert ParameterType(kind="str", optional=True).parse("p", "", load) == ""
    assert not ParameterType(kind="str", optional=True).accepts(None, load)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int", ""),
        ("int", "1.0"),
        ("int", "1_000"),
        ("int", "１"),  # noqa: RUF001  a digit to Python, not to JSON
        ("int", "true"),
        ("int", "[1]"),
        ("float", "1_0.5"),
        ("float", "one"),
        ("bool", "1"),
        ("bool", "yes"),
        ("date", "20130131"),
        ("date", "2013-02-30"),
        ("datetime", "yesterday"),
        ("Decimal", "1,5"),
        ("Decimal", "1_5"),
        ("list", "{}"),
        ("list", "[1"),
        ("dict", "[]"),
    ],
)
def test_text_that_is_not_of_the_type_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(ParameterError, match=f"parameter 'p': .* is not of type {kind}"):
        ParameterType(kind=kind).parse("p", text, load)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("bool", " TRUE ", True),
        ("float", "1", 1.0),
        ("int", " 2 ", 2),
        ("datetime", "2013-01-31T06:00:00Z", datetime(2013, 1, 31, 6, tzinfo=timezone.utc)),
        ("datetime", "2013-01-31", datetime(2013, 1, 31)),  # noqa: DTZ001  as its author wrote it, without a zone
        ("date", "2013-01-31", date(2013, 1, 31)),
        ("Decimal", "1.50", Decimal("1.50")),
    ],
)
def test_usual_ways_to_write_a_value_are_read(kind: Kind, text: str, value: object) -> None:
    assert exactly(ParameterType(kind=kind).parse("p", text, load)) == exactly(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", True),
        ("int", 1.0),
        ("str", 1),
        ("bool", 1),
        ("float", "1"),
        ("date", datetime(2013, 1, 31)),  # noqa: DTZ001  a datetime is a date to isinstance, not to us
        ("list", (1, 2)),
        ("list", [date(2013, 1, 31)]),
        ("dict", {1: 2}),
    ],
)
def test_a_value_of_another_type_is_not_taken(kind: Kind, value: object) -> None:
    assert not ParameterType(kind=kind).accepts(value, load)


def test_a_choice_is_one_of_those_that_there_are() -> None:
    kind = ParameterType(kind="literal", choices=("full", "quick"))
    with pytest.raises(ParameterError, match="'fulll' is not of type 'full' or 'quick'"):
        kind.parse("mode", "fulll", load)
    assert not ParameterType(kind="literal", choices=(1, 2)).accepts(True, load)  # noqa: FBT003  True equals 1 and is none


def test_a_member_is_given_by_its_name() -> None:
    kind = ParameterType(kind="enum", enum=CARRIER)
    assert kind.parse("carrier", "UNITED", load) is Carrier.UNITED
    with pytest.raises(ParameterError, match="'UA' is not of type Carrier"):
        kind.parse("carrier", "UA", load)


def test_a_type_is_shown_as_its_author_would_write_it() -> None:
    assert str(ParameterType(kind="int", optional=True)) == "int | None"
    assert str(ParameterType(kind="literal", choices=("a", 1))) == "'a' or 1"
    assert str(ParameterType(kind="enum", enum=CARRIER)) == "Carrier"
