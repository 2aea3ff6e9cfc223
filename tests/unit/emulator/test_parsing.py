"""From a definition to what is executed, and every reason not to, at once."""

from typing import Any

import pytest

from lakewright.emulator.bundle import BundleValues
from lakewright.emulator.definition import Condition, EmulatedTask, ForEach, Process, Retries
from lakewright.emulator.parsing import parse
from lakewright.emulator.problems import DefinitionError
from lakewright.model.judging import Need
from lakewright.model.states import Rule

WHEEL = {"package_name": "lakewright", "entry_point": "lakewright-run", "parameters": ["v1", "{}", "0"]}
CHECK = {"left": "1", "op": "EQUAL_TO", "right": "1"}


def wheel(key: str, **fields: object) -> dict[str, object]:
    return {"task_key": key, "python_wheel_task": WHEEL, **fields}


def loop(**fields: object) -> dict[str, object]:
    return {"inputs": "[1]", "task": wheel("each"), **fields}


def task(**fields: object) -> EmulatedTask:
    """The task that a definition of one task gives."""
    return parse({"name": "j", "tasks": [{"task_key": "a", **fields}]}).job.tasks[0]


def problems(*tasks: dict[str, Any], **job: object) -> list[str]:
    """What is wrong with a definition, each with its path."""
    with pytest.raises(DefinitionError) as caught:
        parse({"name": "j", "tasks": list(tasks), **job})
    return [str(problem) for problem in caught.value.problems]


def test_a_job_keeps_its_name_its_parameters_and_its_timeout() -> None:
    job = parse(
        {"name": "j", "tasks": [wheel("a")], "parameters": [{"name": "m", "default": "1"}], "timeout_seconds": 5}
    ).job
    assert (job.name, job.parameters, job.timeout) == ("j", (("m", "1"),), 5)


def test_a_timeout_of_zero_is_none() -> None:
    assert parse({"name": "j", "tasks": [wheel("a", timeout_seconds=0)], "timeout_seconds": 0}).job.timeout is None


def test_a_task_without_settings_has_the_platforms_defaults() -> None:
    assert task(python_wheel_task=WHEEL) == EmulatedTask(key="a", work=Process(("v1", "{}", "0")))


def test_settings_of_a_task_are_kept() -> None:
    found = parse(
        {
            "name": "j",
            "tasks": [
                wheel("a"),
                wheel(
                    "b",
                    depends_on=[{"task_key": "a"}],
                    run_if="AT_LEAST_ONE_FAILED",
                    timeout_seconds=7,
                    max_retries=-1,
                    min_retry_interval_millis=1500,
                    retry_on_timeout=True,
                ),
            ],
        }
    ).job.tasks[1]
    assert found.needs == (Need("a"),)
    assert (found.rule, found.timeout) == (Rule.ONE_FAILED, 7)
    assert found.retries == Retries(more=None, interval=1.5, on_timeout=True)


def test_a_condition_is_two_texts_and_an_operator() -> None:
    assert task(condition_task=CHECK).work == Condition("1", "EQUAL_TO", "1")


def test_a_for_each_repeats_its_inner_task_one_by_one_unless_told_otherwise() -> None:
    inner = EmulatedTask(key="each", work=Process(("v1", "{}", "0")), retries=Retries(more=1))
    definition = loop(task=wheel("each", max_retries=1))
    assert task(for_each_task=definition).work == ForEach(inputs="[1]", inner=inner)
    wide = task(for_each_task={**definition, "concurrency": 3}).work
    assert isinstance(wide, ForEach)
    assert wide.concurrency == 3


def test_what_the_bundle_fills_in_is_filled_in_where_it_is_read() -> None:
    bundle = BundleValues({"var.catalog": "dev", "var.retries": 2})
    found = parse(
        {"name": "${var.catalog}", "tasks": [wheel("a", max_retries="${var.retries}", description="${var.nothing}")]},
        bundle,
    ).job
    assert (found.name, found.tasks[0].retries.more) == ("dev", 2)


def test_places_that_are_left_out_for_one_reason_are_one_note() -> None:
    notes = parse({"name": "j", "tasks": [wheel("a", libraries=[{"whl": "x"}]), wheel("b", job_cluster_key="m")]}).notes
    assert [note.paths for note in notes] == [("tasks[].libraries", "tasks[].job_cluster_key")]


def test_a_reference_that_the_platform_does_not_know_is_noted() -> None:
    definition = {**WHEEL, "parameters": ["v1", "{{job.paramters.day}}"]}
    (note,) = parse({"name": "j", "tasks": [wheel("a", python_wheel_task=definition)]}).notes
    assert note.paths == ("tasks[].python_wheel_task.parameters[]",)
    assert note.text == "the platform does not know {{job.paramters.day}} there; it stays as it is"


