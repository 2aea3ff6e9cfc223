from collections.abc import Iterable
from typing import Final

from hypothesis import given

from lakewright.model.binding import (
    Binding,
    Constant,
    Container,
    Each,
    Gather,
    Item,
    Join,
    Leaf,
    Output,
    ParameterValue,
    fill,
    leaves,
)
from tests.unit.model.strategies import exactly, load, values

ONE_OF_EACH: Final = Container(
    "tuple",
    (
        ("0", Constant("1")),
        ("1", Container("dict", (("a", Output("load", ("x", 0))), ("b", ParameterValue("day"))))),
        ("2", Container("list", ())),
    ),
)


@given(values())
def test_a_constant_gives_its_value_fresh_each_time(value: object) -> None:
    constant = Constant.of(value)
    assert exactly(constant.value(load)) == exactly(value)
    assert not isinstance(value, (list, dict)) or constant.value(load) is not constant.value(load)


def test_leaves_come_in_order() -> None:
    assert list(leaves(ONE_OF_EACH)) == [Constant("1"), Output("load", ("x", 0)), ParameterValue("day")]


class KindOfLeaf:
    """Leaves stand for the names of their types, with the index of the element if there is one."""

    def __init__(self, index: str = "") -> None:
        self.index = index

    def value(self, leaf: Leaf) -> object:
        return f"{type(leaf).__name__}{self.index}"

    def for_each(self, gather: Gather) -> Iterable["KindOfLeaf"]:
        assert gather.over == Output("files")
        return map(KindOfLeaf, "01")

    def taken(self, join: Join) -> Binding:
        return join.sides[0].binding


def test_what_is_gathered_comes_once_for_each_element_among_the_others() -> None:
    each = Gather(Output("files"), (Item("files"), Container("dict", (("a", Each("process")),))))
    binding = Container("list", (("0", Constant("1")), ("1", each), ("2", Output("load"))))
    expected = ["Constant", "Item0", {"a": "Each0"}, "Item1", {"a": "Each1"}, "Output"]
    assert fill(binding, KindOfLeaf(), load) == expected


def test_a_container_is_filled_with_what_its_leaves_stand_for() -> None:
    assert fill(ONE_OF_EACH, KindOfLeaf(), load) == ("Constant", {"a": "Output", "b": "ParameterValue"}, [])
