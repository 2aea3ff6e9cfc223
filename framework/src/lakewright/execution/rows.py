"""Rows of the run store."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class RunRow(NamedTuple):
    """One run.

    Attributes:
        reference: what `lakewright run` was given.
        digest: of the DAG; `dag` is its JSON.
        parameters: the text of each parameter.
        sources: SHA-256 of each source file that its tasks come from.
        revision: the git commit, with `+` when files had changed since.
        started: seconds since the epoch.
        seconds: how long it took; None while it runs, or when it was interrupted.
        status: `running`, `success`, `failed`, or `removing` while `runs clean` is at it.
        selection: the expression of `--select`; empty for all tasks.
        isolated: whether it executes the generated definition, and not the DAG.
        target: whose definition and names it has.
    """

    run_id: str
    job: str
    reference: str
    digest: str
    dag: str
    parameters: Mapping[str, str]
    sources: Mapping[str, str]
    revision: str
    started: float
    seconds: float | None = None
    status: str = "running"
    leaf_status: str = ""
    selection: str = ""
    isolated: bool = False
    target: str = "local"


class AttemptRow(NamedTuple):
    """One attempt of one task; attempt 0 stands for a task that did not run.

    Attributes:
        started: seconds since the epoch.
        rows: rows of the output.
        error: type and message of what it raised.
        reason: why it did not run, or was not run again; of a condition or a repeated task, how it came out.
        log: the file that holds what it printed.
        traceback: the user's own frames of what it raised.
        began: when the process that ran it, or found that it need not run, took up the run; seconds since the epoch.
        cache: of a task with `cache=True` that ran, why its output was not taken from an earlier run.
    """

    job: str
    run_id: str
    key: str
    attempt: int
    state: str
    started: float | None = None
    seconds: float | None = None
    rows: int | None = None
    error: str = ""
    reason: str = ""
    log: str = ""
    traceback: str = ""
    began: float = 0.0
    cache: str = ""
