"""How far a run has come."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from lakewright import job, task
from lakewright.execution.frontier import Frontier
from lakewright.execution.plan import RunPlan
from lakewright.execution.result import TaskOutcome
from lakewright.model.record import CommitRecord
from lakewright.model.states import RUN, State, Verdict
from lakewright.model.target import TargetValues
from lakewright.pipelines.arguments import plan

GOOD: Final = TaskOutcome(state=State.SUCCESS)
BAD: Final = TaskOutcome(state=State.FAILED)


@task
def step(*_parents: Any) -> int:  # noqa: ANN401  whatever they give
    return 1


@job
def diamond() -> None:
    top = step.named("top")()
    left, right = step.named("left")(top), step.named("right")(top)
    step.named("bottom")(left, right)


def planned(tmp_path: Path, **changes: Any) -> RunPlan:  # noqa: ANN401  fields of a plan
    return replace(plan(diamond.body, {}, target=TargetValues(root=str(tmp_path)), run_id="now"), **changes)


def record(key: str, run_id: str = "now") -> CommitRecord:
    return CommitRecord(job="diamond", run_id=run_id, task=key, attempt=1, stored=None, finished_at=0.0)


def test_a_task_is_free_once_all_it_waits_for_has_ended(tmp_path: Path) -> None:
    frontier = Frontier(planned(tmp_path))
    assert frontier.first() == ["top"]
    assert frontier.end("top", GOOD) == ["left", "right"]
    assert frontier.end("right", GOOD) == []
    assert frontier.end("left", GOOD) == ["bottom"]
    assert frontier.verdict("bottom") == RUN
    assert frontier.end("bottom", GOOD) == []
    assert list(frontier.outcomes) == ["top", "right", "left", "bottom"]


def test_its_parents_say_what_becomes_of_it(tmp_path: Path) -> None:
    frontier = Frontier(planned(tmp_path))
    for key, outcome in (("top", GOOD), ("left", BAD), ("right", GOOD)):
        frontier.end(key, outcome)
    assert frontier.verdict("bottom") == Verdict(
        runs=False, state=State.UPSTREAM_FAILED, reason="upstream failed: left"
    )


def test_what_has_ended_beforehand_is_waited_for_no_more(tmp_path: Path) -> None:
    kept = {"top": record("top"), "left": record("left", run_id="earlier")}
    frontier = Frontier(planned(tmp_path, kept=kept))
    assert {key: outcome.reason for key, outcome in frontier.outcomes.items()} == {
        "top": "done before",
        "left": "from run earlier",
    }
    assert frontier.first() == ["right"]
    assert frontier.end("right", GOOD) == ["bottom"]


def test_what_is_left_out_is_not_there_for_the_others(tmp_path: Path) -> None:
    frontier = Frontier(planned(tmp_path, left_out=frozenset({"top", "left"})))
    assert frontier.first() == ["right"]
    assert frontier.verdict("right") == RUN
    assert frontier.end("right", BAD) == ["bottom"]
    assert frontier.verdict("bottom").reason == "upstream failed: right"
