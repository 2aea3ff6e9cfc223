"""How a run stands, by the real SDK against a server on this machine."""

import json
from typing import Final

import pytest

from lakewright.databricks.run_status import WAITS, follow, run_status
from lakewright.databricks.workspace import Workspace
from lakewright.errors.deploying import WorkspaceError
from tests.files_api import Answer, FakeWorkspace

RUN: Final = "/api/2.2/jobs/runs/get"
# As the platform words it.
ACL: Final = "Source IP address: 203.0.113.7 is blocked by Databricks IP ACL for workspace: 4711"


def refused(message: str = ACL) -> Answer:
    return 403, json.dumps({"error_code": "PERMISSION_DENIED", "message": message}).encode()


def standing(where: str, result: str | None = None) -> Answer:
    state = {"life_cycle_state": where, **({"result_state": result} if result else {}), "state_message": "said"}
    tasks = [{"task_key": "load", "run_id": 1, "state": state}]
    return 200, json.dumps({"run_id": 42, "state": state, "tasks": tasks, "run_page_url": "https://x/run/42"}).encode()


class Clock:
    """Takes note of waits in place of waiting."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)


def test_an_address_that_is_refused_twice_is_tried_again_and_the_state_comes(
    workspace: Workspace, workspace_api: FakeWorkspace
) -> None:
    workspace_api.answers[RUN] = [refused(), refused(), standing("TERMINATED", "SUCCESS")]
    clock, said = Clock(), list[str]()
    found = run_status(workspace, 42, sleep=clock, tell=said.append)
    assert (found.state, found.is_over, found.is_success) == ("SUCCESS", True, True)
    assert (found.tasks, found.page, found.message) == ((("load", "SUCCESS"),), "https://x/run/42", "said")
    assert clock.waited == list(WAITS[:2])
    assert said == [f"{ACL}; run 42 goes on, asking again in {wait:g} s" for wait in WAITS[:2]]


@pytest.mark.parametrize(("word", "is_success"), [("SUCCESS_WITH_FAILURES", True), ("FAILED", False)])
def test_a_run_whose_leaf_tasks_succeeded_has_ended_well(
    workspace: Workspace, workspace_api: FakeWorkspace, *, word: str, is_success: bool
) -> None:
    workspace_api.answers[RUN] = [standing("TERMINATED", word)]
    assert run_status(workspace, 42).is_success is is_success


def test_an_address_that_stays_refused_is_told_with_the_way_out(
    workspace: Workspace, workspace_api: FakeWorkspace
) -> None:
    workspace_api.answers[RUN] = [refused()]
    clock = Clock()
    with pytest.raises(WorkspaceError, match=r"refuses this address: .*IP ACL.*\n  Run 42 goes on all the same\."):
        run_status(workspace, 42, sleep=clock)
    assert clock.waited == list(WAITS)


def test_who_may_not_see_a_run_is_told_at_once(workspace: Workspace, workspace_api: FakeWorkspace) -> None:
    workspace_api.answers[RUN] = [refused("User does not have permission to view run 42")]
    clock = Clock()
    with pytest.raises(WorkspaceError, match="may not ask for run 42: User does not have permission"):
        run_status(workspace, 42, sleep=clock)
    assert clock.waited == []


def test_a_run_is_followed_to_its_end(workspace: Workspace, workspace_api: FakeWorkspace) -> None:
    workspace_api.answers[RUN] = [standing("PENDING"), refused(), standing("RUNNING"), standing("TERMINATED", "FAILED")]
    clock = Clock()
    states = [found.state for found in follow(workspace, 42, interval=1.0, sleep=clock)]
    assert states == ["PENDING", "RUNNING", "FAILED"]
    assert clock.waited == [1.0, WAITS[0], 1.0]


def test_a_run_that_was_never_started_is_over_too(workspace: Workspace, workspace_api: FakeWorkspace) -> None:
    workspace_api.answers[RUN] = [standing("SKIPPED")]
    found = run_status(workspace, 42)
    assert (found.state, found.is_over, found.is_success) == ("SKIPPED", True, False)
