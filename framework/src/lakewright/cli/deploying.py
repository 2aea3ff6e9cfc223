"""`lakewright deploy`: pipelines into a target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.planning import chosen
from lakewright.cli.telling import tell, warn
from lakewright.errors.base import LakewrightError
from lakewright.errors.deploying import DeletesError, UncommittedError
from lakewright.project.repository import Repository

if TYPE_CHECKING:
    from lakewright.project.deploy import Deployed, DeployOptions, Destination, Source
    from lakewright.project.records import Record


def deploy(
    pipelines: options.Pipelines = None,
    *,
    target: options.DeployTarget,
    allow_deletes: options.AllowDeletes = False,
    deletes_label: options.DeletesLabel = None,
    strict: options.Strict = False,
    smoke: options.Smoke = False,
    allow_dirty: options.AllowDirty = False,
) -> int:
    """Deploy pipelines to a target: wheels, plan, deploy, record; deletes only if they are allowed.

    What is refused is refused before anything is changed. One pipeline that fails does not stop the others. What runs
    where is recorded in the deployments of GitHub; without a token that is said, and the next merge deploys it again.
    A shared target that runs a later commit keeps it: `rollback` goes back.

    Examples: `lakewright deploy flights --target dev`, `lakewright deploy --target prod --allow-deletes`
    """
    from lakewright.cli.deployed import Outcomes
    from lakewright.project.bundle_cli import find_cli
    from lakewright.project.deploy import DeployOptions, Destination, Source, superseding
    from lakewright.project.git import revision
    from lakewright.project.records import known_deploys
    from lakewright.project.targets import deployable_target

    repository = Repository.around(Path.cwd())
    settings = deployable_target(repository.root, target)
    folders = chosen(repository, pipelines)
    commit = revision(repository.root)
    if commit.endswith("+") and not (settings.is_development or allow_dirty):
        raise UncommittedError(target)
    cli = find_cli(tell)
    known = known_deploys(repository.root, target, [folder.name for folder in folders])
    if known.unknown:
        warn(f"What is deployed is not known, so nothing is compared with it: {known.unknown}")
    wanted = DeployOptions(allow_deletes=allow_deletes, strict=strict, smoke=smoke)
    outcomes = Outcomes(target)
    for folder in folders:
        source = Source(folder=folder, root=repository.root, revision=commit)
        with outcomes.of(folder.name) as outcome:
            to = Destination(folder=folder, target=target, cli=cli)
            recorded = known.records.get(folder.name)
            newer = superseding(source, to, recorded)
            if newer:
                way_back = f"lakewright rollback {folder.name} --target {target} --ref {commit[:9]}"
                outcome.idle = f"runs {newer.revision[:9]}, which came after {commit[:9]}; to go back: {way_back}"
            else:
                outcome.done = _deployed(source, to, wanted, recorded=recorded, label=deletes_label)
    outcomes.show()
    return FAILED if outcomes.failed else DONE


def _deployed(
    source: Source, to: Destination, wanted: DeployOptions, *, recorded: Record | None, label: str | None
) -> Deployed:
    """A deploy; once more with deletes allowed, where a pull request allows them."""
    from dataclasses import replace

    from lakewright.project import deploy
    from lakewright.project.labels import labelled

    try:
        return deploy.deploy(source, to, wanted, recorded=recorded)
    except DeletesError as refused:
        since = recorded.revision if recorded else ""
        try:
            allowed = labelled(source.root, label, source.revision.rstrip("+"), since=since) if label else ""
        except LakewrightError as error:
            warn(f"whether a pull request has the label '{label}' is not known: {error}")
            raise refused from error
        if not allowed:
            raise
        tell(f"deletes are allowed by the label '{label}' of {allowed}")
        return deploy.deploy(source, to, replace(wanted, allow_deletes=True), recorded=recorded)
