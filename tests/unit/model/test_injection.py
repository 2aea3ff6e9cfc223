from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.errors.authoring import DuplicateKeyError
from lakewright.errors.base import Location
from lakewright.model.binding import Argument, Output
from lakewright.model.dag import Dag
from lakewright.model.injection import injected
from lakewright.model.reference import Reference
from lakewright.model.task import Task

BEGIN: Final = Task(key="begin", function=Reference("audit", "begin"))
TICKET: Final = Task(key="ticket", function=Reference("audit", "ticket"))
END: Final = Task(key="end", function=Reference("audit", "end"), location=Location("pyproject.toml", 3))
DIAMOND: Final = Dag.from_edges([("load", "left"), ("load", "right"), ("left", "join"), ("right", "join")])


def test_roots_wait_for_what_is_put_before_them() -> None:
    dag = injected(DIAMOND, first=[BEGIN, TICKET])
    assert dag.roots == ("begin", "ticket")
    assert dag.nodes[:3] == ("begin", "ticket", "load")
    assert dag.upstream("load") == ("begin", "ticket")
    assert dag.upstream("left") == ("load",)


def test_what_is_put_behind_waits_for_leaves() -> None:
    dag = injected(Dag.from_edges([("load", "left"), ("load", "right")]), last=[END, TICKET])
    assert dag.leaves == ("end", "ticket")
    assert dag.upstream("end") == dag.upstream("ticket") == ("left", "right")


def test_a_lone_task_is_root_and_leaf() -> None:
    dag = injected(Dag.from_edges([], nodes=["only"]), first=[BEGIN], last=[END])
    assert dag.edges == (("begin", "only"), ("only", "end"))


def test_data_and_the_result_stay_as_they_are() -> None:
    taking = Task(key="take", function=Reference("a", "b"), arguments=(Argument("rows", Output("load")),))
    dag = Dag(name="d", tasks=(Task(key="load", function=Reference("a", "c")), taking), result=Output("take"))
    changed = injected(dag, first=[BEGIN], last=[END])
    assert changed.task("take") == taking
    assert changed.result == dag.result
    assert dag.nodes == ("load", "take")


def test_a_key_that_the_dag_has_already_is_refused_with_both_places() -> None:
    with pytest.raises(DuplicateKeyError, match="task key 'end' is given twice"):
        injected(Dag.from_edges([("load", "end")]), last=[END])


def test_a_dag_without_a_task_stays_without() -> None:
    empty = Dag(name="empty")
    assert injected(empty, first=[BEGIN], last=[END]) is empty


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(13, 25))))
def test_everything_is_between_what_is_put_first_and_last(pairs: list[tuple[int, int]]) -> None:
    dag = Dag.from_edges([(f"t{up}", f"t{down}") for up, down in pairs], nodes=["t0"])
    changed = injected(dag, first=[BEGIN], last=[END])
    order = changed.topological_sort()
    assert (order[0], order[-1]) == ("begin", "end")
    assert (changed.roots, changed.leaves) == (("begin",), ("end",))
    assert set(dag.edges) < set(changed.edges)
    assert len(changed.edges) == len(dag.edges) + len(dag.roots) + len(dag.leaves)
