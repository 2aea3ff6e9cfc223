import copy
import math
import operator
import os
import pickle
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from operator import attrgetter, itemgetter
from typing import Any, Final

import pytest

from lakewright.errors.authoring import HandleError, TraceError
from lakewright.model.binding import Output
from tests.unit.authoring.sample_tasks import (
    by_name,
    clean,
    lists,
    load,
    pair,
    report,
    row,
    split,
    two,
    untyped,
)
from tests.unit.authoring.traced import dag_of, line_of

REFUSED: Final[Mapping[str, Callable[[Any], object]]] = {
    "len()": len,
    "str()": str,
    "an f-string": lambda rows: f"{rows}",
    "bytes()": bytes,
    "use as a path": os.fspath,
    "int()": int,
    "float()": float,
    "complex()": complex,
    "use as an index": lambda rows: [1][rows],
    "use as a dict key or in a set": lambda rows: {rows},
    "+": lambda rows: rows + 1,
    "-": lambda rows: 1 - rows,
    "*": lambda rows: rows * 2,
    "/": lambda rows: 1 / rows,
    "//": lambda rows: rows // 2,
    "%": lambda rows: rows % 2,
    "divmod()": lambda rows: divmod(rows, 2),
    "**": lambda rows: rows**2,
    "@": lambda rows: rows @ 2,
    "&": lambda rows: rows & 1,
    "|": lambda rows: 1 | rows,
    "^": lambda rows: rows ^ 1,
    "<<": lambda rows: rows << 1,
    ">>": lambda rows: 1 >> rows,
    "~": operator.inv,
    "abs()": abs,
    "round()": round,
    "math.floor()": math.floor,
    "calling it": lambda rows: rows(),
    "`with`": lambda rows: rows.__enter__(),
    "next()": next,
    "reversed()": reversed,
    "setting an item": lambda rows: operator.setitem(rows, 0, 1),
    "deleting an item": lambda rows: operator.delitem(rows, 0),
    "setting an attribute": lambda rows: setattr(rows, "x", 1),
    "deleting an attribute": lambda rows: delattr(rows, "x"),
    "pickling or copying it": copy.copy,
    "['delay']": lambda rows: rows["delay"],
    ".filter": lambda rows: rows.filter(1),
}


@pytest.mark.parametrize("operation", REFUSED)
def test_what_needs_the_value_of_an_output_is_refused_at_its_line(operation: str) -> None:
    def body() -> None:
        rows = load(1)
        REFUSED[operation](rows)

    with pytest.raises(HandleError) as caught:
        dag_of(body)
    message = str(caught.value)
    assert f"the future output of task 'load' (list[int]); {operation} needs its value" in message
    assert "Do it inside a task" in message
    assert caught.value.location is not None
    assert caught.value.location.file.endswith("test_handle.py")


@pytest.mark.parametrize("operation", sorted(REFUSED))
def test_what_needs_the_value_of_a_parameter_is_refused_too(operation: str) -> None:
    def body(month: int) -> None:
        REFUSED[operation](month)

    with pytest.raises(HandleError, match="'month' is a job parameter, known only when the job runs") as caught:
        dag_of(body)
    assert f"{operation} needs its value\n" in str(caught.value)
    assert "Pass 'month' to a task" in str(caught.value)


def test_the_line_the_name_and_the_span_are_shown() -> None:
    def body() -> None:
        flights = clean(load(1))
        two(1, len(flights))

    with pytest.raises(HandleError) as caught:
        dag_of(body)
    lines = str(caught.value).splitlines()
    number = line_of(body, "two(1")
    assert lines[0].endswith(
        f"test_handle.py:{number}: 'flights' is the future output of task 'clean' (list[int]); len() needs its value"
    )
    assert lines[1] == f"{number:>6} |         two(1, len(flights))"


def test_a_mistake_in_a_library_is_shown_at_the_line_of_the_body() -> None:
    def body() -> None:
        pickle.dumps(
            load(1)  # the mistake
        )

    with pytest.raises(HandleError) as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line in {line_of(body, "pickle.dumps"), line_of(body, "the mistake")}


