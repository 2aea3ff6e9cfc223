from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypedDict

import pytest

from lakewright.authoring.shape import shape_of

if TYPE_CHECKING:
    from decimal import Decimal


class Split(NamedTuple):
    train: int
    test: list[str]


@dataclass
class Report:
    title: str
    parts: Split


class Row(TypedDict):
    a: int
    b: Split


class Hidden(NamedTuple):
    amount: Decimal


@pytest.mark.parametrize(
    ("annotation", "arity"),
    [
        (tuple[int, str], 2),
        (Split, 2),
        (tuple[int, ...], None),
        (tuple, None),
        (list[int], None),
        (Report, None),
        (Row, None),
        (int, None),
        (None, None),
        (Split | None, None),
    ],
    ids=str,
)
def test_what_can_be_unpacked_has_an_arity(annotation: object, arity: int | None) -> None:
    assert shape_of(annotation).arity == arity


@pytest.mark.parametrize(
    ("annotation", "key", "part"),
    [
        (tuple[int, str], 0, int),
        (tuple[int, str], -1, str),
        (list[int], 99, int),
        (dict[str, int], "any", int),
        (Row, "a", int),
        (Split, 0, int),
        (Split, -1, list[str]),
        (list, 0, object),
        (dict, "a", object),
    ],
    ids=str,
)
def test_an_item_that_the_type_promises_has_its_own_shape(annotation: object, key: object, part: object) -> None:
    found = shape_of(annotation).item(key)
    assert found is not None
    assert found.annotation == part


@pytest.mark.parametrize(
    ("annotation", "key"),
    [
        (tuple[int, str], 2),
        (tuple[int, str], "a"),
        (tuple[int, str], slice(1)),
        (tuple[int, str], True),
        (Row, "c"),
        (Row, 0),
        (Split, 2),
        (Report, 0),
        (list[int], "a"),
        (int, 0),
        (None, 0),
    ],
    ids=str,
)
def test_an_item_that_the_type_does_not_promise_is_none(annotation: object, key: object) -> None:
    assert shape_of(annotation).item(key) is None


def test_attributes_are_those_of_objects() -> None:
    parts = shape_of(Report).attribute("parts")
    assert parts is not None
    assert (parts.annotation, parts.arity) == (Split, 2)
    assert shape_of(Report).attribute("nothing") is None
    assert shape_of(Row).attribute("a") is None
    assert shape_of(int).attribute("real") is None


def test_a_part_whose_type_cannot_be_resolved_can_be_taken_but_not_taken_apart() -> None:
    part = shape_of(Hidden).attribute("amount")
    assert part is not None
    assert part.annotation is object
