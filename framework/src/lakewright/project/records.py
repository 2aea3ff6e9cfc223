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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from lakewright.project.github import GitHub

_TASK: Final = "lakewright:"


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
    """The last successful deploy of each pipeline to a target, or of these; where GitHub cannot be asked, why."""
    try:
        with connected(access(root)) as github:
            return KnownDeploys(records=recorded(github, target, pipelines))
    except GitHubError as error:
        return KnownDeploys(records={}, unknown=str(error))


def recorded(github: GitHub, target: str, pipelines: Iterable[str] | None = None) -> Mapping[str, Record]:
    """The last successful deploy of each pipeline to a target; none of what was never deployed, or is removed.

    Args:
        github: asked for it.
        target: one of `targets.yml`.
        pipelines: those that matter; by default all that were ever deployed.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    wanted = None if pipelines is None else set(pipelines)
    found: dict[str, Record] = {}
    for deployment in _deployments(github, environment=target):
        name = deployment["task"].removeprefix(_TASK)
        if name in found or (wanted is not None and name not in wanted):
            continue
        found[name] = _record(deployment)
        if found.keys() == wanted:
            break
    return {name: found[name] for name in sorted(found) if not found[name].is_removal}


def history(github: GitHub, pipeline: str, target: str | None = None) -> Iterator[Record]:
    """The successful deploys of a pipeline to a target, or to any, the latest first.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    query = {"task": f"{_TASK}{pipeline}", **({"environment": target} if target else {})}
    yield from map(_record, _deployments(github, **query))


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


def _deployments(github: GitHub, **query: str) -> Iterator[dict[str, Any]]:
    """The deployments that lakewright has made, the latest first; those of workflows are left out."""
    for deployment in github.pages("deployments", **query):
        if str(deployment.get("task", "")).startswith(_TASK):
            yield deployment


def _record(deployment: Mapping[str, Any]) -> Record:
    payload = deployment.get("payload") or {}
    if isinstance(payload, str):
        payload = json.loads(payload)
    return Record(
        pipeline=deployment["task"].removeprefix(_TASK),
        revision=deployment["sha"],
        digest=str(payload.get("digest", "")),
        version=str(payload.get("version", "")),
        at=str(deployment.get("created_at", "")),
        is_removal=bool(payload.get("removed")),
    )
