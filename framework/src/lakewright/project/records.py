"""Which revision of which pipeline runs where: GitHub's deployments are the record of it.

A deployment of its own for each pipeline and target: environment = target, task = `lakewright:<pipeline>`. It is made
once the deploy has succeeded; its statuses, which are a request for each, are not asked.
Source: https://docs.github.com/rest/deployments.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lakewright.errors.github import GitHubError
from lakewright.project.github import access, connected
from lakewright.project.pipelines_ever import pipelines_ever

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from lakewright.project.github import GitHub

_TASK: Final = "lakewright:"
# Of so many pipelines each is asked for by itself; of more, first so many deployments of the target are read.
_FEW: Final = 10
_LATEST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One deploy that succeeded.

    Attributes:
        pipeline: its name.
        revision: the commit that was deployed.
        digest: of the wheelhouse that it runs with; empty where it has none.
        version: of lakewright.
        at: when, as GitHub says it.
        is_removal: whether the pipeline was taken away.
    """

    pipeline: str
    revision: str
    digest: str = ""
    version: str = ""
    at: str = ""
    is_removal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDeploys:
    """What is known to be deployed, by pipeline.

    Attributes:
        unknown: why nothing is known; empty if something is.
    """

    records: Mapping[str, Record]
    unknown: str = ""


def known_deploys(root: Path, target: str, pipelines: Iterable[str] | None = None) -> KnownDeploys:
    """The last successful deploy of each pipeline to a target, or of these; where GitHub cannot be asked, why.

    Raises:
        GitError: all are asked for, and there is no git.
    """
    names = tuple(pipelines_ever(root) if pipelines is None else pipelines)
    try:
        with connected(access(root)) as github:
            return KnownDeploys(records=recorded(github, target, names))
    except GitHubError as error:
        return KnownDeploys(records={}, unknown=str(error))


def recorded(github: GitHub, target: str, pipelines: Iterable[str]) -> Mapping[str, Record]:
    """The last successful deploy of each pipeline to a target; none of what was never deployed, or is removed.

    Years of deploys are not read: first comes what was deployed lately, and who is not among that is asked for alone.

    Args:
        github: asked for it.
        target: one of `targets.yml`.
        pipelines: their names.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    wanted = set(pipelines)
    found, is_all = _lately(github, target, wanted) if len(wanted) > _FEW else ({}, False)
    for name in () if is_all else sorted(wanted - found.keys()):
        last = next(history(github, name, target, per_page=1), None)
        found.update({name: last} if last else {})
    return {name: found[name] for name in sorted(found) if not found[name].is_removal}


def _lately(github: GitHub, target: str, wanted: set[str]) -> tuple[dict[str, Record], bool]:
    """The last deploy of pipelines that were deployed lately, and whether nothing is older."""
    found: dict[str, Record] = {}
    for number, deployment in enumerate(github.pages("deployments", environment=target), 1):
        name = _pipeline(deployment)
        if name in wanted and name not in found:
            found[name] = _record(deployment)
        if number == _LATEST or found.keys() == wanted:
            return found, False
    return found, True


def history(github: GitHub, pipeline: str, target: str | None = None, **query: str | int) -> Iterator[Record]:
    """The successful deploys of a pipeline to a target, or to any, the latest first.

    Args:
        github: asked for it.
        pipeline: its name.
        target: one of `targets.yml`.
        query: what else is asked of a deployment, such as its `sha`; or how many come in a page.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    where = {"task": f"{_TASK}{pipeline}", **({"environment": target} if target else {})}
    yield from map(_record, github.pages("deployments", **where, **query))


def record(github: GitHub, target: str, deploy: Record) -> None:
    """Keep that a deploy has succeeded.

    Raises:
        GitHubError: GitHub refuses, for instance because it does not have the commit, or cannot be reached.
    """
    payload = {"pipeline": deploy.pipeline, "digest": deploy.digest, "version": deploy.version}
    body = {
        "ref": deploy.revision,
        "task": f"{_TASK}{deploy.pipeline}",
        "environment": target,
        "auto_merge": False,
        "required_contexts": [],
        "payload": {**payload, **({"removed": True} if deploy.is_removal else {})},
        "description": f"{'remove' if deploy.is_removal else 'deploy'} {deploy.pipeline}",
    }
    made = github.post("deployments", body)
    # Others of the environment stay as they are: they are of other pipelines.
    status = {"state": "success", "auto_inactive": False}
    with suppress(GitHubError):  # It is on record; this is what GitHub's page shows of it.
        github.post(f"deployments/{made['id']}/statuses", status, is_repeatable=True)


def _pipeline(deployment: Mapping[str, Any]) -> str:
    """The pipeline that a deployment is of; empty for one of a workflow, which GitHub makes."""
    task = str(deployment.get("task", ""))
    return task.removeprefix(_TASK) if task.startswith(_TASK) else ""


def _record(deployment: Mapping[str, Any]) -> Record:
    payload = deployment.get("payload") or {}
    if isinstance(payload, str):
        payload = json.loads(payload)
    return Record(
        pipeline=_pipeline(deployment),
        revision=deployment["sha"],
        digest=str(payload.get("digest", "")),
        version=str(payload.get("version", "")),
        at=str(deployment.get("created_at", "")),
        is_removal=bool(payload.get("removed")),
    )
