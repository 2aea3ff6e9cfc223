"""A view that fits."""

import json
from dataclasses import replace

from lakewright.execution.report.trim import LIMIT, tail, trim
from lakewright.execution.report.view import (
    AttemptView,
    OutputView,
    PartView,
    ResultView,
    RunView,
    SampleView,
    TaskView,
    to_json,
)
from tests.unit.execution.report import samples


def size(run: RunView) -> int:
    return len(json.dumps(to_json(run), ensure_ascii=False))


def with_log(task: TaskView, log: str) -> TaskView:
    return replace(task, attempts=tuple(replace(attempt, log=log) for attempt in task.attempts))


def attempts(run: RunView, *, failed: bool) -> list[AttemptView]:
    return [attempt for task in run.tasks for attempt in task.attempts if bool(attempt.error) is failed]


def test_a_small_run_stays_whole() -> None:
    assert trim(samples.broken()) == samples.broken()


def test_a_large_run_fits_and_says_that_something_is_missing() -> None:
    run = samples.large(1000, log=20_000)
    assert size(run) > 4 * LIMIT
    assert size(trim(run)) <= 1.1 * LIMIT
    assert trim(run).cut


def test_the_logs_of_failures_are_kept_longest_and_by_their_ends() -> None:
    run = samples.large(1000)
    log = "".join(f"line {number}\n" for number in range(2000))
    shorter = trim(replace(run, tasks=tuple(with_log(task, log) for task in run.tasks)))
    failed, fine = attempts(shorter, failed=True), attempts(shorter, failed=False)
    assert min(len(attempt.log) for attempt in failed) > max(len(attempt.log) for attempt in fine)
    assert all(attempt.log.endswith("line 1999\n") for attempt in failed)
    assert all(attempt.log.startswith("line ") for attempt in failed)
    assert all(len(attempt.log) + attempt.cut == len(log) for attempt in failed)


def test_what_never_fits_is_still_shown() -> None:
    smallest = trim(samples.large(200), limit=1)
    assert len(smallest.tasks) == 200
    assert all(task.output is None or task.output.sample is None for task in smallest.tasks)


def test_a_log_without_line_ends_is_cut_anywhere() -> None:
    assert tail("x" * 10, 4) == ("xxxx", 6)


def test_parts_and_results_are_shortened_like_outputs() -> None:
    row = SampleView(columns=("text",), rows=(("x" * 500,),))
    pair = OutputView(parts=(PartView(place="[0]", output=OutputView(sample=row)),))
    run = samples.small()
    run = replace(run, result=(ResultView(output=pair),), tasks=(replace(run.tasks[0], output=pair), *run.tasks[1:]))
    shown, smallest = trim(run), trim(run, limit=1)
    for output in (shown.result[0].output, shown.tasks[0].output):
        assert output
        assert output.parts[0].output.sample == replace(row, rows=(("x" * 120 + "…",),))
    assert smallest.result[0].output == smallest.tasks[0].output == OutputView()
