import json
from typing import Any

import pytest
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
    Output,
    ParameterValue,
    Results,
    Side,
)
from lakewright.model.binding_json import from_json, output_from_json, to_json
from lakewright.model.storage import FORMATS, Storage, StorageValue
from tests.unit.model.strategies import texts, values


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
        sides = st.builds(Side, st.lists(texts(), max_size=2).map(tuple), inner)
        return st.one_of(
            st.builds(Container, st.sampled_from(["list", "tuple"]), numbered),
            st.builds(Gather, outputs(), st.lists(inner, max_size=2).map(tuple)),
            st.builds(Join, st.lists(sides, max_size=2).map(tuple), st.booleans()),
            st.builds(Container, st.just("dict"), named),
            st.builds(Container, st.just("object"), named, st.just("flights.tasks:Report")),
        )

    return st.recursive(leaf, containers, max_leaves=8)


@given(bindings())
def test_a_binding_comes_back_from_json(binding: Binding) -> None:
    assert from_json(json.loads(json.dumps(to_json(binding)))) == binding


def test_what_says_nothing_is_left_out() -> None:
    assert to_json(Output("load")) == {"output": "load"}
    assert to_json(Item("load", (), ("a",))) == {"item": "load", "part": ["a"]}
    assert to_json(Results(("load",))) == {"results": ["load"]}
    assert to_json(Join((Side((), Output("load")),))) == {"join": [[[], {"output": "load"}]]}


def test_an_output_alone_is_read_too() -> None:
    assert output_from_json({"output": "split", "path": [0, "a"]}) == Output("split", (0, "a"))


@pytest.mark.parametrize("content", [{}, {"outputs": "load"}, {"task": "load", "output": "load"}])
def test_another_kind_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is no binding"):
        from_json(content)
