import builtins
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lakewright.authoring.static.plain import attribute, changes_owner, is_plain, is_speech, makes_anew, may_be_called
from lakewright.model.trigger import Cron


class Color(Enum):
    RED = "red"


@dataclass
class Box:
    rows: list[int]


class Pair(NamedTuple):
    left: int


@dataclass
class Checked:
    rows: list[int]

    def __post_init__(self) -> None:
        raise AssertionError


class Custom:
    @property
    def rows(self) -> list[int]:
        raise AssertionError


@pytest.mark.parametrize(
    "value",
    [1, "a", None, [1], {"a": 1}, range(3), Decimal(1), date(2026, 1, 1), Path("a"), Color.RED, Box([]), Pair(1)],
)
def test_operators_may_be_given_what_runs_no_code_of_the_users(value: object) -> None:
    assert is_plain(value)


@pytest.mark.parametrize("value", [Custom(), OrderedDict(), object(), logging.getLogger()], ids=type)
def test_operators_may_not_be_given_what_might_run_some(value: object) -> None:
    assert not is_plain(value)


@pytest.mark.parametrize(
    "function", [len, sorted, "a".upper, [1].count, date, Path, Box, Pair, Color, Path("a").with_suffix, Cron]
)
def test_what_has_no_effect_but_its_result_may_be_called(function: object) -> None:
    assert may_be_called(function)


UNSAFE: list[Any] = [print, open, builtins.input, time.time, date.today, datetime.now, Path.cwd, Path("a").exists]
UNSAFE += [Path("a").read_text, Custom, Checked, Custom().__init__, logging.getLogger]  # type: ignore[misc]  # a method


@pytest.mark.parametrize("function", UNSAFE)
def test_what_asks_the_world_or_runs_code_of_the_users_may_not_be_called(function: object) -> None:
    assert not may_be_called(function)


def test_methods_that_change_their_owner_and_functions_that_make_something_new_are_known() -> None:
    rows: list[int] = []
    changing: list[Any] = [rows.append, {}.update, rows.count, "a".upper]
    assert [changes_owner(each) for each in changing] == [True, True, False, False]
    making: list[Any] = [list, sorted, rows.copy, tuple]
    assert [makes_anew(each) for each in making] == [True, True, True, False]


def test_what_only_tells_people_something_is_passed_over() -> None:
    log = logging.getLogger(__name__)
    assert all(is_speech(each) for each in (print, log.info, logging.warning))
    assert not any(is_speech(each) for each in (log.setLevel, open))


@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [(Box([1]), "rows", [1]), (Pair(1), "left", 1), (Color.RED, "value", "red"), (time, "time", time.time)],
)
def test_an_attribute_that_is_only_looked_up_is_told(owner: object, name: str, value: object) -> None:
    assert attribute(owner, name) == value


@pytest.mark.parametrize(("owner", "name"), [(Custom(), "rows"), (Box([1]), "other"), (time, "nothing")])
def test_an_attribute_that_may_be_computed_or_is_not_there_is_not(owner: Any, name: str) -> None:  # noqa: ANN401  of any type
    with pytest.raises(LookupError):
        attribute(owner, name)
