"""What somebody has changed by hand: the plan of what was deployed, against what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lakewright.errors.base import LakewrightError
from lakewright.project.past import as_deployed
from lakewright.project.plan import PipelinePlan, plan_pipeline
from lakewright.project.plan_markdown import plans_markdown
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.github import GitHub
    from lakewright.project.records import Record

_MARKER: Final = "<!-- lakewright-drift:{target} -->"
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


def keep_issue(github: GitHub, target: str, plans: Sequence[PipelinePlan]) -> str:
    """Have one open issue say what differs, or none where nothing does; what was done, with its address.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    found = drifted(plans)
    issue = _open_issue(github, target)
    if not found:
        if issue is None:
            return "nothing differs"
        body = f"{_MARKER.format(target=target)}\nNothing differs any more.\n"
        closed = github.patch(
            f"issues/{issue['number']}", {"state": "closed", "state_reason": "completed", "body": body}
        )
        return f"closed {closed['html_url']}"
    content = {"title": _title(target, found), "body": _body(target, found)}
    if issue is None:
        return f"opened {github.post('issues', content)['html_url']}"
    if all(issue[name] == value for name, value in content.items()):
        return f"unchanged {issue['html_url']}"
    updated = github.patch(f"issues/{issue['number']}", content)
    return f"updated {updated['html_url']}"


def _open_issue(github: GitHub, target: str) -> dict[str, Any] | None:
    marker = _MARKER.format(target=target)
    issues = (each for each in github.pages("issues", state="open") if "pull_request" not in each)
    return next((each for each in issues if (each.get("body") or "").startswith(marker)), None)


def _title(target: str, found: Sequence[PipelinePlan]) -> str:
    return f"Drift on {target}: {plural(len(found), 'pipeline')}"


def _body(target: str, found: Sequence[PipelinePlan]) -> str:
    names = " ".join(each.pipeline for each in found)
    parts = (_MARKER.format(target=target), plans_markdown(target, found), _WAY_OUT.format(names=names, target=target))
    return "\n".join(parts)
