"""`lakewright promote` and `lakewright rollback`: what was deployed before, deployed again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.telling import tell
from lakewright.project.repository import Repository


def promote(
    pipelines: options.Pipelines = None,
    *,
    origin: Annotated[str, typer.Option("--from", metavar="NAME", help="The target that it runs on.")],
    target: Annotated[str, typer.Option("--to", metavar="NAME", help="The target that it goes to.")],
    allow_deletes: options.AllowDeletes = False,
    smoke: options.Smoke = False,
) -> int:
    """Deploy to one target what runs on another: the same commit, the same bytes of its wheels.

    What is checked out does not matter. The wheels come from this machine or from the volume of the first target. What
    runs there already is left alone.

    Examples: `lakewright promote --from dev --to prod`, `lakewright promote flights --from staging --to prod`
    """
    from lakewright.cli.deployed import Outcomes
    from lakewright.project import promote as promotion
    from lakewright.project.bundle_cli import find_cli
    from lakewright.project.deploy import DeployOptions
    from lakewright.project.past import needed
    from lakewright.project.records import known_deploys

    root = Repository.around(Path.cwd()).root
    promotion.check_order(root, origin, target)
    wanted = pipelines or None
    known = tuple(needed(known_deploys(root, name, wanted), name) for name in (origin, target))
    cli = find_cli(tell)
    outcomes = Outcomes(target)
    for name in wanted or known[0]:
        with outcomes.of(name) as outcome:
            outcome.done = promotion.promote(
                root,
                name,
                DeployOptions(allow_deletes=allow_deletes, smoke=smoke),
                origin=origin,
                target=target,
                known=(known[0], known[1]),
                cli=cli,
            )
    outcomes.show()
    return FAILED if outcomes.failed else DONE


def rollback(
    pipeline: Annotated[str, typer.Argument(metavar="PIPELINE", help="The pipeline's name.")],
    *,
    target: options.DeployTarget,
    ref: Annotated[
        Optional[str],  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
        typer.Option(metavar="REV", help="The commit to go back to; by default that of the deploy before."),
    ] = None,
    allow_deletes: options.AllowDeletes = False,
    smoke: options.Smoke = False,
) -> int:
    """Go back on a target: deploy an earlier commit with the wheels that it had then.

    The commit must have been deployed, here or on another target, so that its wheels are known. Outputs are not rolled
    back. The next merge deploys what is on main again: revert the change there too.

    Examples: `lakewright rollback flights --target prod`, `lakewright rollback flights --target prod --ref 1a2b3c4`
    """
    from lakewright.cli.deployed import Outcomes
    from lakewright.project.bundle_cli import find_cli
    from lakewright.project.deploy import DeployOptions
    from lakewright.project.github import access, connected
    from lakewright.project.past import deploy_again
    from lakewright.project.records import recorded
    from lakewright.project.rollback import earlier
    from lakewright.project.targets import read_targets

    root = Repository.around(Path.cwd()).root
    targets = read_targets(root)[0]
    targets.target(target)
    with connected(access(root)) as github:
        now = recorded(github, target, [pipeline]).get(pipeline)
        before = earlier(github, root, pipeline, target=target, ref=ref or None)
    outcomes = Outcomes(target)
    with outcomes.of(pipeline) as outcome:
        outcome.done = deploy_again(
            root,
            before,
            target,
            options=DeployOptions(allow_deletes=allow_deletes, smoke=smoke),
            cli=find_cli(tell),
            recorded=now,
            origins=[name for name in targets.targets if name != target],
        )
    outcomes.show()
    return FAILED if outcomes.failed else DONE
