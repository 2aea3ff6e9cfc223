from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lakewright.errors.authoring import CycleError
from lakewright.model.graph import find_cycle, reach, stages, topological_order

MANY: Final = 100_000

Graph: TypeAlias = tuple[Sequence[str], Mapping[str, list[str]]]


@st.composite
def acyclic(draw: st.DrawFn) -> Graph:
    """Nodes in any order, and edges that all run one way."""
    count = draw(st.integers(0, 12))
    names = [f"n{number}" for number in range(count)]
    pairs = [(up, down) for down in range(count) for up in range(down)]
    downstream: dict[str, list[str]] = {}
    for up, down in draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []:
        downstream.setdefault(names[up], []).append(names[down])
    return draw(st.permutations(names)), downstream


@given(acyclic())
def test_every_node_comes_once_and_after_its_upstreams(graph: Graph) -> None:
    nodes, downstream = graph
    order = topological_order(nodes, downstream)
    assert sorted(order) == sorted(nodes)
    assert all(order.index(up) < order.index(down) for up, followers in downstream.items() for down in followers)


@given(acyclic())
def test_a_stage_is_one_more_than_that_of_the_last_upstream(graph: Graph) -> None:
    nodes, downstream = graph
    found = stages(nodes, downstream)
    level = {node: number for number, stage in enumerate(found) for node in stage}
    for node in nodes:
        above = [level[up] for up, followers in downstream.items() if node in followers]
        assert level[node] == max(above, default=-1) + 1
    assert all(found)


@given(acyclic())
def test_what_can_be_reached_is_what_walking_finds(graph: Graph) -> None:
    nodes, downstream = graph
    for node in nodes:
        assert reach([node], downstream) == walked(node, downstream)


def walked(start: str, downstream: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """All nodes behind `start`, the simple way."""
    followers = downstream.get(start, ())
    return frozenset(followers).union(*(walked(follower, downstream) for follower in followers))


@given(acyclic(), st.data())
def test_an_edge_back_is_found_as_a_cycle(graph: Graph, data: st.DataObject) -> None:
    nodes, downstream = graph
    reachable = sorted((node, last) for node in nodes for last in reach([node], downstream))
    assume(reachable)
    first, last = data.draw(st.sampled_from(reachable))
    cyclic = {**downstream, last: [*downstream.get(last, ()), first]}
    with pytest.raises(CycleError) as caught:
        topological_order(nodes, cyclic)
    cycle = caught.value.cycle
    assert len(set(cycle)) == len(cycle)
    assert all(after in cyclic[before] for before, after in zip(cycle, (*cycle[1:], cycle[0]), strict=True))


def test_a_node_that_follows_itself_is_a_cycle() -> None:
    assert find_cycle(["a"], {"a": ["a"]}) == ("a",)


def test_a_graph_without_a_cycle_has_none() -> None:
    assert find_cycle(["a", "b", "c"], {"a": ["b", "c"], "b": ["c"]}) == ()


def test_nothing_has_no_order_and_no_stage() -> None:
    assert topological_order([], {}) == ()
    assert stages([], {}) == ()


def test_a_very_long_chain_needs_no_recursion() -> None:
    nodes = [str(number) for number in range(MANY)]
    chain = {node: [follower] for node, follower in pairwise(nodes)}
    assert topological_order(nodes, chain) == tuple(nodes)
    assert len(stages(nodes, chain)) == MANY
    assert len(find_cycle(nodes, {**chain, nodes[-1]: [nodes[0]]})) == MANY
