# mypy: disable-error-code="unreachable,var-annotated"
# What no way leads to is what is tested.

from collections.abc import Callable
from typing import Any

import pytest

from lakewright.authoring.body import Body
from lakewright.authoring.changed import ChangedBody
from lakewright.authoring.static.findings import findings
from lakewright.loading.source import shown_path
from tests.unit.authoring import sample_tasks
from tests.unit.authoring.sample_tasks import clean, load, take, two
from tests.unit.authoring.static.bodies import BODIES, MONTHS, split
from tests.unit.authoring.traced import line_of


def unused() -> None:
    rows = load(1)
    kept = clean(rows)  # noqa: F841  the mistake


def overwritten() -> list[int]:
    rows = load(1)  # the first
    rows = load(2)
    return rows  # noqa: RET504  so that the variable is used


def behind_return() -> None:
    load(1)
    return
    sample_tasks.clean([1])


def decided() -> list[int]:
    if sample_tasks is None:
        take.named("never")("x")
    return [each for month in MONTHS[:0] for each in load(month)]


def hidden(month: int) -> None:
    if month > 3:
        take = load(month)
        clean(take)


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        (unused, "unused-output", "kept = clean"),
        (overwritten, "unused-output", "the first"),
        (behind_return, "unreachable-task", "sample_tasks.clean"),
        (decided, "unreachable-task", "never"),
        (hidden, "shadowed-task", "take = load"),
    ],
)
def test_what_is_doubtful_in_a_body_is_found_at_its_place(body: Callable[..., object], code: str, text: str) -> None:
    first = findings(Body(body, name="daily"))[0]
    assert (first.code, first.severity) == (code, "warning")
    assert first.location is not None
    assert first.location[:2] == (shown_path(__file__), line_of(body, text))
    assert first.location.column is not None
    assert first.location.end_column is not None


def test_what_is_used_on_some_way_or_by_a_function_inside_or_said_to_be_unused_is_no_finding() -> None:
    def body(month: int) -> object:
        rows = load(1)
        left, _right = split(rows)
        if month > 3:
            return clean(left)

        def inside() -> object:
            return two(rows, rows)

        take("x")
        return inside()

    assert findings(Body(body, name="daily")) == ()


def test_a_body_that_cannot_be_read_has_the_findings_that_need_no_reading() -> None:
    def body() -> None:
        with open(__file__) as file:  # noqa: PTH123  what cannot be told
            take = load(len(file.read()))
            clean(take)

    assert [each.code for each in findings(Body(body, name="daily"))] == ["shadowed-task"]


def test_tasks_that_a_project_adds_are_no_part_of_the_source() -> None:
    changed = ChangedBody(Body(unused, name="daily"), lambda trace: trace)
    assert findings(changed) == findings(Body(unused, name="daily"))


def test_bodies_as_people_write_them_have_few_findings() -> None:
    bodies: list[Any] = [*BODIES]
    found = [(each.__name__, finding.code) for each in bodies for finding in findings(Body(each, name="daily"))]
    # The ways that constants have decided already.
    assert found == [("loops_over_constants", "unreachable-task"), ("walrus", "unreachable-task")]
