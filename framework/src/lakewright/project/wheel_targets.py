"""What the wheels of a pipeline must fit: what its jobs run on, or what is said instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lakewright.databricks.tasks import compute_of
from lakewright.dependencies.platforms import X86_64, WheelTarget, described, wheel_target
from lakewright.errors.base import LakewrightError
from lakewright.errors.wheels import SeveralTargetsError, UnknownPythonError
from lakewright.model.validation import errors
from lakewright.project.check import traced
from lakewright.project.discovery import jobs_of
from lakewright.project.settings import read_settings

if TYPE_CHECKING:
    from lakewright.model.compute import Compute
    from lakewright.project.repository import PipelineFolder


class Aim(NamedTuple):
    """What wheels must fit, and the computes that it comes from."""

    target: WheelTarget
    computes: tuple[Compute, ...]


def aim_of(folder: PipelineFolder, *, python: str | None = None, platform: str | None = None) -> Aim:
    """What the wheels of a pipeline must fit.

    Args:
        folder: the pipeline's.
        python: said for this once; else the settings count, else its compute.
        platform: the same.

    Raises:
        UnknownPythonError: nothing tells which Python a compute has.
        SeveralTargetsError: its jobs run on different ones.
        LakewrightError: a job does not load, or cannot be traced.
    """
    settings = read_settings(folder)
    python, platform = python or settings.python, platform or settings.platform
    computes = computes_of(folder)
    targets = {wheel_target(compute, python=python, platform=platform): compute for compute in computes}
    if len(targets) > 1:
        found = [f"{described(compute)}: {target}" for target, compute in targets.items()]
        raise SeveralTargetsError(folder.name, found)
    if targets:
        return Aim(next(iter(targets)), computes)
    if python is None:
        raise UnknownPythonError(f"the compute of pipeline '{folder.name}'")
    return Aim(WheelTarget(python, platform or X86_64), computes)


def computes_of(folder: PipelineFolder) -> tuple[Compute, ...]:
    """Where the tasks of a pipeline's jobs run, each once; what a task says by Databricks' own names is not known.

    Raises:
        LakewrightError: a job does not load, or cannot be traced.
    """
    jobs, failures = traced([each for each in jobs_of(folder) if each.is_deployed])
    for problem in errors(failures):
        raise LakewrightError(problem.message, location=problem.location, hint=problem.hint)
    every = (compute_of(job, task) for job in jobs for task in job.dag.tasks)
    return tuple(dict.fromkeys(compute for compute in every if compute is not None))
