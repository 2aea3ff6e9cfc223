"""Writing with a manager and reading again, as a run does it."""

from collections.abc import Callable
from typing import Any

from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.paths import RunPaths
from lakewright.loading.objects import load
from lakewright.model.record import CommitRecord, Stored
from lakewright.model.target import TargetValues


def write(
    manager: IoManager,
    value: object,
    root: object,
    *,
    annotated: Callable[[], object] = lambda: None,
    attempt: int = 1,
) -> Stored:
    """Where a manager keeps the output of an attempt of task `load`, as its commit record gives it to others."""
    context = OutputContext(
        job="daily",
        run_id="42",
        task="load",
        attempt=attempt,
        folder=RunPaths(str(root), "daily", "42").attempt("load", attempt),
        target=TargetValues(root=str(root)),
        annotated=annotated,
    )
    stored = manager.write(context, value)
    assert stored is not None
    return stored


def committed(stored: Stored) -> Stored:
    """What is left of it once it has been written as text and read."""
    record = CommitRecord(job="daily", run_id="42", task="load", attempt=1, stored=stored)
    again = CommitRecord.from_json(record.to_json())
    assert again is not None
    assert again.stored is not None
    return again.stored


def read(manager: IoManager, stored: Stored, *, annotated: Callable[[], object] = lambda: None) -> Any:  # noqa: ANN401  a value of any type
    """The value for a consumer that asks for a type."""
    context = InputContext(job="daily", run_id="42", task="load", stored=stored, load=load, annotated=annotated)
    return manager.read(context)
