"""A workspace as bundles see it: what is deployed there, and the plan that leads from it to a bundle.

The shapes are those of the CLI's direct engine: `bundle/deployplan/plan.go` and `acceptance/bundle/resources/jobs/` in
https://github.com/databricks/cli.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

PLAN_VERSION: Final = 2
# Fields that make a new resource of an old one: `recreate_on_changes` in bundle/direct/dresources/resources.yml.
RECREATED_BY: Final[Mapping[str, frozenset[str]]] = {
    "schemas": frozenset(["catalog_name", "name", "storage_root"]),
    "volumes": frozenset(["catalog_name", "schema_name", "storage_location", "volume_type"]),
}
# Jobs are not among them: a deploy deletes jobs without a question (`deployApprovalGroups` in bundle/phases/deploy.go).
ASKED_FOR: Final = frozenset(["schemas", "pipelines", "volumes", "dashboards"])

Resources = dict[str, Any]
Plan = dict[str, Any]


@dataclass
class Deployed:
    """A bundle's state at one root path, and what is really there: somebody may have changed or deleted it."""

    lineage: str
    serial: int = 0
    state: Resources = field(default_factory=dict)
    remote: Resources = field(default_factory=dict)


@dataclass(frozen=True)
class Workspace:
    """What all bundles have deployed, kept in a folder."""

    folder: Path

    def file(self, host: str, root: str) -> Path:
        return self.folder / f"{quote(f'{host}{root}', safe='')}.json"

    def read(self, host: str, root: str) -> Deployed | None:
        """What is deployed at a root path; None where nothing is."""
        file = self.file(host, root)
        return Deployed(**json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None

    def write(self, host: str, root: str, resources: Resources) -> None:
        """Deploy resources: the state says so, and so it is."""
        before = self.read(host, root) or Deployed(str(uuid5(NAMESPACE_URL, f"{host}{root}")))
        self._keep(self.file(host, root), Deployed(before.lineage, before.serial + 1, resources, resources))

    def remove(self, host: str, root: str) -> None:
        self.file(host, root).unlink(missing_ok=True)

    def edit(self, resource: str, **fields: Any) -> None:  # noqa: ANN401  any field of a resource
        """Change a deployed resource by hand, wherever it is deployed."""
        for file, deployed in self._with(resource):
            deployed.remote = {**deployed.remote, resource: {**deployed.remote[resource], **fields}}
            self._keep(file, deployed)

    def delete(self, resource: str) -> None:
        """Delete a deployed resource by hand."""
        for file, deployed in self._with(resource):
            deployed.remote = {key: value for key, value in deployed.remote.items() if key != resource}
            self._keep(file, deployed)

    def everything(self) -> list[Deployed]:
        """All that is deployed."""
        return [deployed for _, deployed in self._all()]

    def _with(self, resource: str) -> Iterator[tuple[Path, Deployed]]:
        return ((file, deployed) for file, deployed in self._all() if resource in deployed.remote)

    def _all(self) -> Iterator[tuple[Path, Deployed]]:
        for file in sorted(self.folder.glob("*.json")):
            yield file, Deployed(**json.loads(file.read_text(encoding="utf-8")))

    def _keep(self, file: Path, deployed: Deployed) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(vars(deployed), indent=1), encoding="utf-8")


def job_id(key: str) -> int:
    """The id of a deployed job, by its key in the bundle: the same each time."""
    return crc32(key.encode())


def plan(resources: Resources, deployed: Deployed | None, *, version: str) -> Plan:
    """What a deployment would do, as `bundle plan -o json` writes it."""
    before = deployed or Deployed("")
    entries = {key: _entry(key, new, before) for key, new in resources.items()}
    for key in before.state.keys() - resources.keys():
        gone = key not in before.remote
        entries[key] = {"action": "delete", **({"gone": True} if gone else {"remote_state": before.remote[key]})}
    known = {"lineage": before.lineage, "serial": before.serial} if deployed else {}
    content = {f"resources.{key}": entries[key] for key in sorted(entries)}
    return {"plan_version": PLAN_VERSION, "cli_version": version, **known, "plan": content}


def _entry(key: str, new: Any, before: Deployed) -> dict[str, Any]:  # noqa: ANN401  a definition
    if key not in before.remote:
        return {"action": "create", "new_state": {"value": new}}
    remote = before.remote[key]
    changes = dict(_changes(before.state.get(key), new, remote))
    if not changes:
        return {"action": "skip", "remote_state": remote}
    recreated = RECREATED_BY.get(key.partition(".")[0], frozenset()) & changes.keys()
    action = "recreate" if recreated else "update"
    return {"action": action, "new_state": {"value": new}, "remote_state": remote, "changes": changes}


def _changes(old: object, new: object, remote: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """The fields that differ, by their path, old and new and what is there."""
    olds, news, remotes = (dict(_fields(value)) for value in (old, new, remote))
    for path in sorted(olds.keys() | news.keys() | remotes.keys()):
        values = {"old": olds.get(path), "new": news.get(path), "remote": remotes.get(path)}
        if values["new"] != values["remote"] or values["new"] != values["old"]:
            yield path, {"action": "update", **{name: value for name, value in values.items() if value is not None}}


def _fields(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from _fields(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for index, part in enumerate(value):
            name = f"task_key='{part['task_key']}'" if isinstance(part, dict) and "task_key" in part else str(index)
            yield from _fields(part, f"{path}[{name}]")
    else:
        yield path, value


def applied(content: Plan, resources: Resources) -> Resources:
    """What is deployed once a plan is carried out."""
    chosen = {key.removeprefix("resources."): entry for key, entry in content["plan"].items()}
    new = {key: entry["new_state"]["value"] for key, entry in chosen.items() if "new_state" in entry}
    kept = {key: resources[key] for key, entry in chosen.items() if entry["action"] == "skip"}
    return {**kept, **new}
