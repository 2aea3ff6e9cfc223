"""The definitions that isolated runs execute, and what their references and paths stand for on this machine."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.emulator.bundle import bundle_values
from lakewright.emulator.plan import plan
from lakewright.errors.project import MissingExtraError, ProjectError, UsageError
from lakewright.execution.environment import process_environment
from lakewright.io.local import PIPELINE_FILE, find_above, local_target
from lakewright.io.paths import RunPaths
from lakewright.model.names import resource_key
from lakewright.model.validation import errors
from lakewright.pipelines.arguments import new_run_id, parameter_texts
from lakewright.project.bundle import build
from lakewright.project.check import check_jobs
from lakewright.project.repository import PipelineFolder, Repository
from lakewright.project.settings import read_settings
from lakewright.project.targets import read_targets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.emulator.plan import IsolatedPlan
    from lakewright.model.target import TargetValues
    from lakewright.project.discovery import FoundJob

LOCAL: Final = "local"
_VOLUMES: Final = "/Volumes"
_VOLUME: Final = "lakewright"
_LAKEWRIGHT: Final = (sys.executable, "-c", "from lakewright.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Generated:
    """Job definitions by their key in a bundle, and the bundle's values."""

    jobs: Mapping[str, Mapping[str, object]]
    values: Mapping[str, object]


def isolated_plans(
    found: Sequence[FoundJob], given: Sequence[Mapping[str, str]], *, target: str = LOCAL
) -> tuple[IsolatedPlan, ...]:
    """The plans of isolated runs of jobs; what every pipeline deploys is generated once.

    Args:
        found: the jobs. Those of a pipeline are generated as the Databricks CLI does it, others by themselves.
        given: texts of the parameters of each.
        target: the target whose definition is generated and whose names tasks see; `local` takes the definition of the
            first target, and the names and the data of this machine.

    Raises:
        DefinitionError: a definition holds what cannot be executed here.
        MissingExtraError: the packages that generate definitions are not installed.
        ParameterError: a parameter that one of the jobs does not take.
        ProjectError: a pipeline does not build.
        UsageError: there is no such target.
    """
    _require_bundles()
    folders = [_folder(each) for each in found]
    built = {folder: generate(folder, target) for folder in dict.fromkeys(folders) if folder}
    generated = [built[folder] if folder else _alone(each, target) for each, folder in zip(found, folders, strict=True)]
    each = zip(found, given, generated, strict=True)
    return tuple(_plan(job, texts, source, target=target) for job, texts, source in each)


def _require_bundles() -> None:
    try:
        import databricks.bundles.jobs  # noqa: F401  only to know whether it is there
    except ModuleNotFoundError as error:
        raise MissingExtraError("databricks-bundles", extra="deploy", purpose="generating a definition") from error


def _folder(found: FoundJob) -> PipelineFolder | None:
    """The pipeline that deploys a job; None for a job that no pipeline deploys."""
    if not found.is_deployed:
        return None
    if found.pipeline:
        return found.pipeline
    path = find_above(Path(found.job.body.file).parent, PIPELINE_FILE)
    folder = PipelineFolder(path) if path else None
    return folder if folder and found.module in read_settings(folder).modules else None


def generate(folder: PipelineFolder, target: str) -> Generated:
    """What a pipeline deploys to a target; to the first one for `local`.

    Raises:
        ProjectError: it does not build.
        UsageError: there is no such target.
    """
    targets, _ = read_targets(Repository.around(folder.path).root)
    chosen = next(iter(targets.targets)) if target == LOCAL else target
    targets.target(chosen)
    with tempfile.TemporaryDirectory(prefix="lakewright-") as scratch:
        place = Path(scratch)
        built = build(Path(sys.executable), folder.path, chosen, scratch=place, environment=process_environment())
    values = bundle_values(json.loads(built.configuration))
    return Generated(built.jobs, {**values, "workspace.file_path": str(folder.path)})


def _alone(found: FoundJob, target: str) -> Generated:
    """The definition of a job that no pipeline deploys."""
    from databricks.bundles.jobs import Job

    from lakewright.databricks.jobs import job_definition

    if target != LOCAL:
        raise UsageError(
            f"'{found.reference}' belongs to no pipeline, so it has no target '{target}'", hint="Leave --target out."
        )
    definition = found.job.definition
    # A job that it starts is run by its own reference, wherever it stands.
    wrong = [each for each in errors(check_jobs((definition,))) if each.code != "started-job"]
    if wrong:
        raise ProjectError("\n".join(str(finding) for finding in wrong))
    # `from_dict` checks every field by itself; its typed dict would only say the same again.
    job = Job.from_dict(job_definition(definition)).as_dict()  # type: ignore[arg-type]  # a plain dict
    return Generated({resource_key(definition.name): dict(job)}, {"var.volume": _VOLUME})


def _plan(found: FoundJob, given: Mapping[str, str], source: Generated, *, target: str) -> IsolatedPlan:
    from lakewright.databricks.expressions import ROOT

    now = datetime.now(timezone.utc)
    here = local_target(found.job.body.file)
    values = {**found.job.bound, **given}
    texts = parameter_texts(found.job.body, values, now=now)
    return plan(
        source.jobs[resource_key(found.job.name)],
        paths=RunPaths(here.root, found.job.name, new_run_id(now)),
        bundle={**source.values, **(_names(here) if target == LOCAL else {})},
        parameters={name: texts[name] for name in values},
        places={ROOT: here.root, _VOLUMES: f"{here.root}/volumes"},
        started=now,
        starts=_starts(found, target),
    )


def _starts(found: FoundJob, target: str) -> dict[str, tuple[str, ...]]:
    """The commands that run the jobs which tasks of a job start, each isolated too."""
    commands: dict[str, tuple[str, ...]] = {}
    for task in found.job.dag.tasks:
        if task.settings.starts:
            # The task of a job is a method of it: `flights.jobs:daily.start`.
            place = f"{task.function.module}:{task.function.name.rpartition('.')[0]}"
            command = (*_LAKEWRIGHT, "run", place, "--isolated", "--target", target)
            commands[resource_key(task.settings.starts)] = command
    return commands


def _names(here: TargetValues) -> dict[str, object]:
    """What takes the place of a target's own values for `local`."""
    return {
        "bundle.name": here.schema,
        "bundle.target": here.name,
        "var.catalog": here.catalog,
        "var.schema": here.schema,
        "var.data": here.data,
    }
