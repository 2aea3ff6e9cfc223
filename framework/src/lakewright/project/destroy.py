"""A pipeline whose folder is gone, taken away from a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import yaml

from lakewright.errors.deploying import CliFailedError, NotDeployedError
from lakewright.errors.project import UsageError
from lakewright.io.local import PIPELINE_FILE
from lakewright.project.bundle_cli import ABSENT
from lakewright.project.bundle_names import same_bundle
from lakewright.project.deploy import Source, is_own_copy, keep_record
from lakewright.project.git import said
from lakewright.project.past import as_deployed
from lakewright.project.records import Record
from lakewright.project.repository import PIPELINES, Repository

if TYPE_CHECKING:
    from pathlib import Path

    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.deploy import Destination
    from lakewright.project.repository import PipelineFolder


def check_removed(root: Path, pipeline: str, target: str) -> None:
    """Nothing, if a pipeline has no folder any more.

    Raises:
        UsageError: it has one, so that the next deploy would bring it back.
    """
    if pipeline in {folder.name for folder in Repository(root).pipelines}:
        raise UsageError(
            f"{PIPELINES}/{pipeline} is still there: the next deploy would bring '{pipeline}' back to '{target}'",
            hint="Remove the folder and merge that; then take it away here. To do it all the same: --force.",
        )


def last_state(root: Path, pipeline: str, recorded: Record | None) -> Record:
    """What there is to take away: the deploy that is recorded, else the last commit that had the pipeline.

    Raises:
        NotDeployedError: it never was in this history.
    """
    if recorded:
        return recorded
    file = f"{PIPELINES}/{pipeline}/{PIPELINE_FILE}"
    commit = said(root, "log", "-1", "--diff-filter=AMRC", "--format=%H", "--", file)
    if not commit:
        raise NotDeployedError(
            f"there never was a pipeline '{pipeline}' in this history",
            hint="Is the clone shallow? git fetch --unshallow",
        )
    return Record(pipeline=pipeline, revision=commit)


class Removal(NamedTuple):
    """What has come of it.

    Attributes:
        heir: the pipeline that has the bundle now, so that nothing was taken away; empty where it has none.
        unrecorded: why it is not recorded; empty if it is.
    """

    heir: str
    unrecorded: str


def destroy(root: Path, gone: Record, target: str, *, cli: BundleCli) -> Removal:
    """Take a pipeline's resources away from a target, and record that.

    Where its folder was only renamed, its bundle is that of another pipeline, whose jobs they are: they stay.

    Args:
        root: of the repository.
        gone: what there is to take away.
        target: where.
        cli: the Databricks CLI.

    Raises:
        DeployError: the Databricks CLI fails.
        UsageError: at that commit there was no such target.
    """
    # Its wheels are not needed to take it away.
    state = Record(pipeline=gone.pipeline, revision=gone.revision)
    with as_deployed(root, state, target, cli=cli) as to:
        others = (folder for folder in Repository(root).pipelines if folder.name != gone.pipeline)
        heir = same_bundle(to.folder, others)
        if not heir:
            _take_away(to)
        source = Source(folder=to.folder, root=root, revision=gone.revision)
        return Removal(heir, "" if is_own_copy(to) else keep_record(source, target, is_removal=True))


def _take_away(to: Destination) -> None:
    """Delete what a bundle has, also where its code needs packages that went with it from the workspace.

    What there is stands in the bundle's state. Source: `bundle/phases/destroy.go` in https://github.com/databricks/cli.
    """
    try:
        to.cli.do(to.folder.path, "destroy", "--auto-approve", target=to.target)
    except CliFailedError as error:
        if not ABSENT.search(error.said):
            raise
        to.cli.tell("  its code needs what is not installed here any more; it is taken away without it")
        _leave_code_aside(to.folder)
        to.cli.do(to.folder.path, "destroy", "--auto-approve", target=to.target)


def _leave_code_aside(folder: PipelineFolder) -> None:
    """Have a bundle, in a work tree that is thrown away, run no Python."""
    file = folder.path / PIPELINE_FILE
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content.pop("python", None)
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
