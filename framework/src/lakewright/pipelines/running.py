"""A run in this process that nobody remembers, but for what a later run may take from it."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from lakewright.execution.runner import run
from lakewright.io.local import local_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lakewright.execution.plan import RunPlan
    from lakewright.execution.result import RunResult
    from lakewright.execution.store import RunStore
    from lakewright.pipelines.arguments import Traceable


def run_here(planned: RunPlan, body: Traceable, *, cache: bool) -> RunResult[Any]:
    """Run; tasks with `cache=True` are taken from earlier runs below the same root if `cache` says so.

    Raises:
        StoreError: what earlier runs have made cannot be looked up.
    """
    if not (cache and any(task.settings.cache for task in planned.dag.tasks)):
        return run(planned)
    # Only runs with tasks that are cached need it.
    from lakewright.execution.cache import CachePlace

    with ExitStack() as stack:
        place = CachePlace(project_of(body), lambda: stack.enter_context(closing(_store(planned))))
        return run(replace(planned, cache=place))


def project_of(body: Traceable) -> Path:
    """The folder whose source files tell whether code has changed: the repository around a body."""
    return Path(local_target(body.file).root).parent


def _store(planned: RunPlan) -> RunStore:
    from lakewright.execution.store import FILE, RunStore

    return RunStore(Path(planned.paths.root) / FILE)
