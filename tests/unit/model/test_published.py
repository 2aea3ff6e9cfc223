import pytest

from lakewright.model.binding import Argument, Item, Output
from lakewright.model.dag import Dag
from lakewright.model.loop import Loop
from lakewright.model.published import Published
from lakewright.model.reference import Reference
from lakewright.model.task import Task

FUNCTION = Reference("flights.tasks", "f")


def repeated(key: str, over: Output) -> Task:
    argument = Argument("file", Item(over.task, over.path))
    return Task(key, FUNCTION, (argument,), loop=Loop(over))


DAG = Dag(
    name="daily",
    tasks=(
        Task("files", FUNCTION),
        repeated("left", Output("files", (0,))),
        repeated("right", Output("files", ("b",))),
        repeated("again", Output("files", (0,))),
    ),
)


def test_each_list_that_is_looped_over_has_a_task_value_of_its_own() -> None:
    assert DAG.published == {
        "files": (Published("lw_items", "items", (0,)), Published("lw_items__2", "items", ("b",))),
    }
    assert DAG.value_name(Output("files", ("b",)), "items") == "lw_items__2"


def test_of_what_nobody_asks_for_there_is_no_task_value() -> None:
    with pytest.raises(KeyError):
        DAG.value_name(Output("left"), "items")
