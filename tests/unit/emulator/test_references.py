"""What `{{…}}` stands for: as text, once, and only where the platform knows it."""

from collections.abc import Mapping
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.emulator.references import MissingValueError, Names, Scope, TaskStatus, kinds, resolve
from lakewright.model.comparison import text_of
from lakewright.model.states import State

VALUES: Mapping[tuple[str, str], object] = {
    ("load", "rows"): 3,
    ("load", "done"): True,
    ("load", "days"): ["a", 1],
    ("my-task", "note"): "one {{job.run_id}}",
}


def value(task: str, key: str) -> object:
    if (task, key) not in VALUES:
        raise MissingValueError(f"task '{task}' has set no value '{key}'")
    return VALUES[task, key]


def scope(*item: object) -> Scope:
    return Scope(
        job="daily",
        run_id="4711",
        started=datetime(2026, 11, 20, 23, 59, tzinfo=timezone.utc),
        parameters={"month": "2", "a-b": "dashed", "brace": "{{job.name}}"},
        statuses={
            "load": TaskStatus(State.SUCCESS, 2),
            "late": TaskStatus(State.TIMED_OUT, 1),
            "my-task": TaskStatus(State.SUCCESS, 1),
            "later": None,
        },
        value=value,
        task="clean",
        attempt=3,
        item=item,
    )


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("{{job.run_id}}", "4711"),
        ("{{job.name}}", "daily"),
        ("{{job.repair_count}}", "0"),
        ("{{job.start_time.iso_date}}", "2026-11-20"),
        ("{{job.parameters.month}}", "2"),
        ("{{job.parameters.`a-b`}}", "dashed"),
        ("{{job.parameters.`month`}}", "2"),
        ("{{task.name}}", "clean"),
        ("{{task.execution_count}}", "3"),
        ("{{tasks.load.values.rows}}", "3"),
        ("{{tasks.load.values.done}}", "true"),
        ("{{tasks.load.values.days}}", '["a",1]'),
        ("{{tasks.load.result_state}}", "success"),
        ("{{tasks.late.result_state}}", "timedout"),
        ("{{tasks.load.execution_count}}", "2"),
        ("{{job.run_id}}-{{job.name}}", "4711-daily"),
    ],
)
def test_a_reference_is_replaced_by_its_text(reference: str, text: str) -> None:
    assert resolve(reference, scope()) == text


@pytest.mark.parametrize(
    "text",
    [
        "{{job.paramters.month}}",
        "{{job.parameters.moth}}",
        "{{job.parameters.a-b}}",
        "{{ job.run_id }}",
        "{{job..run_id}}",
        "{{job.run_id",
        "{job.run_id}",
        "{{}}",
        "{{tasks.nobody.values.rows}}",
        "{{tasks.nobody.result_state}}",
        "{{input}}",
        "${var.catalog}",
        "{{workspace.url}}",
    ],
)
def test_what_is_misspelt_or_means_nothing_stays_as_it_is(text: str) -> None:
    assert resolve(text, scope()) == text


@pytest.mark.parametrize("text", ["{{job.parameters.brace}}", "{{tasks.`my-task`.values.note}}"])
def test_a_value_is_not_looked_at_again(text: str) -> None:
    assert "{{job." in resolve(text, scope())


@pytest.mark.parametrize(
    ("item", "text", "filled"),
    [
        ("a b", "{{input}}", "a b"),
        (3, "{{input}}", "3"),
        ({"day": 1, "of": [2]}, "{{input}}", '{"day":1,"of":[2]}'),
        ({"day": 1}, "{{input.day}}", "1"),
        ({"day": 1}, "{{input.month}}", "{{input.month}}"),
        ("day", "{{input.day}}", "{{input.day}}"),
    ],
)
def test_an_iteration_sees_its_element_and_the_fields_of_it(item: object, text: str, filled: str) -> None:
    assert resolve(text, scope(item)) == filled


def test_a_task_value_that_nobody_set_is_an_error() -> None:
    with pytest.raises(MissingValueError, match="task 'load' has set no value 'cols'"):
        resolve("{{tasks.load.values.cols}}", scope())


def test_the_state_of_a_task_that_has_not_ended_is_an_error() -> None:
    with pytest.raises(MissingValueError, match="task 'later' has not ended"):
        resolve("{{tasks.later.result_state}}", scope())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{{job.run_id}}", "known"),
        ("{{job.parameters.month}}", "known"),
        ("{{job.parameters.moth}}", "literal"),
        ("{{tasks.load.values.anything}}", "known"),
        ("{{tasks.laod.values.rows}}", "literal"),
        ("{{input.day}}", "literal"),
        ("{{job.id}}", "refused"),
        ("{{job.start_time.hour}}", "refused"),
        ("{{job.trigger.type}}", "refused"),
        ("{{tasks.load.run_id}}", "refused"),
        ("{{run_id}}", "refused"),
        ("{{rum_id}}", "literal"),
    ],
)
def test_references_are_told_apart_before_anything_runs(text: str, kind: str) -> None:
    names = Names(parameters=["month"], tasks=["load"])
    assert list(kinds(f"a {text} b", names)) == [(text, kind)]


def test_an_element_is_known_inside_a_for_each() -> None:
    names = Names(parameters=[], tasks=[], has_item=True)
    assert [kind for _, kind in kinds("{{input}} {{input.day}}", names)] == ["known", "known"]


@given(st.text())
def test_text_stands_for_itself(text: str) -> None:
    assert text_of(text) == text


@given(st.text(alphabet=st.characters(blacklist_characters="{")))
def test_text_without_braces_stays(text: str) -> None:
    assert resolve(text, scope()) == text


@given(st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True), st.text())
def test_a_parameter_is_found_between_backticks_whatever_it_is_called(name: str, text: str) -> None:
    named = Scope(job="j", run_id="r", started=scope().started, parameters={name: text}, statuses={}, value=value)
    assert resolve(f"{{{{job.parameters.`{name}`}}}}", named) == text
