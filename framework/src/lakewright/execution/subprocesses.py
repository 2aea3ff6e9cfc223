"""A task in a process of its own, ended for good when its time is up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from lakewright.errors.running import RunError
from lakewright.io.commit import committed
from lakewright.model.invocation import invocation_of, parameter_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.execution.plan import RunPlan
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task


class TimedOutError(RunError):
    """A task did not end within its time."""


class ProcessFailedError(RunError):
    """A task's process ended with a failure."""


def run_in_process(plan: RunPlan, task: Task, attempt: int) -> CommitRecord:
    """Run one attempt in a new process; its commit record.

    Raises:
        TimedOutError: the attempt took longer than the task's timeout; the process and its children were killed.
        ProcessFailedError: the process ended with a failure.
    """
    argv = invocation_of(plan.dag, task).to_argv(_values(plan, attempt))
    command = [sys.executable, "-m", "lakewright.execution.worker", *argv]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(  # noqa: S603  our own worker with our own argv
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            _, errors = process.communicate(timeout=task.settings.timeout)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise TimedOutError(f"task '{task.key}' did not end within {task.settings.timeout:g} s") from None
        except BaseException:
            _kill(process)
            raise
    if process.returncode:
        last = errors.strip().splitlines()[-1:] or [""]
        raise ProcessFailedError(f"{last[0] or 'no message'} (exit code {process.returncode})")
    return committed(plan.paths, task.key)


def _kill(process: subprocess.Popen[str]) -> None:
    """End the process and all it has started: they are a process group of their own."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _values(plan: RunPlan, attempt: int) -> Mapping[str, str]:
    target = plan.target
    parameters = {parameter_reference(name): text for name, text in plan.parameter_texts.items()}
    return {
        "run_id": plan.paths.run_id,
        "attempt": str(attempt),
        "target": target.name,
        "root": target.root,
        "data": target.data,
        "catalog": target.catalog,
        "schema": target.schema,
        **parameters,
    }
