"""What arguments stand for, with outputs that lie in memory."""

from collections.abc import Iterable, Mapping
from typing import Final

import pytest

from lakewright.errors.running import MissingOutputError, OutputError
from lakewright.execution.context import TaskContext
from lakewright.execution.inputs import UNSHARED, fill, given, length
from lakewright.io.base import IoManager
from lakewright.io.memory import MemoryIo
from lakewright.io.paths import RunPaths
from lakewright.model.binding import (
    Argument,
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
from lakewright.model.record import CommitRecord, Stored
from lakewright.model.target import LOCAL

DAYS: Final = Output("days")


class Kept:
    """Outputs of a run by name, each with the time at which it was made; an `Outputs`."""

    def __init__(self, values: Mapping[str, object], times: Mapping[str, float] | None = None) -> None:
        self.values = values
        self.times = times or {}

    def find(self, task: str) -> CommitRecord | None:
        if task not in self.values:
            return None
        stored = Stored(format="memory", value=self.values[task])
        return CommitRecord("daily", "r1", task, 1, stored, self.times.get(task, 0.0))

    def record(self, task: str) -> CommitRecord:
        found = self.find(task)
        if found is None:
            raise MissingOutputError(task, run_id="r1", why="it is failed")
        return found

    def manager(self, task: str) -> IoManager:
        assert task in self.values
        return MemoryIo()

    def shared(self, _task: str) -> object:
        return UNSHARED

    def parameter(self, name: str) -> object:
        return {"month": 2}[name]

    def upstream(self, _task: str) -> Iterable[str]:
        return reversed(list(self.values))


def value(binding: Binding, kept: Kept, *, index: int | None = None) -> object:
    """What a task is given for an argument."""

    def clean(rows: object) -> object:
        return rows

    context = TaskContext(RunPaths("root", "daily", "r1"), LOCAL, key="clean", index=index)
    return given(Argument("rows", binding), kept, context, to=clean)


def test_an_output_is_read_and_of_it_the_part_that_is_taken() -> None:
    kept = Kept({"load": {"a": [1, 2]}})
    assert value(Output("load"), kept) == {"a": [1, 2]}
    assert value(Output("load", ("a", 1)), kept) == 2


def test_containers_are_filled_with_constants_parameters_and_outputs() -> None:
    items = (("x", Constant("1")), ("y", ParameterValue("month")), ("z", Output("load")))
    assert value(Container("dict", items), Kept({"load": [3]})) == {"x": 1, "y": 2, "z": [3]}


def test_an_element_of_a_loop_is_that_of_the_index() -> None:
    kept = Kept({"days": [{"d": "mo"}, {"d": "tu"}], "clean.0": "first", "clean.1": "second"})
    assert value(Item("days", (), ("d",)), kept, index=1) == "tu"
    assert value(Each("clean"), kept, index=0) == "first"


def test_what_is_gathered_comes_once_for_each_element_in_their_order() -> None:
    kept = Kept({"days": ["mo", "tu"], "clean.0": 1, "clean.1": 2})
    gathered = Container("list", (("0", Gather(DAYS, (Item("days"), Each("clean")))),))
    assert value(gathered, kept) == ["mo", 1, "tu", 2]
    assert value(gathered, Kept({"days": []})) == []


FULL: Final = Side(("full",), Output("full"))
QUICK: Final = Side(("quick",), Output("quick"))
NEITHER: Final = Side((), Constant('"neither"'))


def test_a_join_takes_the_first_side_that_has_run_else_what_is_left() -> None:
    join = Join((FULL, QUICK, NEITHER))
    assert value(join, Kept({"quick": 2})) == 2
    assert value(join, Kept({"quick": 2, "full": 1})) == 1
    assert value(join, Kept({})) == "neither"


def test_a_join_of_ways_that_exclude_each_other_takes_what_was_made_last() -> None:
    kept = Kept({"full": 1, "quick": 2}, {"full": 5.0, "quick": 9.0})
    assert value(Join((FULL, QUICK), is_latest=True), kept) == 2


def test_all_results_are_there_by_name_with_what_was_given() -> None:
    found = value(Results(None, (("day", Constant('"mo"')),)), Kept({"load": 1, "clean": 2}))
    assert dict(found) == {"day": "mo", "load": 1, "clean": 2}  # type: ignore[call-overload]  # a mapping, for people


def test_what_has_not_been_made_is_an_error_that_names_it() -> None:
    with pytest.raises(MissingOutputError, match="task 'load' has no committed output in run 'r1'"):
        value(Output("load"), Kept({}))


def test_only_a_list_has_a_length_to_loop_over() -> None:
    context = TaskContext(RunPaths("root", "daily", "r1"), LOCAL)
    assert length(DAYS, Kept({"days": ["mo", "tu"]}), context) == 2
    with pytest.raises(OutputError, match="the output of task 'days' is looped over, and it is a dict"):
        length(DAYS, Kept({"days": {}}), context)


def test_a_binding_alone_is_filled_as_inside_of_an_argument() -> None:
    context = TaskContext(RunPaths("root", "daily", "r1"), LOCAL)
    assert fill(Output("load"), Kept({"load": [1]}), context) == [1]