def test_a_parameters_default_knows_the_run_only() -> None:
    parameters = [
        {"name": "a", "default": "{{job.start_time.iso_date}}"},
        {"name": "b", "default": "{{job.parameters.a}}"},
    ]
    (note,) = parse({"name": "j", "tasks": [wheel("a")], "parameters": parameters}).notes
    assert note.paths == ("parameters[].default",)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert problems(
        {"task_key": "a", "notebook_task": {"notebook_path": "/x"}},
        wheel("b", timeout_seconds=-1, max_retries="two", disabled=True),
        {"task_key": "c"},
        git_source={"git_url": "https://example.com"},
    ) == [
        "tasks[0].notebook_task is not emulated",
        "tasks[1].timeout_seconds is -1, not a whole number, 0 or more",
        "tasks[1].max_retries is 'two', not a whole number, -1 or more",
        "tasks[1].disabled is not emulated",
        "tasks[2] does nothing: it has none of python_wheel_task, condition_task, for_each_task, run_job_task",
        "git_source is not emulated",
    ]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            {"python_wheel_task": WHEEL, "condition_task": CHECK},
            "tasks[0].condition_task stands beside python_wheel_task",
        ),
        (
            {"python_wheel_task": {**WHEEL, "package_name": "flights"}},
            "tasks[0].python_wheel_task.package_name is 'flights'",
        ),
        ({"python_wheel_task": {**WHEEL, "entry_point": "main"}}, "tasks[0].python_wheel_task.entry_point is 'main'"),
        ({"python_wheel_task": {"package_name": "lakewright"}}, "tasks[0].python_wheel_task.entry_point is missing"),
        (
            {"python_wheel_task": {**WHEEL, "named_parameters": {"a": "1"}}},
            "tasks[0].python_wheel_task.named_parameters is not emulated",
        ),
        (
            {"python_wheel_task": {**WHEEL, "parameters": ["v1", 3]}},
            "tasks[0].python_wheel_task.parameters[1] is 3, not a text",
        ),
        (
            {"python_wheel_task": {**WHEEL, "parameters": "v1"}},
            "tasks[0].python_wheel_task.parameters is 'v1', not a list",
        ),
        (
            {"python_wheel_task": {**WHEEL, "parameters": ["{{workspace.url}}"]}},
            "tasks[0].python_wheel_task.parameters[0] refers to {{workspace.url}}, which has no value on this machine",
        ),
        (
            {"python_wheel_task": {**WHEEL, "parameters": ["${var.nothing}"]}},
            "tasks[0].python_wheel_task.parameters[0] refers to ${var.nothing}, which the bundle does not have",
        ),
        ({"python_wheel_task": "run"}, "tasks[0].python_wheel_task is 'run', not an object"),
        ({"condition_task": {**CHECK, "op": "LIKE"}}, "tasks[0].condition_task.op is 'LIKE'; known are: EQUAL_TO"),
        ({"condition_task": {"left": "1", "right": "1"}}, "tasks[0].condition_task.op is missing"),
        ({"condition_task": CHECK, "max_retries": 1}, "tasks[0].max_retries is set: the platform takes no retries"),
        (
            {"for_each_task": loop(), "max_retries": 1},
            "tasks[0].max_retries is set: the platform takes no retries on a for_each_task; they belong to",
        ),
        (
            {"for_each_task": loop(task={"task_key": "b", "for_each_task": loop()})},
            "tasks[0].for_each_task.task.for_each_task stands inside another one",
        ),
        (
            {"for_each_task": loop(task={"task_key": "b", "condition_task": CHECK})},
            "tasks[0].for_each_task.task.condition_task is not emulated",
        ),
        (
            {"for_each_task": loop(task=wheel("b", run_if="ALL_DONE"))},
            "tasks[0].for_each_task.task.run_if is not emulated",
        ),
        ({"for_each_task": loop(task={"task_key": "b"})}, "tasks[0].for_each_task.task does nothing"),
        (
            {"for_each_task": loop(concurrency=0)},
            "tasks[0].for_each_task.concurrency is 0, not a whole number, 1 or more",
        ),
        (
            {"python_wheel_task": WHEEL, "retry_on_timeout": "yes"},
            "tasks[0].retry_on_timeout is 'yes', not true or false",
        ),
        ({"python_wheel_task": WHEEL, "timeout_seconds": True}, "tasks[0].timeout_seconds is True, not a whole number"),
        (
            {"python_wheel_task": WHEEL, "depends_on": [{"task_key": "aa"}]},
            "tasks[0].depends_on[0] names the task 'aa', which is not there; did you mean 'a'?",
        ),
        ({"python_wheel_task": WHEEL, "depends_on": [{"task_key": "a"}]}, "tasks wait for each other: a -> a"),
        ({"python_wheel_task": WHEEL, "depends_on": ["a"]}, "tasks[0].depends_on[0] is 'a', not an object"),
        ({"python_wheel_task": WHEEL, "depends_on": "a"}, "tasks[0].depends_on is 'a', not a list of objects"),
    ],
)
def test_what_cannot_be_executed_is_refused_by_its_path(fields: dict[str, object], problem: str) -> None:
    assert problems({"task_key": "a", **fields})[0].startswith(problem)


def test_keys_are_unique_and_outcomes_belong_to_conditions() -> None:
    assert problems(wheel("a"), wheel("a")) == ["tasks[1].task_key is 'a' a second time"]
    needs = {"depends_on": [{"task_key": "a", "outcome": "true"}]}
    assert problems(wheel("a"), wheel("b", **needs)) == [
        "tasks[1].depends_on[0].outcome is set, and 'a' is no condition_task"
    ]
    needs = {"depends_on": [{"task_key": "a", "outcome": "maybe"}]}
    assert problems({"task_key": "a", "condition_task": CHECK}, wheel("b", **needs)) == [
        "tasks[1].depends_on[0].outcome is 'maybe'; known are: true, false"
    ]


def test_a_job_without_tasks_is_refused() -> None:
    assert problems() == ["tasks is empty: there is nothing to run"]


def test_the_error_names_the_job_and_the_way_out() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse({"name": "nightly", "tasks": []})
    assert str(caught.value).startswith(
        "the definition of job 'nightly' has 1 place that cannot be executed here:\n  tasks is"
    )
    assert "without --isolated" in str(caught.value)
