"""Generated definitions on this machine: real processes, one for each task, for every construct there is."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from lakewright.emulator.definition import UNLIMITED
from lakewright.emulator.problems import DefinitionError
from lakewright.emulator.run import run
from lakewright.io.commit import read_record
from lakewright.model.binding import Output
from lakewright.model.states import State
from tests.contract.definitions import Runs, after, condition, log, loop, spans, wheel

SLACK: Final = 10.0


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


# Tasks


def test_tasks_run_by_their_own_argv_and_hand_on_what_they_give(runs: Runs) -> None:
    result = runs(
        wheel("a", "say", {"text": "x"}),
        wheel("b", "say", {"text": Output("a")}, depends_on=after("a")),
    )
    assert (result.status, result.leaf_status) == ("success", "success")
    assert runs.value("b") == "x"
    told = [(event.kind, event.key) for event in runs.events]
    assert told == [("started", "a"), ("ended", "a"), ("started", "b"), ("ended", "b")]


def test_each_attempt_has_its_exit_code_and_its_log(runs: Runs) -> None:
    outcome = runs(wheel("a", "step", {"name": "a", "fails": True}, max_retries=1)).outcomes["a"]
    assert [attempt.exit_code for attempt in outcome.attempts] == [1, 1]
    assert outcome.attempts[1].log == f"{runs.root}/runs/j/4711/logs/a/2.log"
    assert log(outcome, 2).startswith("step a\nTraceback")
    assert outcome.reason == "ValueError: a fails (exit code 1)"


def test_a_task_sees_the_names_of_the_target_and_the_folders_for_its_places(runs: Runs) -> None:
    runs(wheel("a", "where"))
    assert runs.value("a") == {
        "run": "4711",
        "target": "dev",
        "root": runs.root,
        "data": f"{runs.root}/volumes/raw/flights",
        "catalog": "cat",
        "schema": "sch",
    }


def test_parameters_reach_tasks_as_they_were_given(runs: Runs) -> None:
    runs(
        wheel("day", "say", {"text": "{{job.parameters.day}}"}),
        wheel("dash", "say", {"text": "{{job.parameters.`a-b`}} in {{job.name}}"}),
        parameters=[{"name": "day", "default": "{{job.start_time.iso_date}}"}, {"name": "a-b", "default": "x"}],
        given={"a-b": "$HOME 'quoted' ü"},
    )
    assert runs.value("day") == "2026-11-20"
    assert runs.value("dash") == "$HOME 'quoted' ü in j"


def test_a_misspelt_reference_stays_and_the_worker_refuses_it(runs: Runs) -> None:
    result = runs(wheel("a", "say", {"text": "{{job.paramters.day}}"}))
    assert result.states == {"a": "failed"}
    assert "UnresolvedReferenceError" in log(result.outcomes["a"])
    assert any("{{job.paramters.day}}" in note.text for note in result.notes)


def test_a_task_that_exits_with_0_has_succeeded_and_any_other_code_is_its_failure(runs: Runs) -> None:
    result = runs(wheel("well", "leave", {"code": 0}), wheel("badly", "leave", {"code": 3}))
    assert result.states == {"well": "success", "badly": "failed"}
    assert result.outcomes["badly"].attempts[0].exit_code == 3


def test_a_task_that_ends_its_process_at_once_fails_even_with_0(runs: Runs) -> None:
    outcome = runs(wheel("a", "die")).outcomes["a"]
    assert outcome.state is State.FAILED
    assert outcome.attempts[0].exit_code == 0
    assert "committed nothing" in outcome.reason


def test_a_definition_that_cannot_be_executed_starts_nothing(runs: Runs) -> None:
    with pytest.raises(DefinitionError, match=r"tasks\[1\]\.notebook_task is not emulated"):
        runs(wheel("a", "say", {"text": "x"}), {"task_key": "b", "notebook_task": {"notebook_path": "/x"}})
    assert not Path(runs.root).exists()


def test_ready_tasks_run_side_by_side_and_wait_for_no_level(runs: Runs) -> None:
    result = runs(
        wheel("slow", "sleep", {"seconds": 2.0}),
        wheel("quick", "sleep", {"seconds": 0.1}),
        wheel("next", "sleep", {"seconds": 0.1}, depends_on=after("quick")),
    )
    slow, quick, following = spans(list(result.outcomes.values()))
    assert quick[0] < slow[1]
    assert following[0] < slow[1]


def test_no_more_processes_run_than_there_are_workers(runs: Runs) -> None:
    result = runs(*(wheel(f"t{number}", "sleep", {"seconds": 0.1}) for number in range(4)), workers=1)
    ordered = sorted(spans(list(result.outcomes.values())))
    assert all(one[1] <= other[0] for one, other in pairwise(ordered))


# Rules and retries


def test_rules_judge_direct_parents_and_leaves_decide_the_platforms_status(runs: Runs) -> None:
    result = runs(
        wheel("load", "step", {"name": "l", "fails": True}),
        wheel("clean", "step", {"name": "c"}, depends_on=after("load")),
        wheel("alert", "step", {"name": "a"}, depends_on=after("load"), run_if="AT_LEAST_ONE_FAILED"),
        wheel("deaf", "step", {"name": "d"}, depends_on=after("clean"), run_if="AT_LEAST_ONE_FAILED"),
        wheel("tidy", "step", {"name": "t"}, depends_on=after("clean", "alert"), run_if="ALL_DONE"),
    )
    assert result.states == {
        "load": "failed",
        "clean": "upstream_failed",
        "alert": "success",
        "deaf": "excluded",
        "tidy": "success",
    }
    assert (result.status, result.leaf_status) == ("failed", "success")
    assert result.outcomes["clean"].reason == "upstream failed: load"


def test_a_later_attempt_sees_what_a_failed_one_has_set(runs: Runs) -> None:
    result = runs(wheel("flaky", "flaky", {"until": 3}, max_retries=2))
    assert result.status == "success"
    assert [attempt.state.value for attempt in result.outcomes["flaky"].attempts] == ["failed", "failed", "success"]
    assert runs.value("flaky") == 1
    assert [event.kind for event in runs.events] == ["started", "retrying", "started", "retrying", "started", "ended"]


def test_a_value_that_a_failed_task_has_set_reaches_others(runs: Runs) -> None:
    runs(
        wheel("flaky", "flaky", {"until": 9}),
        wheel(
            "say",
            "say",
            {"text": "{{tasks.flaky.values.`attempt-1`}} of {{tasks.flaky.execution_count}}"},
            depends_on=after("flaky"),
            run_if="ALL_DONE",
        ),
    )
    assert runs.value("say") == "1 of 1"


def test_retries_wait_from_start_to_start(runs: Runs) -> None:
    runs(wheel("a", "step", {"name": "a", "fails": True}, max_retries=1, min_retry_interval_millis=1500))
    failed = next(event for event in runs.events if event.kind == "retrying")
    assert failed.wait == pytest.approx(max(0, 1.5 - failed.seconds))


def test_unlimited_retries_end_after_twenty_and_say_so(runs: Runs) -> None:
    outcome = runs(wheel("a", "step", {"name": "a", "fails": True}, max_retries=-1)).outcomes["a"]
    assert len(outcome.attempts) == UNLIMITED + 1
    assert outcome.reason.endswith("given up after 21 attempts, where the platform would go on")


# Timeouts


def test_a_timeout_ends_an_attempt_and_is_not_tried_again_unless_asked_for(runs: Runs) -> None:
    slow = {"timeout_seconds": 1, "max_retries": 1}
    result = runs(
        wheel("once", "sleep", {"seconds": 60.0}, **slow),
        wheel("twice", "sleep", {"seconds": 60.0}, **slow, retry_on_timeout=True),
    )
    assert result.states == {"once": "timed_out", "twice": "timed_out"}
    assert [len(outcome.attempts) for outcome in result.outcomes.values()] == [1, 2]
    assert result.outcomes["once"].reason == "did not end within 1 s"
    assert result.seconds < SLACK


def test_a_jobs_timeout_ends_what_runs_and_cancels_the_rest(runs: Runs) -> None:
    result = runs(
        wheel("done", "say", {"text": "x"}),
        wheel("slow", "sleep", {"seconds": 60.0}, depends_on=after("done")),
        wheel("never", "say", {"text": "x"}, depends_on=after("slow")),
        timeout_seconds=2,
    )
    assert result.states == {"done": "success", "slow": "cancelled", "never": "cancelled"}
    assert [attempt.state.value for attempt in result.outcomes["slow"].attempts] == ["cancelled"]
    assert result.reason == "the job did not end within 2 s"
    assert (result.status, result.leaf_status) == ("failed", "failed")
    assert result.seconds < SLACK


def test_ctrl_c_lets_what_runs_end_and_starts_nothing_else(runs: Runs, tmp_path: Path) -> None:
    trace = tmp_path / "pid"
    interrupt = threading.Thread(target=_interrupt_when, args=[trace])
    interrupt.start()
    result = runs(
        wheel("runs", "sleep_as", {"trace": str(trace), "seconds": 1.0}),
        wheel("waits", "say", {"text": "x"}, depends_on=after("runs")),
        wheel("cleans_up", "say", {"text": "x"}, depends_on=after("runs"), run_if="ALL_DONE"),
        workers=1,
    )
    interrupt.join()
    assert result.interrupted
    assert result.states == {"runs": "success", "waits": "cancelled", "cleans_up": "cancelled"}
    assert result.outcomes["waits"].reason == "cancelled: the run was interrupted"
    assert ("stopping", "") in [(event.kind, event.key) for event in runs.events]


def test_pressed_again_it_leaves_no_process_behind(runs: Runs, tmp_path: Path) -> None:
    trace = tmp_path / "pid"
    interrupt = threading.Thread(target=_interrupt_when, args=[trace, 2])
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        runs(wheel("slow", "sleep_as", {"trace": str(trace), "seconds": 60.0}))
    interrupt.join()
    assert _is_over(int(trace.read_text(encoding="utf-8")))


def test_ctrl_c_is_seen_though_it_reaches_a_thread_that_is_not_the_main_one(runs: Runs, tmp_path: Path) -> None:
    """As one does that reaches the main thread right before it begins to wait: neither ends that wait."""
    trace = tmp_path / "pid"
    interrupt = threading.Thread(target=_interrupt_when, args=[trace, 2], kwargs={"press": signal.raise_signal})
    started = time.monotonic()
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        runs(wheel("slow", "sleep_as", {"trace": str(trace), "seconds": 30.0}))
    interrupt.join()
    assert time.monotonic() - started < SLACK
    assert ("stopping", "") in [(event.kind, event.key) for event in runs.events]


def _press(number: int) -> None:
    os.kill(os.getpid(), number)


def _interrupt_when(trace: Path, times: int = 1, *, press: Callable[[int], None] = _press) -> None:
    """Do what Ctrl-C does, once the file has content."""
    while not (trace.exists() and trace.read_text(encoding="utf-8")):
        time.sleep(0.02)
    for _ in range(times):
        press(signal.SIGINT)
        time.sleep(0.7)  # two that nobody has seen yet are one


def _is_over(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


# Stopping


def test_a_failure_stops_a_run_that_is_to_fail_fast(runs: Runs) -> None:
    planned = runs.plan(
        wheel("bad", "step", {"name": "bad", "fails": True}),
        wheel("slow", "sleep", {"seconds": 1.0}),
        wheel("retried", "step", {"name": "retried", "fails": True}, max_retries=5, min_retry_interval_millis=60_000),
        wheel("waits", "say", {"text": "x"}, depends_on=after("slow")),
        wheel("alert", "say", {"text": "x"}, depends_on=after("bad"), run_if="AT_LEAST_ONE_FAILED"),
        loop("each", "[1, 2, 3]", wheel("each_one", "sleep", {"seconds": 1.0})),
    )
    result = run(replace(planned, max_workers=6, fails_fast=True))
    assert result.states == {
        "bad": "failed",
        "slow": "success",
        "retried": "failed",
        "waits": "cancelled",
        "alert": "success",
        "each": "cancelled",
    }
    assert result.outcomes["waits"].reason == "cancelled: bad failed"
    assert [each.state.value for each in result.outcomes["each"].iterations] == ["success", "cancelled", "cancelled"]
    assert result.seconds < SLACK


def test_what_an_earlier_process_has_done_is_not_done_again(runs: Runs) -> None:
    tasks = (
        wheel("a", "say", {"text": "x"}),
        wheel("bad", "step", {"name": "bad", "fails": True}, depends_on=after("a")),
        wheel("clean", "say", {"text": "x"}, depends_on=after("bad"), run_if="ALL_DONE"),
    )
    runs(*tasks)
    kept = {key: record for key in ("a", "clean") if (record := read_record(runs.paths, key))}
    again = run(replace(runs.plan(*tasks), kept=kept, tried={"a": 1, "bad": 1, "clean": 1}))
    assert again.states == {"a": "success", "bad": "failed", "clean": "success"}
    assert [outcome.reason for outcome in again.outcomes.values() if not outcome.attempts] == ["done before"] * 2
    assert [attempt.number for attempt in again.outcomes["bad"].attempts] == [2]


# For each


def test_a_for_each_runs_its_task_once_for_each_element(runs: Runs) -> None:
    result = runs(loop("fan", '["a", 2, {"k": [3]}]', wheel("each", "say", {"text": "got {{input}}"})))
    outcome = result.outcomes["fan"]
    assert (outcome.state, outcome.reason) == (State.SUCCESS, "3 iterations")
    assert [iteration.attempts[0].log for iteration in outcome.iterations] == [
        f"{runs.root}/runs/j/4711/logs/fan.{index}/1.log" for index in range(3)
    ]
    assert runs.value("each") == 'got {"k":[3]}'


def test_iterations_run_one_by_one_unless_told_otherwise(runs: Runs) -> None:
    result = runs(loop("fan", "[1, 2, 3]", wheel("each", "sleep", {"seconds": 0.2})))
    ordered = spans(result.outcomes["fan"].iterations)
    assert ordered == sorted(ordered)
    assert all(one[1] <= other[0] for one, other in pairwise(ordered))


def test_iterations_run_side_by_side_up_to_the_concurrency(runs: Runs) -> None:
    result = runs(loop("fan", "[1, 2]", wheel("each", "sleep", {"seconds": 1.5}), concurrency=2))
    one, other = spans(result.outcomes["fan"].iterations)
    assert max(one[0], other[0]) < min(one[1], other[1])


def test_other_iterations_go_on_when_one_fails(runs: Runs) -> None:
    result = runs(
        wheel("items", "items", {"values": "a b c"}),
        loop("fan", '[{"n": 1}, {"n": 9}, {"n": 1}]', wheel("flaky", "flaky_as", {"until": "{{input.n}}"})),
        wheel("then", "say", {"text": "x"}, depends_on=after("fan")),
    )
    outcome = result.outcomes["fan"]
    assert (outcome.state, outcome.reason) == (State.FAILED, "1 of 3 iterations failed: 1")
    assert [each.state.value for each in outcome.iterations] == ["success", "failed", "success"]
    assert outcome.log == outcome.iterations[1].attempts[0].log
    assert result.states["then"] == "upstream_failed"


def test_retries_belong_to_the_iteration(runs: Runs) -> None:
    inner = wheel("flaky", "flaky_as", {"until": "{{input}}"}, max_retries=1)
    outcome = runs(loop("fan", "[1, 2, 3]", inner)).outcomes["fan"]
    assert [len(each.attempts) for each in outcome.iterations] == [1, 2, 2]
    assert [each.state.value for each in outcome.iterations] == ["success", "success", "failed"]
    assert [event.key for event in runs.events if event.kind == "retrying"] == ["fan.1", "fan.2"]


def test_no_elements_are_a_success(runs: Runs) -> None:
    outcome = runs(loop("fan", "[]", wheel("each", "say", {"text": "x"}))).outcomes["fan"]
    assert (outcome.state, outcome.iterations) == (State.SUCCESS, ())


def test_elements_come_from_task_values_and_from_parameters(runs: Runs) -> None:
    result = runs(
        wheel("items", "items", {"values": "a bb"}),
        loop(
            "values",
            "{{tasks.items.values.objects}}",
            wheel("one", "say", {"text": "{{input.name}}{{input.size}}"}),
            depends_on=after("items"),
        ),
        loop("parameter", "{{job.parameters.days}}", wheel("two", "say", {"text": "{{input}}"})),
        parameters=[{"name": "days", "default": '["mon", "tue", "wed"]'}],
    )
    assert result.status == "success"
    assert [len(result.outcomes[key].iterations) for key in ("values", "parameter")] == [2, 3]
    assert (runs.value("one"), runs.value("two")) == ("bb2", "wed")


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ("{{tasks.items.values.count}}", "the inputs are not a JSON array: 2"),
        ("{{tasks.items.values.nothing}}", "task 'items' has set no value 'nothing'"),
        ("{{tasks.itmes.values.list}}", "the inputs are not JSON: {{tasks.itmes.values.list}}"),
    ],
)
def test_inputs_that_are_no_array_fail_the_task(runs: Runs, *, inputs: str, reason: str) -> None:
    result = runs(
        wheel("items", "items", {"values": "a b"}),
        loop("fan", inputs, wheel("each", "say", {"text": "x"}), depends_on=after("items")),
    )
    assert (result.states["fan"], result.outcomes["fan"].reason) == ("failed", reason)


def test_the_timeout_of_a_for_each_ends_all_of_it(runs: Runs) -> None:
    outcome = runs(
        loop("fan", "[0, 60, 60]", wheel("each", "sleep_for", {"seconds": "{{input}}"}), timeout_seconds=2)
    ).outcomes["fan"]
    assert (outcome.state, outcome.reason) == (State.TIMED_OUT, "did not end within 2 s")
    assert [each.state.value for each in outcome.iterations] == ["success", "cancelled", "cancelled"]


# Conditions


def test_a_condition_selects_a_side_and_excludes_the_other(runs: Runs) -> None:
    result = runs(
        wheel("items", "items", {"values": "a b c"}),
        condition("many", ("{{tasks.items.values.count}}", "GREATER_THAN", "2"), depends_on=after("items")),
        wheel("yes", "say", {"text": "y"}, depends_on=after("many=true")),
        wheel("no", "say", {"text": "n"}, depends_on=after("many=false")),
        wheel("behind", "say", {"text": "b"}, depends_on=after("no")),
        wheel("both", "say", {"text": "j"}, depends_on=after("yes", "no"), run_if="NONE_FAILED"),
    )
    assert result.states == {
        "items": "success",
        "many": "success",
        "yes": "success",
        "no": "excluded",
        "behind": "excluded",
        "both": "success",
    }
    assert result.outcomes["many"].taken == "true"
    assert result.outcomes["many"].reason == "3 > 2 is true"
    assert result.outcomes["no"].reason == "excluded: many is not false"
    assert (result.status, result.leaf_status) == ("success", "success")


@pytest.mark.parametrize(
    ("left", "op", "right", "taken"),
    [
        ("12.0", "EQUAL_TO", "12", "false"),
        ("12.0", "GREATER_THAN_OR_EQUAL", "12", "true"),
        ("{{tasks.items.values.any}}", "EQUAL_TO", "true", "true"),
        ("{{job.parameters.mode}}", "NOT_EQUAL", "full", "true"),
        ("{{tasks.items.result_state}}", "EQUAL_TO", "success", "true"),
        ("{{job.paramters.mode}}", "EQUAL_TO", "quick", "false"),
    ],
)
def test_operands_are_references_or_text(runs: Runs, *, left: str, op: str, right: str, taken: str) -> None:
    result = runs(
        wheel("items", "items", {"values": "a"}),
        condition("check", (left, op, right), depends_on=after("items")),
        parameters=[{"name": "mode", "default": "quick"}],
    )
    assert result.outcomes["check"].taken == taken


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        ("many", "'many' is not a number"),
        ("{{tasks.items.values.list}}", "a list cannot be compared"),
        ("{{tasks.items.values.nothing}}", "task 'items' has set no value 'nothing'"),
    ],
)
def test_a_condition_that_cannot_be_evaluated_fails_with_both_of_its_sides(
    runs: Runs, *, left: str, reason: str
) -> None:
    result = runs(
        wheel("items", "items", {"values": "a b"}),
        condition("check", (left, "LESS_THAN", "3"), depends_on=after("items")),
        wheel("yes", "say", {"text": "y"}, depends_on=after("check=true")),
        wheel("no", "say", {"text": "n"}, depends_on=after("check=false")),
    )
    assert result.outcomes["check"].reason == reason
    assert [result.states[key] for key in ("check", "yes", "no")] == ["failed", "upstream_failed", "upstream_failed"]


def test_a_gate_joins_outcomes(runs: Runs) -> None:
    result = runs(
        condition("first", ("a", "EQUAL_TO", "b")),
        condition("second", ("a", "EQUAL_TO", "a")),
        condition(
            "either",
            ("1", "EQUAL_TO", "1"),
            depends_on=after("first=true", "second=true"),
            run_if="AT_LEAST_ONE_SUCCESS",
        ),
        wheel("load", "say", {"text": "l"}),
        wheel("yes", "say", {"text": "y"}, depends_on=after("load", "either=true")),
        wheel("no", "say", {"text": "n"}, depends_on=after("load", "first=true")),
    )
    assert [result.states[key] for key in ("either", "yes", "no")] == ["success", "success", "excluded"]
