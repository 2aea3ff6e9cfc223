from lakewright.execution.attempts import Ended
from lakewright.execution.events import TaskEvent
from lakewright.execution.result import TaskOutcome
from lakewright.execution.telling import Teller
from lakewright.model.record import CommitRecord, Stored
from lakewright.model.states import State, Verdict

RECORD = CommitRecord("daily", "r1", "clean", 2, Stored(format="parquet", rows=7))


def test_a_run_is_told_as_it_goes_on() -> None:
    told: list[TaskEvent] = []
    teller = Teller(told.append)
    error = ValueError("no file today")
    teller.started("clean")
    teller.retrying(Ended("clean", 1, 0.5, error=error), 2.0)
    teller.started("clean", 2)
    teller.finished("clean", TaskOutcome(State.SUCCESS, (0.5, 0.25), 2, RECORD))
    teller.skipped("report", Verdict(runs=False, state=State.UPSTREAM_FAILED, reason="upstream failed: load"))
    teller.stopping("a task has failed")
    assert told == [
        TaskEvent(kind="started", key="clean", state=State.RUNNING),
        TaskEvent(kind="retrying", key="clean", state=State.FAILED, seconds=0.5, wait=2.0, error=error),
        TaskEvent(kind="started", key="clean", state=State.RUNNING, attempt=2),
        TaskEvent(kind="ended", key="clean", state=State.SUCCESS, attempt=2, seconds=0.25, rows=7),
        TaskEvent(kind="ended", key="report", state=State.UPSTREAM_FAILED, reason="upstream failed: load"),
        TaskEvent(kind="stopping", key="", state=State.CANCELLED, reason="a task has failed"),
    ]


def test_an_iteration_is_told_by_its_own_name_and_what_is_taken_by_its_reason() -> None:
    told: list[TaskEvent] = []
    teller = Teller(told.append)
    teller.ended(Ended("clean", 1, 0.5, RECORD, iteration=3), State.SUCCESS)
    teller.taken(RECORD, "done before", attempt=2)
    assert [(each.key, each.rows, each.attempt, each.reason) for each in told] == [
        ("clean.3", 7, 1, ""),
        ("clean", 7, 2, "done before"),
    ]
