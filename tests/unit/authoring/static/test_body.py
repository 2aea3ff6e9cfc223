import linecache
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lakewright import task
from lakewright.authoring.body import Body
from lakewright.authoring.changed import ChangedBody
from lakewright.authoring.static.body import as_read
from lakewright.errors.authoring import CallError, HandleError, LoopError, StaticAnalysisError
from lakewright.loading.source import shown_path
from lakewright.model.dag import Dag
from tests.unit.authoring.sample_tasks import clean, load, take
from tests.unit.authoring.static.bodies import BODIES
from tests.unit.authoring.traced import dag_of, line_of


def read(function: Callable[..., object]) -> Dag:
    """The DAG of a body, told from its source."""
    return as_read(Body(function, name="daily")).trace().dag


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_read_describes_what_it_describes_when_it_is_traced(body: Callable[..., object]) -> None:
    found = read(body)
    assert found == dag_of(body)
    assert found.to_json() == dag_of(body).to_json()
    assert [str(task.location) for task in found.tasks] == [str(task.location) for task in dag_of(body).tasks]


def test_no_statement_of_a_body_runs() -> None:
    def body() -> None:
        print(1 / 1, end="x")  # noqa: T201  what would be seen
        load(1)

    def deadly() -> None:
        raise SystemExit

    ran: list[str] = []

    def speaking() -> None:
        ran.append("ran")

    assert read(body).nodes == ("load",)
    for each in (deadly, speaking):
        with pytest.raises(StaticAnalysisError):
            read(each)
    assert ran == []


def test_what_reading_finds_wrong_is_what_tracing_finds_wrong() -> None:
    def wrong_arguments() -> None:
        load(1, 2)  # type: ignore[call-arg]  # the mistake

    def length() -> int:
        return len(load(1))

    def left() -> None:
        for each in load(1):
            take(each)
            break

    for body, error in ((wrong_arguments, CallError), (length, HandleError), (left, LoopError)):
        with pytest.raises(error) as traced:
            dag_of(body)
        with pytest.raises(error) as found:
            read(body)
        assert (found.value.message, found.value.hint) == (traced.value.message, traced.value.hint)
        assert str(found.value.location) == str(traced.value.location)


class Custom:
    """What may do anything."""

    def __init__(self) -> None:
        self.months = [1]

    def __iter__(self) -> Iterator[int]:
        raise AssertionError

    def __add__(self, other: object) -> int:
        raise AssertionError

    @property
    def month(self) -> int:
        raise AssertionError


custom = Custom()


def computed() -> None:
    load(custom.month)


def looped() -> None:
    for month in custom:
        load(month)


def added() -> None:
    load(custom + 1)


def made() -> None:
    load(Custom().months[0])


def opened() -> None:
    with Path(__file__).open() as file:
        load(len(file.read()))


def clock() -> None:
    from datetime import date

    load(date.today().month)  # noqa: DTZ011  what cannot be told


def endless() -> None:
    while True:
        load(1)


def again() -> None:
    again()


def huge() -> None:
    load(len("x" * 10**12))


def long() -> None:
    for number in range(10**9):
        str(number)


def unbound() -> None:
    clean = clean(load(1))  # noqa: F841, F823  the mistake


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (computed, "custom.month"),
        (looped, "in custom"),
        (added, "custom + 1"),
        (made, "Custom()"),
        (opened, "open()"),
        (clock, "today()"),
        (endless, "while True"),
        (again, "    again()"),
        (huge, "10**12"),
        (long, "str(number)"),
        (unbound, "clean = "),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_the_source_does_not_tell_is_said_with_its_line(body: Callable[..., object], text: str) -> None:
    with pytest.raises(StaticAnalysisError, match="cannot be told from the source") as caught:
        read(body)
    assert caught.value.location is not None
    assert caught.value.location[:2] == (shown_path(__file__), line_of(body, text))


def test_a_body_without_source_is_not_read() -> None:
    names: dict[str, Any] = {"load": load}
    exec("def body(): load(1)", names)  # noqa: S102  a body without source
    with pytest.raises(StaticAnalysisError, match="its source cannot be read"):
        read(names["body"])


def test_a_file_that_has_changed_since_it_was_loaded_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "jobs.py"
    file.write_text("def body():\n    load(1)\n")
    names: dict[str, Any] = {"load": load}
    exec(compile(file.read_text(), file, "exec"), names)  # noqa: S102  as importing does
    assert read(names["body"]) == dag_of(names["body"])
    file.write_text("def body():\n    load(2)\n")
    linecache.checkcache(str(file))
    with pytest.raises(StaticAnalysisError, match="it has changed"):
        read(names["body"])


def test_a_cell_of_a_notebook_that_was_run_again_is_read_as_it_is_now() -> None:
    text = "def body():\n    load({number})\n"
    found = []
    for number in (1, 2):
        cell, name = text.format(number=number), "<cell 1>"
        linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
        names: dict[str, Any] = {"load": load}
        exec(compile(cell, name, "exec"), names)  # noqa: S102  as a notebook does
        found.append(read(names["body"]) == dag_of(names["body"]))
    assert found == [True, True]


def test_two_bodies_on_one_line_are_told_apart_or_not_read() -> None:
    bodies = [lambda: load(1), lambda: load(2)]
    with pytest.raises(StaticAnalysisError):
        read(bodies[0])


def test_what_others_make_of_a_trace_is_made_of_what_is_read() -> None:
    def body() -> None:
        load(1)

    changed = ChangedBody(Body(body, name="daily"), lambda trace: trace)
    assert as_read(changed).trace().dag == changed.trace().dag


def test_a_body_may_use_what_the_functions_around_it_have() -> None:
    rows = [4]

    @task
    def local(rows: list[int]) -> list[int]:
        return rows

    def body() -> None:
        local([rows[0], *rows])

    assert read(body) == dag_of(body)