def test_what_a_library_makes_of_a_handle_is_told_with_the_line_of_the_body() -> None:
    def body() -> None:
        math.isclose(load(1), 2)  # type: ignore[arg-type]  # the mistake

    with pytest.raises((TraceError, HandleError)) as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "math.isclose")


TAKEN: Final[Mapping[str, tuple[Callable[..., object], Callable[[Any], Any], tuple[str | int, ...]]]] = {
    "a field of a named tuple": (split, attrgetter("test"), ("test",)),
    "an index of a named tuple": (split, itemgetter(-1), (-1,)),
    "an index of a tuple": (pair, itemgetter(0), (0,)),
    "a field of a dataclass": (report, attrgetter("rows"), ("rows",)),
    "a key of a typed dict": (row, itemgetter("rows"), ("rows",)),
    "any key of a dict": (by_name, itemgetter("anything"), ("anything",)),
    "any index of a list": (lists, itemgetter(5), (5,)),
    "a part of a part": (lists, lambda rows: rows[5][3], (5, 3)),
    "an item of a field": (split, lambda rows: rows.train[0], ("train", 0)),
}


@pytest.mark.parametrize("what", TAKEN)
def test_a_part_that_the_annotation_promises_can_be_taken(what: str) -> None:
    producer, take, path = TAKEN[what]

    def body() -> None:
        clean(take(producer(load(1))))

    argument = dag_of(body).task("clean").arguments[0]
    assert isinstance(argument.binding, Output)
    assert argument.binding.path == path


@pytest.mark.parametrize("producer", [split, pair], ids=["named tuple", "tuple"])
def test_what_has_an_arity_can_be_unpacked(producer: Callable[[Any], Any]) -> None:
    def body() -> None:
        first, second = producer(load(1))
        two(first, second)

    bindings = [argument.binding for argument in dag_of(body).task("two").arguments]
    assert [binding.path for binding in bindings if isinstance(binding, Output)] == [(0,), (1,)]


def test_unpacking_into_another_number_is_an_error_of_the_body() -> None:
    def body() -> None:
        _first, _second, _third = pair(load(1))  # type: ignore[misc]  # the mistake

    with pytest.raises(TraceError, match="raised ValueError: not enough values to unpack") as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "_third")


NOT_PROMISED: Final[Mapping[str, tuple[Callable[..., object], Callable[[Any], object]]]] = {
    "a third of two": (pair, itemgetter(2)),
    "a key of a tuple": (pair, itemgetter("a")),
    "a slice": (pair, itemgetter(slice(1))),
    "an unknown field": (split, attrgetter("nothing")),
    "an unknown key": (row, itemgetter("nothing")),
    "an index of a dataclass": (report, itemgetter(0)),
    "an index of what has no annotation": (untyped, itemgetter(0)),
    "a field of what has no annotation": (untyped, attrgetter("rows")),
    "a field of a number": (pair, lambda rows: rows[1].real),
    "items of a dict": (by_name, list),
    "fields of a dataclass": (report, list),
}


@pytest.mark.parametrize("what", NOT_PROMISED)
def test_a_part_that_the_annotation_does_not_promise_is_refused(what: str) -> None:
    producer, take = NOT_PROMISED[what]

    def body() -> None:
        take(producer(load(1)))

    with pytest.raises(HandleError, match="needs its value"):
        dag_of(body)


def test_a_handle_shows_what_it_is_to_a_debugger() -> None:
    seen: list[str] = []

    def body(month: int) -> None:
        seen.append(repr(load(month)))
        seen.append(repr(month))

    dag_of(body)
    assert seen == ["<future output of task 'load'>", "<job parameter 'month'>"]


def test_questions_of_libraries_are_answered_with_no() -> None:
    seen: list[bool] = []

    def body(month: int) -> None:
        seen.extend([is_dataclass(load(month)), is_dataclass(month)])

    dag_of(body)
    assert seen == [False, False]
