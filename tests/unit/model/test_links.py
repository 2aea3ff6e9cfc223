from typing import Final

from lakewright.model.binding import Argument, Constant, Container, Each, Gather, Item, Output, ParameterValue
from lakewright.model.edge import Edge
from lakewright.model.links import edges, storages, upstreams, without_others
from lakewright.model.loop import Loop
from lakewright.model.reference import Reference
from lakewright.model.storage import Storage, StorageValue
from lakewright.model.task import Task, When

FUNCTION: Final = Reference("flights.tasks", "clean")
LIST: Final = Output("days")
BUCKET: Final = Storage("s3://lake/rows", "parquet")


def task(
    *arguments: Argument,
    after: tuple[str, ...] = (),
    loop: Loop | None = None,
    when: tuple[When, ...] = (),
    gated: tuple[str, ...] = (),
) -> Task:
    return Task(key="clean", function=FUNCTION, arguments=arguments, after=after, loop=loop, when=when, gated=gated)


def test_a_task_waits_for_what_its_call_names_in_that_order_and_once() -> None:
    rows = Container("list", (("0", Output("load", (1,))), ("1", Constant("1")), ("2", Output("join"))))
    made = task(Argument("rows", rows), Argument("day", ParameterValue("day")), after=("join", "start"))
    assert upstreams(made) == ("load", "join", "start")


def test_a_repeated_task_waits_for_its_list_and_for_those_that_it_gathers_over() -> None:
    gathered = Container("list", (("0", Gather(Output("months"), (Each("sum"),))),))
    assert upstreams(task(Argument("rows", gathered), loop=Loop(LIST))) == ("sum", "days", "months")


def test_what_comes_through_a_gate_is_waited_for_there() -> None:
    made = task(Argument("rows", Output("load")), when=(When("gate", True),), gated=("load",))  # noqa: FBT003  a named tuple
    assert upstreams(made) == ("gate",)
    assert [edge.upstream for edge in edges(made)] == ["load", "gate"]


def test_an_edge_says_what_arrives_and_which_outcome_is_wanted() -> None:
    made = task(Argument("rows", Output("load")), after=("start",), when=(When("decide", False),))  # noqa: FBT003  as above
    assert list(edges(made)) == [
        Edge(upstream="load", downstream="clean", argument="rows"),
        Edge(upstream="start", downstream="clean"),
        Edge(upstream="decide", downstream="clean", outcome=False),
    ]


def test_the_list_of_a_loop_is_an_edge_of_its_own_only_where_no_element_is_taken() -> None:
    taken = task(Argument("day", Item("days")), loop=Loop(LIST))
    assert list(edges(taken)) == [Edge(upstream="days", downstream="clean", argument="day")]
    assert list(edges(task(loop=Loop(LIST)))) == [Edge(upstream="days", downstream="clean")]


def test_a_storage_counts_once_for_each_thing_that_is_done_with_it() -> None:
    reads, writes = StorageValue(BUCKET, "read"), StorageValue(BUCKET, "write")
    made = task(Argument("a", reads), Argument("b", Container("list", (("0", reads), ("1", writes)))))
    assert storages(made) == (reads, writes)


def test_a_task_that_is_cut_off_keeps_only_what_comes_from_those_that_stay() -> None:
    made = task(
        Argument("rows", Output("load")),
        Argument("day", Constant("1")),
        Argument("both", Container("list", (("0", Output("load")), ("1", Output("join"))))),
        after=("join", "load"),
        loop=Loop(LIST),
        when=(When("load", True), When("decide", True)),  # noqa: FBT003  as above
    )
    kept = without_others(made, {"load"})
    assert [argument.name for argument in kept.arguments] == ["rows", "day"]
    assert (kept.after, kept.loop, kept.when) == (("load",), None, (When("load", True),))  # noqa: FBT003  as above
