"""`lakewright drift`: what somebody has changed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.planning import print_plans
from lakewright.cli.telling import tell
from lakewright.project.repository import Repository


def drift(
    pipelines: options.Pipelines = None,
    *,
    target: options.DeployTarget,
    issue: Annotated[
        bool, typer.Option("--issue", help="Have one issue on GitHub say what differs; closed once nothing does.")
    ] = False,
    form: options.Form = "text",
) -> int:
    """Find what somebody has changed by hand since the last deploy; exit code 1 if anything.

    Compared is the commit that is recorded as deployed, not what is checked out: what was merged since is no drift.

    Examples: `lakewright drift --target prod`, `lakewright drift --target prod --issue`
    """
    from lakewright.cli.step_summary import add_to_summary
    from lakewright.project.bundle_cli import find_cli
    from lakewright.project.drift import drift_of, drifted, keep_drift_issue
    from lakewright.project.github import access, connected
    from lakewright.project.past import needed
    from lakewright.project.plan_markdown import plans_markdown
    from lakewright.project.records import known_deploys
    from lakewright.project.targets import deployable_target

    root = Repository.around(Path.cwd()).root
    deployable_target(root, target)
    known = needed(known_deploys(root, target, pipelines or None), target)
    cli = find_cli(tell)
    plans = tuple(drift_of(root, each, target, cli=cli) for each in known.values())
    found = drifted(plans)
    print_plans(target, plans, form=form)
    add_to_summary(plans_markdown(target, plans))
    if issue:
        with connected(access(root)) as github:
            address = keep_drift_issue(github, target, plans)
        tell(f"{'open' if found else 'closed'} issue: {address}" if address else "no issue is open")
    return FAILED if found else DONE
