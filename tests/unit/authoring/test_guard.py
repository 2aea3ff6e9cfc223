# Bodies are typed as if tasks ran.
# mypy: disable-error-code="unreachable,redundant-expr,exhaustive-match"
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any, Final

import pytest

from lakewright import pipeline
from lakewright.authoring.body import Body
from lakewright.authoring.static.body import as_read
from lakewright.errors.authoring import BranchError, StaticAnalysisError
from tests.unit.authoring import sample_tasks
from tests.unit.authoring.sample_tasks import clean, load, split, two
from tests.unit.authoring.traced import dag_of, line_of


def loaded(month: int) -> list[int]:
    return clean(load(month))


def plain(number: int) -> int | None:
    return None if number else 1


def is_none(month: int) -> None:
    if month is None:  # here
        load(1)


def output_is_none() -> None:
    rows = load(1)
    if rows is not None:  # here
        clean(rows)


def of_a_function() -> None:
    rows = loaded(1)
    clean([]) if rows is None else clean(rows)  # here


def of_a_module() -> None:
    rows = sample_tasks.load.options(retries=1)(1)
    if rows is None:  # here
        clean([])


def by_type() -> None:
    rows = load(1)
    if isinstance(rows, list):  # here
        clean(rows)


def by_pattern(month: int) -> None:
    match month:
        case int():  # here
            load(1)


def by_singleton(month: int) -> None:
    match month:
        case None:  # here
            load(1)


def again() -> None:
    rows = load(1)
    while rows:  # here
        rows = clean(rows)


def within() -> None:
    rows = [load(1)]
    two([row for row in rows if load(2) is None])  # here


def in_a_lambda(month: int) -> None:
    pick: Callable[[int], list[int]] = lambda asked: load(1) if asked is None else load(2)  # noqa: E731  # here
    pick(month)


def in_an_inner_function(month: int) -> None:
    def pick(asked: int) -> list[int]:
        return load(1) if asked is None else load(2)  # here

    pick(asked=month)


REFUSED: Final[list[Callable[..., Any]]] = [
    is_none,
    output_is_none,
    of_a_function,
    of_a_module,
    by_type,
    by_pattern,
    by_singleton,
    within,
    in_a_lambda,
    in_an_inner_function,
]


def in_a_comprehension_of_one() -> None:
    rows = [load(1)]
    two([row for row in rows if row is None])  # here


def on_the_way(month: int) -> None:
    two((rows := load(month)) is None, rows)  # here


def on_one_line() -> None:
    rows = load(1)
    two(rows is None)  # here


def of_a_part() -> None:
    rows = split([1])
    if rows[0] is None:  # here
        load(1)


def over_lines(month: int) -> None:
    if (
        month  # here
        is None
    ):
        load(1)


def by_its_type(month: int) -> None:
    if type(month) == int:  # noqa: E721  # here
        load(1)


if sys.version_info >= (3, 11):
    # Before, Python makes of it a condition like any other, and no body may branch.
    REFUSED.append(again)
REFUSED.extend((in_a_comprehension_of_one, on_the_way, on_one_line, of_a_part, over_lines, by_its_type))


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: body.__name__)
def test_what_python_answers_without_asking_is_refused_at_its_line(body: Callable[..., Any]) -> None:
    assert refused(body) == line_of(body, "# here")


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: body.__name__)
def test_reading_gives_no_dag_where_tracing_gives_none(body: Callable[..., Any]) -> None:
    with pytest.raises((BranchError, StaticAnalysisError)) as caught:
        as_read(Body(body, name="daily")).trace()
    if isinstance(caught.value, BranchError):
        assert caught.value.location is not None
        assert caught.value.location.line == line_of(body, "# here")


@pytest.mark.parametrize("body", [is_none, by_type], ids=lambda body: body.__name__)
def test_what_is_refused_when_it_is_read_is_told_as_when_it_is_traced(body: Callable[..., Any]) -> None:
    told = []
    for given in (Body(body, name="daily"), as_read(Body(body, name="daily"))):
        with pytest.raises(BranchError) as caught:
            given.trace()
        told.append((str(caught.value), caught.value.location))
    assert told[0] == told[1]


def refused(body: Callable[..., Any]) -> int:
    """The line at which a body is refused."""
    with pytest.raises(BranchError, match="known only when the job runs") as caught:
        dag_of(body)
    assert caught.value.hint
    assert caught.value.location is not None
    assert caught.value.location.column
    return caught.value.location.line


def helped(rows: list[int]) -> list[int]:
    return load(1) if rows is None else rows


def asked(value: object) -> bool:
    return value is None


