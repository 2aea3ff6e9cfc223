import json
import math
from collections import OrderedDict, defaultdict
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, Flag, IntEnum
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

import pytest
from hypothesis import given

from lakewright.model.values import UnencodableError, decode, described, encode, is_json, to_text
from tests.unit.model.strategies import Carrier, exactly, load, values


class Level(IntEnum):
    LOW = 1


class Rights(Flag):
    READ = 1
    WRITE = 2


class Point(NamedTuple):
    x: int


class Name(str):
    __slots__ = ()


class Float64(float):
    """As numpy's: a float to Python, another type to whoever reads it back."""


@given(values())
def test_every_value_comes_back_as_it_was(value: object) -> None:
    text = to_text(encode(value))
    assert text.isascii()
    assert exactly(decode(json.loads(text), load)) == exactly(value)


def test_the_float_that_equals_nothing_comes_back_too() -> None:
    back = decode(json.loads(to_text(encode([float("nan")]))), load)
    assert isinstance(back[0], float)
    assert math.isnan(back[0])


def test_the_order_of_a_dict_is_kept() -> None:
    assert list(decode(json.loads(to_text(encode({"b": 1, "a": 2}))), load)) == ["b", "a"]


def test_a_dict_that_looks_like_a_tag_is_no_tag() -> None:
    value = {"~": "date", "v": "2013-01-31"}
    assert decode(json.loads(to_text(encode(value))), load) == value


def test_a_number_that_is_an_enum_stays_one() -> None:
    assert decode(encode(Level.LOW), {"tests.unit.model.test_values:Level": Level}.__getitem__) is Level.LOW


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ((1, 2), "the value is a tuple"),
        ({1, 2}, "the value is a set"),
        ({1: "a"}, r"the value is a dict with the key 1 \(int\); keys must be str"),
        ({"a": [0, {"b": (1,)}]}, r"\['a'\]\[1\]\['b'\] is a tuple"),
        (OrderedDict(a=1), "a collections.OrderedDict"),
        (defaultdict(int), "a collections.defaultdict"),
        (Point(1), "a tests.unit.model.test_values.Point"),
        (Name("x"), "a tests.unit.model.test_values.Name"),
        ([Float64(1)], r"\[0\] is a tests.unit.model.test_values.Float64"),
        (time(1), "a datetime.time"),
        (timedelta(1), "a datetime.timedelta"),
        (Fraction(1, 2), "a fractions.Fraction"),
        (1j, "a complex"),
        (object(), "an object"),
        (int, "a type"),
        (len, "a builtin_function_or_method"),
        (PurePosixPath("a"), "PurePosixPath"),
        (PureWindowsPath("a"), "PureWindowsPath"),
        (Rights.READ | Rights.WRITE, "which is no single member"),
    ],
)
def test_what_would_not_come_back_is_refused_with_its_place(value: object, message: str) -> None:
    with pytest.raises(UnencodableError, match=message):
        encode(value)


def test_an_enum_that_no_other_process_finds_is_refused() -> None:
    class Local(Enum):
        A = 1

    with pytest.raises(UnencodableError, match="defined inside a function"):
        encode(Local.A)


def test_a_type_is_described_with_its_article() -> None:
    assert described(Carrier) == "a tests.unit.model.strategies.Carrier"
    assert described(int) == "an int"


@pytest.mark.parametrize("value", [None, 1, "a", [1.5, {"a": [True]}], {}])
def test_json_is_what_json_has(value: object) -> None:
    assert is_json(value)


@pytest.mark.parametrize(
    "value", [(1,), date(2013, 1, 1), [Decimal(1)], {"a": Path()}, {1: 2}, float("inf"), Carrier.UNITED, b""]
)
def test_what_needs_a_tag_is_no_json(value: object) -> None:
    assert not is_json(value)


def test_a_zone_comes_back_as_its_offset() -> None:
    moment = datetime(2013, 1, 31, 6, tzinfo=timezone(timedelta(hours=-5)))
    assert decode(encode(moment), load) == moment
