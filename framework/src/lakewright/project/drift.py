"""What somebody has changed by hand: the plan of what was deployed, against what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lakewright.errors.base import LakewrightError
from lakewright.project.issues import close_issue, keep_issue
from lakewright.project.past import as_deployed
from lakewright.project.plan import PipelinePlan, plan_pipeline
from lakewright.project.plan_markdown import plans_markdown
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.github import GitHub
    from lakewright.project.records import Record

_WAY_OUT: Final = """\
Somebody has changed this in the workspace. Either bring it into the code, or deploy again, which undoes it:

    lakewright deploy {names} --target {target}

This issue is kept up to date, and closed once nothing differs any more.
"""


def drift_of(root: Path, deployed: Record, target: str, *, cli: BundleCli) -> PipelinePlan:
    """What differs from a recorded deploy; nothing that was merged since counts.

    Args:
        root: of the repository.
        deployed: the deploy.
        target: where.
        cli: the Databricks CLI.
    """
    try:
        with as_deployed(root, deployed, target, cli=cli) as to:
            plan = plan_pipeline(to.cli, to.folder, target, recorded=deployed)
    except LakewrightError as error:
        return PipelinePlan(pipeline=deployed.pipeline, recorded=deployed, error=error)
    return PipelinePlan(pipeline=deployed.pipeline, recorded=deployed, plan=plan)


def drifted(plans: Sequence[PipelinePlan]) -> tuple[PipelinePlan, ...]:
    """Those that differ, or of which that cannot be told."""
    return tuple(each for each in plans if each.error or (each.plan and each.plan.changes))


def keep_drift_issue(github: GitHub, target: str, plans: Sequence[PipelinePlan]) -> str:
    """The address of the one issue that says what differs on a target; closed, or empty, where nothing does.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    found, label = drifted(plans), f"drift:{target}"
    if found:
        return keep_issue(github, label, title=_title(target, found), body=_body(target, found))
    return close_issue(github, label, body="Nothing differs any more.\n") or ""


def _title(target: str, found: Sequence[PipelinePlan]) -> str:
    return f"Drift on {target}: {plural(len(found), 'pipeline')}"


def _body(target: str, found: Sequence[PipelinePlan]) -> str:
    names = " ".join(each.pipeline for each in found)
    return f"{plans_markdown(target, found)}\n{_WAY_OUT.format(names=names, target=target)}"
