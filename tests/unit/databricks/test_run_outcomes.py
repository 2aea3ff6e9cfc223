"""How runs ended, by the real SDK against a server on this machine."""

from databricks.sdk.service.jobs import RunResultState

from lakewright.databricks.run_outcomes import run_outcomes
from lakewright.databricks.workspace import Workspace
from lakewright.model.states import State
from tests.files_api import FakeWorkspace


def state(word: str) -> dict[str, object]:
    return {"state": {"life_cycle_state": "TERMINATED", "result_state": word}}


def test_tasks_and_the_run_end_in_the_states_that_are_used_here(
    workspace: Workspace, workspace_api: FakeWorkspace
) -> None:
    words = [each.value for each in RunResultState]
    workspace_api.runs[7] = {**state("FAILED"), "tasks": [{"task_key": word, **state(word)} for word in words]}
    found = dict(run_outcomes(workspace, workspace.start(7)))
    assert found.pop("the run") == "failed"
    assert found.pop("SUCCESS_WITH_FAILURES") == "success"
    assert (found.pop("CANCELED"), found.pop("UPSTREAM_CANCELED")) == ("cancelled", "cancelled")
    left = {word: word for word in ("DISABLED", "MAXIMUM_CONCURRENT_RUNS_REACHED")}
    ours = {each.name.replace("_", "") if each is State.TIMED_OUT else each.name: each.value for each in State}
    assert found == {word: left.get(word) or ours[word] for word in found}


def test_of_a_for_each_the_iterations_that_succeed_are_counted(
    workspace: Workspace, workspace_api: FakeWorkspace
) -> None:
    stats = {"task_run_stats": {"succeeded_iterations": 2, "failed_iterations": 1}}
    each = {
        "task_key": "each",
        **state("FAILED"),
        "for_each_task": {"inputs": "[]", "task": {"task_key": "one"}, "stats": stats},
    }
    workspace_api.runs[7] = {**state("FAILED"), "tasks": [each]}
    assert run_outcomes(workspace, 7) == {
        "the run": "failed",
        "each": "failed",
        "each (iterations that succeed)": "2",
    }
