"""`lakewright destroy`: a removed pipeline, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.output import say
from lakewright.cli.telling import tell, warn
from lakewright.errors.project import UsageError
from lakewright.project.repository import Repository


def destroy(
    pipeline: Annotated[str, typer.Argument(metavar="PIPELINE", help="The pipeline's name.")],
    *,
    target: options.DeployTarget,
    yes: Annotated[bool, typer.Option("--yes", help="Yes, delete its jobs with their runs, and its files.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Although the pipeline's folder is still there.")] = False,
) -> None:
    """Take a pipeline that was removed from the repository away from a target.

    Its jobs are deleted with the list of their runs, and the files of its bundle; outputs on volumes and in tables
    stay. The commit that was deployed says what there is to delete.

    Example: `lakewright destroy flights --target prod --yes`
    """
    from lakewright.cli.step_summary import add_to_summary
    from lakewright.project import destroy as removal
    from lakewright.project.bundle_cli import find_cli
    from lakewright.project.records import known_deploys
    from lakewright.project.targets import deployable_target

    root = Repository.around(Path.cwd()).root
    deployable_target(root, target)
    if not force:
        removal.check_removed(root, pipeline, target)
    known = known_deploys(root, target, [pipeline])
    if known.unknown:
        warn(f"What is deployed is not known, so the last commit that had '{pipeline}' counts: {known.unknown}")
    gone = removal.last_state(root, pipeline, known.records.get(pipeline))
    if not yes:
        message = f"this deletes what '{pipeline}' has on '{target}', as it was at {gone.revision[:9]}"
        raise UsageError(message, hint="If that is meant: --yes.")
    done = removal.destroy(root, gone, target, cli=find_cli(tell))
    told = f"{pipeline} is taken away from {target}"
    if done.heir:
        told = f"{pipeline} is {done.heir} now, with the same bundle: its jobs on {target} stay"
    say(f" ✔ {told}", "green")
    if done.unrecorded:
        warn(f"   not recorded: {done.unrecorded}")
    add_to_summary(f"### {told}\n")
