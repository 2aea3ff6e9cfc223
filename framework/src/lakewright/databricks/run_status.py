"""How a run on a workspace stands, asked with patience where the network is refused for a while.

A workspace with IP access lists refuses addresses that it does not know, at times also those it does: while lists are
changed, or when a request leaves through another address. That says nothing about the run, which goes on.

Source: Databricks, "Manage IP access lists"; the Jobs API, `jobs/runs/get`.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from typing import Final

from lakewright.databricks.workspace import told
from lakewright.errors.deploying import WorkspaceError
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from databricks.sdk.service.jobs import Run

    from lakewright.databricks.workspace import Workspace

_log: Final = logging.getLogger("lakewright.databricks")
# Seconds between tries: two minutes in all.
WAITS: Final = (5.0, 15.0, 30.0, 70.0)
INTERVAL: Final = 15.0
_ACL: Final = re.compile(r"\bIP (ACL|access list)", re.IGNORECASE)
_SETUP: Final = ". Config: "
_OVER: Final = frozenset({"TERMINATED", "SKIPPED", "INTERNAL_ERROR"})
# `RunResultState` of the Jobs API. A word that is not here is one that nobody has thought of, and is shown as it is.
# "A run is considered successful when its termination code is SUCCESS or SUCCESS_WITH_FAILURES": the same API, of a
# trigger on the completion of jobs.
STATES: Final[Mapping[str, State]] = {
    "SUCCESS": State.SUCCESS,
    "SUCCESS_WITH_FAILURES": State.SUCCESS,
    "FAILED": State.FAILED,
    "TIMEDOUT": State.TIMED_OUT,
    "CANCELED": State.CANCELLED,
    "UPSTREAM_CANCELED": State.CANCELLED,
    "UPSTREAM_FAILED": State.UPSTREAM_FAILED,
    "EXCLUDED": State.EXCLUDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """How a run stands.

    Attributes:
        state: the platform's word: its result once it is over, else where it is.
        message: what the platform says about it.
        tasks: the same word for each task, by key.
        page: its page in the workspace.
    """

    run_id: int
    state: str
    is_over: bool
    message: str = ""
    tasks: tuple[tuple[str, str], ...] = ()
    page: str = ""

    @property
    def is_success(self) -> bool:
        """Whether it has ended well."""
        return STATES.get(self.state) is State.SUCCESS


def run_status(
    workspace: Workspace,
    run_id: int,
    *,
    waits: Sequence[float] = WAITS,
    tell: Callable[[str], object] = _log.warning,
    sleep: Callable[[float], object] = time.sleep,
) -> RunStatus:
    """How a run stands now.

    Args:
        workspace: where it runs.
        run_id: its id there.
        waits: seconds between the tries of an address that is refused.
        tell: is told of each refusal.
        sleep: waits.

    Raises:
        WorkspaceError: it cannot be asked for, or the address is still refused after the last wait.
    """
    with told(f"ask for run {run_id}"):
        found = _asked(workspace, run_id)
        for wait in waits:
            if isinstance(found, RunStatus):
                break
            tell(f"{found.args[0]}; run {run_id} goes on, asking again in {wait:g} s")
            sleep(wait)
            found = _asked(workspace, run_id)
    if isinstance(found, RunStatus):
        return found
    hint = f"Run {run_id} goes on all the same. Ask from an address on the workspace's IP access list, or later."
    raise WorkspaceError(f"{workspace.host} refuses this address: {found.args[0]}", hint=hint) from found


def _asked(workspace: Workspace, run_id: int) -> RunStatus | ConnectionRefusedError:
    """How a run stands, or that this address may not ask: no other refusal is one that time heals."""
    from databricks.sdk.errors import PermissionDenied

    try:
        return _status(workspace.client.jobs.get_run(run_id))
    except PermissionDenied as error:
        if not _ACL.search(str(error)):
            raise
        # The SDK adds how it was set up.
        return ConnectionRefusedError(str(error).partition(_SETUP)[0])


def follow(
    workspace: Workspace,
    run_id: int,
    *,
    interval: float = INTERVAL,
    tell: Callable[[str], object] = _log.warning,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[RunStatus]:
    """How a run stands, again and again until it is over.

    Raises:
        WorkspaceError: it cannot be asked for.
    """
    while True:
        found = run_status(workspace, run_id, tell=tell, sleep=sleep)
        yield found
        if found.is_over:
            return
        sleep(interval)


def _status(run: Run) -> RunStatus:
    state, is_over = _state(run)
    return RunStatus(
        run_id=run.run_id or 0,
        state=state,
        is_over=is_over,
        message=(run.state.state_message if run.state else "") or "",
        tasks=tuple((task.task_key, _state(task)[0]) for task in run.tasks or ()),
        page=run.run_page_url or "",
    )


def _state(run: object) -> tuple[str, bool]:
    """The platform's word for a run or a task of one, and whether it is over."""
    state = getattr(run, "state", None)
    where = state.life_cycle_state.value if state and state.life_cycle_state else "UNKNOWN"
    result = state.result_state.value if state and state.result_state else ""
    return (result or where) if where in _OVER else where, where in _OVER
