import os
import subprocess
import sys
from typing import Final

import pytest

from lakewright.errors.authoring import CycleError, DuplicateKeyError, UnknownTaskError
from lakewright.errors.base import Location
from lakewright.model.binding import Argument, Constant, Container, Output, ParameterValue
from lakewright.model.dag import Dag
from lakewright.model.edge import Edge
from lakewright.model.parameter import Parameter, ParameterType
from lakewright.model.reference import Reference
from lakewright.model.storage import Storage, StorageValue
from lakewright.model.task import Task

FUNCTION: Final = Reference("flights.tasks", "clean")


def node(key: str, *arguments: Argument, after: tuple[str, ...] = (), line: int = 1) -> Task:
    return Task(key=key, function=FUNCTION, arguments=arguments, after=after, location=Location("jobs.py", line))


def takes(name: str, upstream: str) -> Argument:
    return Argument(name, Output(upstream))


DIAMOND: Final = Dag(
    name="diamond",
    tasks=(
        node("load"),
        node("left", takes("rows", "load")),
        node("right", takes("rows", "load")),
        node("join", takes("x", "left"), takes("y", "right"), after=("left", "load")),
    ),
)


def test_edges_come_from_arguments_and_waits_each_pair_once() -> None:
    assert DIAMOND.edges == (
        ("load", "left"),
        ("load", "right"),
        ("left", "join"),
        ("right", "join"),
        ("load", "join"),
    )


def test_a_data_edge_names_the_argument_and_a_wait_names_none() -> None:
    assert DIAMOND.data_edges[2:] == (
        Edge(upstream="left", downstream="join", argument="x"),
        Edge(upstream="right", downstream="join", argument="y"),
        Edge(upstream="left", downstream="join"),
        Edge(upstream="load", downstream="join"),
    )


def test_outputs_inside_containers_are_edges() -> None:
    inner = Container("dict", (("a", Output("load")), ("b", Constant("1"))))
    argument = Argument("parts", Container("list", (("0", inner), ("1", ParameterValue("day")))))
    dag = Dag(name="nested", tasks=(node("load"), node("clean", argument)))
    assert dag.edges == (("load", "clean"),)


def test_neighbours_keep_the_order_of_declaration() -> None:
    assert DIAMOND.nodes == ("load", "left", "right", "join")
    assert DIAMOND.upstream("join") == ("left", "right", "load")
    assert DIAMOND.downstream("load") == ("left", "right", "join")
    assert (DIAMOND.roots, DIAMOND.leaves) == (("load",), ("join",))
    assert DIAMOND.stages() == (("load",), ("left", "right"), ("join",))
    assert DIAMOND.topological_sort() == DIAMOND.nodes


def test_a_task_names_its_neighbours_and_does_not_hold_them() -> None:
    shown = repr(DIAMOND.task("join"))
    assert "Output(task='left'" in shown
    assert "key='load'" not in shown
    assert repr(DIAMOND).count("key=") == len(DIAMOND.nodes)


def test_a_task_that_is_not_there_is_told_the_one_that_is_meant() -> None:
    with pytest.raises(UnknownTaskError, match="no task 'joim' in job 'diamond'; did you mean 'join'"):
        DIAMOND.upstream("joim")


def test_an_unknown_upstream_is_refused_with_the_line_of_the_call() -> None:
    with pytest.raises(UnknownTaskError, match=r"jobs\.py:7: no task 'laod' in job 'daily'; did you mean 'load'"):
        Dag(name="daily", tasks=(node("load"), node("clean", takes("rows", "laod"), line=7)))


def test_two_tasks_of_one_key_are_refused_with_both_lines() -> None:
    with pytest.raises(
        DuplicateKeyError, match=r"jobs\.py:7: task key 'load' is given twice .* first is at jobs\.py:1"
    ):
        Dag(name="daily", tasks=(node("load"), node("load", line=7)))


def test_a_cycle_is_refused_with_its_path_and_a_line_of_it() -> None:
    tasks = (node("load", after=("clean",), line=3), node("clean", takes("rows", "load"), line=4))
    with pytest.raises(CycleError, match=r"jobs\.py:3: .*load -> clean -> load"):
        Dag(name="daily", tasks=tasks)


def test_a_part_of_a_dag_is_cut_off_from_the_rest() -> None:
    part = DIAMOND.subgraph(["join", "left"])
    assert part.nodes == ("left", "join")
    assert part.edges == (("left", "join"),)
    assert [argument.name for argument in part.task("join").arguments] == ["x"]


def test_equal_dags_are_one_value_wherever_they_were_written() -> None:
    moved = tuple(node(task.key, *task.arguments, after=task.after, line=99) for task in DIAMOND.tasks)
    dag = Dag(name="diamond", tasks=moved)
    assert dag == DIAMOND
    assert hash(dag) == hash(DIAMOND)
    assert dag.digest == DIAMOND.digest


def test_a_digest_changes_with_what_would_be_deployed() -> None:
    parameter = Parameter(name="day", type=ParameterType(kind="date"))
    others = (
        Dag(name="other", tasks=DIAMOND.tasks),
        Dag(name="diamond", tasks=DIAMOND.tasks[:1]),
        Dag(name="diamond", tasks=DIAMOND.tasks, parameters=(parameter,)),
        Dag(name="diamond", tasks=DIAMOND.tasks, result=Output("join")),
    )
    assert len({DIAMOND.digest, *(other.digest for other in others)}) == 5


def test_a_digest_does_not_depend_on_the_seed_of_hashes() -> None:
    code = "from tests.unit.model.test_dag import DIAMOND; print(DIAMOND.digest)"
    path = os.pathsep.join(filter(None, sys.path))
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        result = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        assert result.stdout.strip() == DIAMOND.digest


def test_a_dag_of_order_alone_takes_single_nodes_too() -> None:
    dag = Dag.from_edges([("a", "b")], nodes=["z"])
    assert dag.nodes == ("z", "a", "b")
    assert dag.data_edges == (Edge(upstream="a", downstream="b"),)


def test_ten_thousand_tasks_in_a_row_are_no_burden() -> None:
    dag = Dag.from_edges((str(number), str(number + 1)) for number in range(10_000))
    assert len(dag.stages()) == 10_001


RAW: Final = Storage("s3://lake/raw.csv")
STATE: Final = Storage("s3://lake/state.parquet")
RESULT: Final = Storage("s3://lake/result.parquet")
WITH_STORAGES: Final = Dag(
    name="with_storages",
    tasks=(
        node("load", Argument("source", StorageValue(RAW))),
        node("again", Argument("sources", Container("list", (("0", StorageValue(RAW)), ("1", StorageValue(STATE)))))),
        node("merge", takes("rows", "load"), Argument("state", StorageValue(STATE, "update"))),
        node("save", takes("rows", "merge"), Argument("destination", StorageValue(RESULT, "write"))),
    ),
)


def test_sources_are_what_tasks_read_and_sinks_what_they_write_each_once() -> None:
    assert WITH_STORAGES.sources == (RAW, STATE)
    assert WITH_STORAGES.sinks == (STATE, RESULT)
    assert DIAMOND.sources == DIAMOND.sinks == ()


def test_storages_make_no_edges() -> None:
    assert WITH_STORAGES.edges == (("load", "merge"), ("merge", "save"))


def test_a_digest_tells_storages_and_what_is_done_with_them() -> None:
    def digest(value: StorageValue) -> str:
        return Dag(name="d", tasks=(node("save", Argument("x", value)),)).digest

    values = [StorageValue(RAW), StorageValue(RAW, "write"), StorageValue(STATE)]
    assert len({digest(value) for value in values}) == len(values)