@dataclass
class Kept:
    rows: list[int] | None = None

    def choose(self, wanted: int | None) -> list[int]:
        return load(1) if wanted is None else load(wanted)

    def fill(self, month: int) -> None:
        self.rows = load(month)

    def has_none(self) -> bool:
        return self.rows is None


class Slotted:
    __slots__ = ("rows",)

    def __init__(self, month: int) -> None:
        self.rows = load(month)


TABLE: Final = {"asked": asked}
bound: Final = partial(asked, value=None)
kept: Final = Kept()


def test_functions_that_a_body_calls_are_watched_too() -> None:
    def body() -> None:
        clean(helped(load(1)))

    assert refused(body) == line_of(helped, "is None")


def test_a_function_that_calls_no_task_is_watched_too() -> None:
    def body(month: int) -> None:
        two(asked(month))

    assert refused(body) == line_of(asked, "is None")


def test_functions_in_tables_and_partials_are_watched_too() -> None:
    def by_table(month: int) -> None:
        two(TABLE["asked"](month))

    def by_partial(month: int) -> None:
        two(bound(value=month))

    assert refused(by_table) == refused(by_partial) == line_of(asked, "is None")


def test_methods_are_watched_too() -> None:
    def body(month: int) -> None:
        Kept().choose(month)

    assert refused(body) == line_of(Kept.choose, "is None")


def test_an_object_that_keeps_an_output_is_asked_in_vain() -> None:
    def inside(month: int) -> None:
        holder = Kept()
        holder.fill(month)
        two(holder.has_none())

    def outside(month: int) -> None:
        holder = Slotted(month)
        two(holder.rows is None)  # here

    assert refused(inside) == line_of(Kept.has_none, "is None")
    assert refused(outside) == line_of(outside, "# here")


def test_what_an_object_keeps_that_is_known_may_be_asked_about() -> None:
    def body(month: int) -> None:
        holder = Kept()
        if holder.has_none() and holder.rows is None:
            holder.fill(month)

    assert dag_of(body).nodes == ("load",)


def test_constants_that_methods_and_functions_are_given_may_be_asked_about() -> None:
    def body(month: int) -> None:
        clean(Kept().choose(None))
        clean(helped([month]))
        two(asked(1))

    assert dag_of(body).nodes == ("load", "clean", "clean__2", "two")


def test_functions_of_other_modules_are_watched_too() -> None:
    def body(month: int) -> None:
        sample_tasks.picked(month)

    assert refused(body) == line_of(sample_tasks.picked, "is None")


@pipeline
def part(rows: list[int], wanted: int | None = None) -> list[int]:
    found = load(1) if wanted is None else load(wanted)
    return found if rows is None else rows


def test_the_bodies_of_pipelines_that_are_called_are_watched_too() -> None:
    def body(month: int) -> None:
        part([month])
        part(load(1), wanted=2)

    assert refused(body) == line_of(part.body.function, "rows is None")


def test_a_body_that_catches_the_refusal_is_refused_all_the_same() -> None:
    def body(month: int) -> None:
        try:
            two(month is None)  # here
        except BranchError:
            load(1)

    with pytest.raises(BranchError, match="`is`") as caught:
        dag_of(body)
    assert "caught this" in caught.value.hint


def test_an_inner_function_may_ask_about_what_the_body_knows() -> None:
    def body(month: int) -> None:
        def pick(asked: int | None) -> list[int]:
            return load(month) if asked is None else load(asked)

        pick(None)

    assert dag_of(body).nodes == ("load",)


def test_a_variable_may_be_asked_about_as_long_as_it_holds_what_is_known() -> None:
    def body() -> None:
        rows = None
        for month in (1, 2):
            rows = load(month) if rows is None else clean(rows)

    # `rows` is an output from the second round on.
    assert refused(body) == line_of(body, "rows is None")


def test_plain_values_may_be_asked_about() -> None:
    def body(month: int) -> None:
        number = plain(1)
        tries = 0
        while tries < 2:
            tries += 1
        if number is None and isinstance(tries, int):
            load(month)
        match tries:
            case int():
                load(2)

    assert dag_of(body).nodes == ("load", "load__2")


def test_who_watches_besides_sees_all_of_it() -> None:
    seen: list[str] = []

    def watcher(frame: FrameType, _event: str, _argument: object) -> None:
        seen.append(frame.f_code.co_name)

    def body(month: int) -> None:
        two(asked(1), month)

    before = sys.gettrace()
    sys.settrace(watcher)
    try:
        dag_of(body)
        assert sys.gettrace() is watcher
    finally:
        sys.settrace(before)
    assert "dag_of" in seen
