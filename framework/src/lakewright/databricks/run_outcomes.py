"""How the tasks of a run on a workspace ended, in the words that are used here."""

from __future__ import annotations

import time
from typing import Final

from lakewright.databricks.run_status import STATES, follow
from lakewright.databricks.workspace import told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.databricks.workspace import Workspace

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
    states = {key: STATES[word].value if word in STATES else word for key, word in ended.items()}
    return {**states, **_iterations(workspace, run_id)}


def _iterations(workspace: Workspace, run_id: int) -> Mapping[str, str]:
    with told(f"ask for run {run_id}"):
        tasks = workspace.client.jobs.get_run(run_id).tasks or ()
    each = {task.task_key: task.for_each_task.stats for task in tasks if task.for_each_task}
    counts = {key: stats.task_run_stats for key, stats in each.items() if stats}
    return {ITERATIONS.format(key): str(found.succeeded_iterations or 0) for key, found in counts.items() if found}
