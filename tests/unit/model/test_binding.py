import json
from collections.abc import Iterable
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

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
    Results,
    Side,
    fill,
    leaves,
)
from lakewright.model.binding_json import from_json, to_json
from lakewright.model.storage import FORMATS, Storage, StorageValue
from tests.unit.model.strategies import exactly, load, texts, values

ONE_OF_EACH: Final = Container(
    "tuple",
    (
        ("0", Constant("1")),
        ("1", Container("dict", (("a", Output("load", ("x", 0))), ("b", ParameterValue("day"))))),
        ("2", Container("list", ())),
    ),
)


def storages() -> st.SearchStrategy[Storage]:
    """Storages whose addresses hold what platforms trip over."""
    nasty = st.sampled_from(["$", "{{a", "${b", "ü x", "'\"", "*.csv", "\\"])
    uris = st.lists(nasty, max_size=3).map(lambda parts: f"s3://lake/{'/'.join(parts)}")
    options = st.dictionaries(st.sampled_from(["aws_region", "aws_endpoint_url"]), texts(), max_size=2)
    return st.builds(Storage, uris, st.sampled_from(["", *FORMATS]), options)


def ways() -> st.SearchStrategy[tuple[str | int, ...]]:
    """Ways to parts of a value."""
    return st.lists(texts() | st.integers(), max_size=3).map(tuple)


def outputs() -> st.SearchStrategy[Output]:
    return st.builds(Output, texts(), ways())


def bindings() -> st.SearchStrategy[Binding]:
    """Bindings of any shape."""
    leaf: st.SearchStrategy[Binding] = st.one_of(
        st.builds(Constant.of, values()),
        st.builds(ParameterValue, texts()),
        outputs(),
        st.builds(Item, texts(), ways(), ways()),
        st.builds(Each, texts(), ways()),
        st.builds(
            Results,
            st.none() | st.lists(texts(), max_size=3).map(tuple),
            st.dictionaries(texts(), values().map(Constant.of), max_size=2).map(lambda given: tuple(given.items())),
        ),
        st.builds(StorageValue, storages(), st.sampled_from(["read", "write", "update"])),
    )

    def containers(inner: st.SearchStrategy[Binding]) -> st.SearchStrategy[Binding]:
        named = st.dictionaries(texts(), inner, max_size=3).map(lambda parts: tuple(parts.items()))
        numbered = st.lists(inner, max_size=3).map(
            lambda items: tuple((str(index), item) for index, item in enumerate(items))
        )
        return st.one_of(
            st.builds(Container, st.sampled_from(["list", "tuple"]), numbered),
            st.builds(Gather, outputs(), st.lists(inner, max_size=2).map(tuple)),
            st.lists(st.builds(Side, st.lists(texts(), max_size=2).map(tuple), inner), max_size=2).map(tuple).map(Join),
            st.builds(Container, st.just("dict"), named),
            st.builds(Container, st.just("object"), named, st.just("flights.tasks:Report")),
        )

    return st.recursive(leaf, containers, max_leaves=8)


@given(bindings())
def test_a_binding_comes_back_from_json(binding: Binding) -> None:
    assert from_json(json.loads(json.dumps(to_json(binding)))) == binding


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
