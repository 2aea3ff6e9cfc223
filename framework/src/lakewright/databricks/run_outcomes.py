"""How the tasks of a run on a workspace ended, in the words that are used here."""

from __future__ import annotations

import time
from typing import Final

from lakewright.databricks.run_status import follow
from lakewright.databricks.workspace import told
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.databricks.workspace import Workspace

# `RunResultState` of the Jobs API. A word that is not here is one that nobody has thought of, and is shown as it is.
_STATES: Final[Mapping[str, State]] = {
    "SUCCESS": State.SUCCESS,
    "SUCCESS_WITH_FAILURES": State.SUCCESS,
    "FAILED": State.FAILED,
    "TIMEDOUT": State.TIMED_OUT,
    "CANCELED": State.CANCELLED,
    "UPSTREAM_CANCELED": State.CANCELLED,
    "UPSTREAM_FAILED": State.UPSTREAM_FAILED,
    "EXCLUDED": State.EXCLUDED,
}
# Among outcomes: the run as a whole, and how many iterations of a for-each succeed.
RUN: Final = "the run"
ITERATIONS: Final = "{} (iterations that succeed)"


def run_outcomes(
    workspace: Workspace, run_id: int, *, sleep: Callable[[float], object] = time.sleep
) -> Mapping[str, str]:
    """How a run and each of its tasks ended, by key, once it is over.

    Raises:
        WorkspaceError: it cannot be asked for.
    """
    *_, last = follow(workspace, run_id, sleep=sleep)
    ended = {RUN: last.state, **dict(last.tasks)}
    states = {key: _STATES[word].value if word in _STATES else word for key, word in ended.items()}
    return {**states, **_iterations(workspace, run_id)}


def _iterations(workspace: Workspace, run_id: int) -> Mapping[str, str]:
    with told(f"ask for run {run_id}"):
        tasks = workspace.client.jobs.get_run(run_id).tasks or ()
    each = {task.task_key: task.for_each_task.stats for task in tasks if task.for_each_task}
    counts = {key: stats.task_run_stats for key, stats in each.items() if stats}
    return {ITERATIONS.format(key): str(found.succeeded_iterations or 0) for key, found in counts.items() if found}
