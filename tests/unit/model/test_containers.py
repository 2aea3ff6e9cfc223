from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.model.containers import Parts, parts_of, rebuild
from tests.unit.model.strategies import texts


class Split(NamedTuple):
    train: object
    test: object = None


@dataclass
class Report:
    title: str
    rows: object
    length: int = field(init=False)

    def __post_init__(self) -> None:
        self.length = len(self.title)


def load(reference: str) -> Any:  # noqa: ANN401  a class, whichever
    return {"tests.unit.model.test_containers:Split": Split, "tests.unit.model.test_containers:Report": Report}[
        reference
    ]


@given(
    st.lists(st.integers())
    | st.lists(st.integers()).map(tuple)
    | st.dictionaries(texts(), st.integers())
    | st.builds(Split, st.integers(), st.integers())
    | st.builds(Report, texts(), st.integers())
)
def test_a_container_is_made_again_from_its_parts(value: object) -> None:
    parts = parts_of(value)
    assert parts is not None
    again = rebuild(parts, load)
    assert (type(again), again) == (type(value), value)


def test_a_field_that_its_class_computes_is_no_part() -> None:
    assert parts_of(Report("abc", 1)) == Parts(
        "object", {"title": "abc", "rows": 1}, "tests.unit.model.test_containers:Report"
    )


class Rows(list[int]):
    pass


@pytest.mark.parametrize("value", ["text", 1, None, {1}, {1: 2}, OrderedDict(a=1), Rows(), Report, Split])
def test_what_would_come_back_as_something_else_has_no_parts(value: object) -> None:
    assert parts_of(value) is None
