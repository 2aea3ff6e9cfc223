"""What a body that branches compiles to, and what is refused."""

# Bodies are typed as if tasks ran.
# mypy: disable-error-code="unreachable,redundant-expr,comparison-overlap"

import itertools
from collections.abc import Callable
from enum import Enum
from typing import Any, Final, Literal

import polars as pl
import pytest

from lakewright import task
from lakewright.authoring.body import Body
from lakewright.errors.authoring import AuthoringError, BranchError, HandleError, LoopError, SettingError, TraceError
from lakewright.model.binding import Join, Output, Side
from lakewright.model.task import When
from tests.branches import needs_branches
from tests.unit.authoring.sample_tasks import clean, load, two
from tests.unit.authoring.traced import dag_of, line_of

pytestmark = needs_branches


class Level(Enum):
    LOW = 1
    HIGH = 2


@task
def frame() -> pl.DataFrame:
    return pl.DataFrame()


@task
def untold():  # type: ignore[no-untyped-def]  # noqa: ANN201  as users may write it
    return 1


@task
def check(rows: list[int]) -> bool:
    return bool(rows)


@task(run_if="all_done")
def tidy(*values: object) -> None: ...


def plain(mode: str) -> object:
    rows = load(1)
    found = clean(rows) if mode == "full" else two(rows)
    return two(found, 2)


def test_a_task_in_a_branch_wants_its_outcome_and_a_join_reads_the_side_that_ran() -> None:
    dag = dag_of(plain)
    assert dag.nodes == ("load", "if_mode_is_full", "clean", "two", "gate_two", "two__2")
    assert dag.task("clean").when == (When("if_mode_is_full", outcome=True),)
    assert dag.task("two").when == (When("if_mode_is_full", outcome=False),)
    assert dag.task("gate_two").after == ("clean", "two")
    joined = dag.task("two__2")
    assert joined.arguments[0].binding == Join(
        (Side(("clean",), Output("clean")), Side(("two",), Output("two"))), is_latest=True
    )
    assert (joined.when, joined.gated) == ((When("gate_two", outcome=True),), ("clean", "two"))
    assert dag.upstream("two__2") == ("gate_two",)


def test_the_same_question_asked_twice_is_one_condition() -> None:
    def body(mode: str) -> None:
        rows = load(1)
        if mode == "full":
            rows = clean(rows)
        if mode == "full":
            two(rows)

    dag = dag_of(body)
    assert [each.key for each in dag.tasks if each.operator] == ["if_mode_is_full"]
    assert dag.task("two").when == (When("if_mode_is_full", outcome=True),)


def test_a_call_is_told_by_its_place_in_the_source_not_by_its_instruction() -> None:
    def body(mode: str) -> int:
        try:
            if mode == "full":
                return 1
            clean([1])
        finally:
            load(1)
        return 1

    dag = dag_of(body)
    assert dag.nodes == ("if_mode_is_full", "clean", "load")
    assert dag.task("load").when == ()


def test_calls_with_other_constants_are_other_tasks() -> None:
    def body(mode: str) -> None:
        load(1 if mode == "full" else 2)

    dag = dag_of(body)
    assert dag.nodes == ("if_mode_is_full", "load_1", "load_2")


def test_outputs_that_no_record_tells_apart_make_two_tasks() -> None:
    def body(mode: str) -> None:
        rows, others = load(1), clean([2])
        two(rows if mode == "full" else others)

    dag = dag_of(body)
    assert dag.task("two").when == (When("if_mode_is_full", outcome=True),)
    assert dag.task("two__2").when == (When("if_mode_is_full", outcome=False),)


def test_values_of_a_parameter_that_are_ruled_out_are_not_asked_for() -> None:
    def body(level: Level, mode: Literal["a", "b"], flag: bool) -> None:  # noqa: FBT001  a parameter of a job
        if level == Level.LOW:
            load(1)
        elif level == Level.HIGH:
            load(2)
        else:
            raise AssertionError
        if mode != "a" and mode != "b":  # noqa: PLR1714  two questions
            raise AssertionError
        if flag == True or not flag:  # noqa: E712  two questions
            load(3)

    assert [each.key for each in dag_of(body).tasks if each.operator] == [
        "if_level_is_Level_LOW",
        "if_mode_is_a",
        "if_flag_is_True",
    ]


def test_an_alert_behind_a_branch_keeps_its_rule() -> None:
    def body(mode: str) -> None:
        rows = clean([1]) if mode == "full" else load(1)
        tidy.after(rows)()

    task_ = dag_of(body).task("tidy")
    assert (task_.after, task_.when, task_.settings.run_if) == (("clean", "load"), (), "all_done")


def too_many(a: str, b: str, c: str, d: str, e: str) -> None:  # noqa: PLR0917  parameters of a job
    for name in (a, b, c, d, e):
        if name == "x":  # here
            load(1)


def endless(mode: str) -> None:
    for number in itertools.count():
        if mode == str(number):  # here
            break


def raising(mode: str) -> None:
    if mode != "full":
        raise ValueError(mode)  # here
    load(1)


def on_a_frame() -> None:
    if frame():  # here
        load(1)


def on_something() -> None:
    if untold() == 1:  # here
        load(1)


def on_an_element() -> None:
    for number in load(1):
        if number > 1:  # here
            two(number)


def unsteady(mode: str) -> None:
    load(next(TICKS))  # here
    if mode == "full":
        clean([1])


def with_a_rule(mode: str) -> None:
    if mode == "full":
        tidy(1)  # here


def returning_constants(mode: str) -> int:
    load(1)
    if mode == "full":  # here
        return 1
    return 2


def with_a_condition_as_data(mode: str) -> None:
    two(mode == "full")  # here


TICKS: Final = itertools.count()
REFUSED: Final[dict[Callable[..., Any], tuple[type[AuthoringError], str]]] = {
    too_many: (BranchError, "can go more than 16 ways"),
    endless: (BranchError, "can go more than 16 ways"),
    raising: (TraceError, "raised ValueError: .* which it does when mode == 'full' is false"),
    on_a_frame: (HandleError, r"the future output of task 'frame' \(DataFrame\); a truth test needs its value"),
    on_something: (HandleError, "== needs its value"),
    on_an_element: (LoopError, "a condition on the element of a loop"),
    unsteady: (BranchError, "something else each time it is traced"),
    with_a_rule: (SettingError, "run_if='all_done' and stands behind a condition"),
    returning_constants: (BranchError, "no task tells which way a run went"),
}


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: body.__name__)
def test_a_branch_that_no_conditions_can_say_is_refused_at_its_line(body: Callable[..., Any]) -> None:
    kind, message = REFUSED[body]
    with pytest.raises(kind, match=message) as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "# here")
    assert caught.value.hint


def test_a_condition_is_no_data() -> None:
    with pytest.raises(HandleError, match="'mode == 'full'' is known only when the job runs; passing it on needs its"):
        dag_of(with_a_condition_as_data)


def test_without_source_a_body_may_not_branch() -> None:
    names: dict[str, Any] = {"load": load}
    exec("def body(mode: str):\n    if mode == 'x':\n        load(1)", names)  # noqa: S102  a body from nowhere
    with pytest.raises(BranchError, match="whose source cannot be read"):
        Body(names["body"], name="daily").trace()
