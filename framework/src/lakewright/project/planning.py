"""The plans of several pipelines: one that cannot be made does not stop the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakewright.errors.base import LakewrightError
from lakewright.project.plan import PipelinePlan, plan_pipeline
from lakewright.project.records import known_deploys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.records import KnownDeploys, Record
    from lakewright.project.repository import PipelineFolder


def plan_pipelines(
    cli: BundleCli, folders: Sequence[PipelineFolder], target: str
) -> tuple[KnownDeploys, tuple[PipelinePlan, ...]]:
    """What is known to be deployed, and the plan of each pipeline."""
    known = known_deploys(folders[0].path, target, [folder.name for folder in folders])
    return known, tuple(planned(cli, folder, target, recorded=known.records.get(folder.name)) for folder in folders)


def planned(cli: BundleCli, folder: PipelineFolder, target: str, *, recorded: Record | None) -> PipelinePlan:
    """The plan of one pipeline, or why there is none."""
    try:
        plan = plan_pipeline(cli, folder, target, recorded=recorded)
    except LakewrightError as error:
        return PipelinePlan(pipeline=folder.name, recorded=recorded, error=error)
    return PipelinePlan(pipeline=folder.name, recorded=recorded, plan=plan)
