"""A pipeline into a target: what must be so before, what is done, and what is kept of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

from lakewright.dependencies.current import current_wheelhouse, read_built_from
from lakewright.errors.deploying import (
    CliFailedError,
    DeletesError,
    HalfDeployedError,
    NoWheelhouseError,
)
from lakewright.errors.github import GitHubError
from lakewright.project.bundle import configuration
from lakewright.project.git import is_before
from lakewright.project.github import access, connected
from lakewright.project.plan import plan_pipeline
from lakewright.project.records import Record, record
from lakewright.project.repository import Repository
from lakewright.project.upload import upload, wheelhouse_place
from lakewright.project.wheel_inputs import has_changed

if TYPE_CHECKING:
    from lakewright.databricks.workspace import Workspace
    from lakewright.dependencies.contents import Wheelhouse
    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.plan import Plan
    from lakewright.project.repository import PipelineFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployOptions:
    """What a deploy may do, and does besides.

    Attributes:
        allow_deletes: delete or replace what is there, if the plan says so.
        strict: take warnings of the bundle for errors.
        smoke: run each job once afterwards.
    """

    allow_deletes: bool = False
    strict: bool = False
    smoke: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """A pipeline as it lies in a folder, and where it comes from.

    Attributes:
        folder: the pipeline's.
        root: of the repository whose GitHub keeps the records.
        revision: the commit that lies there; with `+` if files have changed since.
    """

    folder: PipelineFolder
    root: Path
    revision: str


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A target as a pipeline's bundle sees it, and how it is reached."""

    folder: PipelineFolder
    target: str
    cli: BundleCli

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The bundle's configuration for the target."""
        return configuration(self.folder.path, self.target)

    @property
    def is_shared(self) -> bool:
        """Whether others depend on what is deployed there; in development everybody has a copy of their own."""
        mode: str | None = self.settings["bundle"]["mode"]
        return mode != "development"

    @cached_property
    def workspace(self) -> Workspace:
        """Its workspace, signed in to when it is first needed."""
        from lakewright.databricks.workspace import Workspace

        return Workspace.of(self.settings["workspace"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A deploy that succeeded.

    Attributes:
        revision: the commit.
        digest: of the wheelhouse; empty where it has none.
        plan: what was done.
        smoked: the jobs that were run afterwards.
        is_own_copy: whether it is nobody else's, so that there is nothing to record.
        unrecorded: why it is not recorded; empty if it is.
    """

    pipeline: str
    target: str
    revision: str
    digest: str
    plan: Plan
    seconds: float
    smoked: tuple[str, ...] = ()
    is_own_copy: bool = False
    unrecorded: str = ""


def deploy(source: Source, to: Destination, options: DeployOptions, *, recorded: Record | None = None) -> Deployed:
    """Deploy a pipeline as it lies in its folder; what is refused is refused before anything is changed.

    Args:
        source: the pipeline.
        to: where it goes.
        options: what may be done.
        recorded: its last deploy there that is known of.

    Raises:
        NoWheelhouseError: the target runs wheelhouses only, and the pipeline has none.
        DeletesError: something would be lost, and that is not allowed.
        HalfDeployedError: the Databricks CLI failed while it was at it, or a run afterwards failed.
        DeployError: it cannot be planned, or its wheels cannot be uploaded.
    """
    started = perf_counter()
    name, target = source.folder.name, to.target
    made = wheelhouse_for(source.folder, to)
    if options.strict:
        to.cli.do(source.folder.path, "validate", "--strict", target=target)
    plan = plan_pipeline(to.cli, source.folder, target, recorded=recorded)
    if plan.losses and not options.allow_deletes:
        raise DeletesError(name, target, resources=[f"{each.action} {each.resource}" for each in plan.losses])
    if made:
        to.cli.tell(f"wheelhouse {made.digest[:12]}…")
        upload(made, wheelhouse_place(source.folder, target, made.digest), to.workspace, tell=to.cli.tell)
    _apply(plan, to, has_wheels=made is not None)
    smoked = _smoke(plan, to, recorded) if options.smoke else ()
    digest, is_own = made.digest if made else "", is_own_copy(to)
    return Deployed(
        pipeline=name,
        target=target,
        revision=source.revision,
        digest=digest,
        plan=plan,
        seconds=perf_counter() - started,
        smoked=smoked,
        is_own_copy=is_own,
        unrecorded="" if is_own else keep_record(source, target, digest=digest),
    )


def is_own_copy(to: Destination) -> bool:
    """Whether what is deployed is somebody's own: in development, and by no workflow, whose copy is on record.

    `GITHUB_ACTIONS` is "always set to true when GitHub Actions is running the workflow": GitHub, Variables reference.
    """
    return not to.is_shared and os.environ.get("GITHUB_ACTIONS") != "true"


def superseding(source: Source, to: Destination, recorded: Record | None) -> Record | None:
    """The deploy to a shared target that has all of a commit and more: to deploy that commit would take the rest back.

    A workflow that is run again, or approved days later, brings such a commit.
    """
    is_newer = recorded is not None and to.is_shared and is_before(source.root, source.revision, recorded.revision)
    return recorded if is_newer else None


def wheelhouse_for(folder: PipelineFolder, to: Destination) -> Wheelhouse | None:
    """The wheelhouse that a pipeline is deployed with; None where it goes to a target in development without one.

    Raises:
        NoWheelhouseError: it has none, or one that was built from other sources.
        WheelhouseError: it is gone or damaged.
    """
    made = current_wheelhouse(folder.path)
    if made is None and to.is_shared:
        raise NoWheelhouseError.unbuilt(folder.name, to.target)
    known = read_built_from(folder.path)
    if to.is_shared and known and has_changed(Repository.around(folder.path).root, known):
        raise NoWheelhouseError.stale(folder.name)
    return made


def _apply(plan: Plan, to: Destination, *, has_wheels: bool) -> None:
    """Carry out a plan. Wheels that lie on a volume let the CLI carry out the very plan that was judged."""
    approval = ["--auto-approve"] if plan.losses else []
    name, target = to.folder.name, to.target
    with TemporaryDirectory(prefix="lakewright-") as scratch:
        file = Path(scratch) / "plan.json"
        file.write_text(plan.text, encoding="utf-8")
        saved = ["--plan", str(file)] if has_wheels else []
        try:
            to.cli.do(to.folder.path, "deploy", *approval, *saved, target=target)
        except CliFailedError as error:
            hint = (
                "Some of its resources may have changed. Nothing is recorded, so the next deploy covers all of it.\n"
                f"What is left to do: lakewright plan {name} --target {target}"
            )
            message = f"the deploy of '{name}' to '{target}' did not come to its end: {error.message}"
            raise HalfDeployedError(message, hint=f"{error.hint}\n{hint}".strip()) from error


def _smoke(plan: Plan, to: Destination, before: Record | None) -> tuple[str, ...]:
    """Run each job once; the jobs. What ran there before is on record, and the way back."""
    name, target = to.folder.name, to.target
    try:
        for job in plan.jobs:
            to.cli.do(to.folder.path, "run", job, target=target)
    except CliFailedError as error:
        rollback = f"lakewright rollback {name} --target {target} --ref {before.revision[:9]}" if before else ""
        way_back = f" To go back:\n{rollback}" if rollback else ""
        raise HalfDeployedError(
            f"'{name}' is deployed to '{target}', but a run afterwards failed: {error.message}",
            hint=f"It is not recorded as a deploy that succeeded: the next one covers it.{way_back}",
        ) from error
    return plan.jobs


def keep_record(source: Source, target: str, *, digest: str = "", is_removal: bool = False) -> str:
    """Keep on GitHub what was done; why that could not be, where it could not: what is done stays done."""
    if source.revision.endswith("+") or not source.revision:
        return "it is no commit: files have changed since the last one"
    done = Record(
        pipeline=source.folder.name,
        revision=source.revision,
        digest=digest,
        version=version("lakewright"),
        is_removal=is_removal,
    )
    try:
        with connected(access(source.root)) as github:
            record(github, target, done)
    except GitHubError as error:
        return str(error)
    return ""
