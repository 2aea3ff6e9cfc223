"""The packages that a pipeline runs with, as `uv.lock` has them: versions, and the sizes of wheels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from lakewright.dependencies.lock import best_wheel, counts
from lakewright.dependencies.platforms import WheelTarget, wheel_target
from lakewright.errors.authoring import SettingError
from lakewright.errors.project import ProjectError
from lakewright.errors.wheels import UnknownPythonError
from lakewright.model.compute import JobCluster, Serverless
from lakewright.project.locked import LOCK, reached
from lakewright.project.toml import parse_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from lakewright.model.compute import Compute

    Entries = Mapping[str, Sequence[Any]]

# Every compute runs Linux; which Python it has may not be known.
_USUAL: Final = WheelTarget()


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedWheel:
    """A package as it is locked.

    Attributes:
        version: where several are locked and it is not known which is meant, all of them.
        size: in bytes, of the wheel that fits the pipeline's compute; None where that is not known.
    """

    version: str
    size: int | None = None


def locked_packages(content: bytes | None) -> Entries:
    """The entries of a lock file by name; none of a file that is not there, or no TOML."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    try:
        for package in parse_toml(content or b"", LOCK).get("package", ()):
            found[package.get("name", "")].append(package)
    except ProjectError:
        return {}
    return found


def locked_wheels(
    packages: Entries, name: str, *, target: WheelTarget | None = None, provided: Collection[str] = ()
) -> Mapping[str, LockedWheel]:
    """What a package of the workspace runs with, itself included, by name.

    Args:
        packages: the entries of the lock file.
        name: of the package.
        target: what the wheels must fit; None where that is not known.
        provided: packages that the runtime brings, so that no wheel is taken along.
    """
    meant = {each: _of_target(entries, target) for each, entries in packages.items()}
    needs = {each: _needs(entries, meant, target or _USUAL, provided=provided) for each, entries in meant.items()}
    found = sorted(reached([name], needs) & packages.keys())
    return {each: _wheel(meant[each], target) for each in found}


def _needs(
    entries: Sequence[Mapping[str, Any]], packages: Entries, target: WheelTarget, *, provided: Collection[str]
) -> set[str]:
    """What a package needs to run on a target and nobody brings, with what extras of others add to them."""
    names: set[str] = set()
    extras: set[tuple[str, str]] = set()
    waiting = [need for entry in entries for need in entry.get("dependencies", ())]
    while waiting:
        need = waiting.pop()
        name = need["name"]
        if name in provided or not counts(need, target):
            continue
        names.add(name)
        further = {(name, extra) for extra in need.get("extra", ())} - extras
        extras |= further
        optional = [other.get("optional-dependencies", {}) for other in packages.get(name, ())]
        waiting += (each for _, extra in further for lists in optional for each in lists.get(extra, ()))
    return names


def _wheel(entries: Iterable[Mapping[str, Any]], target: WheelTarget | None) -> LockedWheel:
    every = tuple(entries)
    files = {_filename(file): file.get("size") for entry in every for file in entry.get("wheels", ())}
    best = best_wheel(files, target) if target else None
    return LockedWheel(
        version=", ".join(sorted(str(entry.get("version", "")) for entry in every)),
        size=files[best] if best else None,
    )


def _of_target(entries: Sequence[Mapping[str, Any]], target: WheelTarget | None) -> Sequence[Mapping[str, Any]]:
    """Of several versions that are locked, those that are meant for a target; all where that is not known."""
    if target is None:
        return entries
    meant = [
        entry
        for entry in entries
        if any(counts({"marker": marker}, target) for marker in entry.get("resolution-markers", ()))
    ]
    return meant or entries


def _filename(file: Mapping[str, Any]) -> str:
    """The name of a wheel's file, as the lock has it: by its URL, by its path, or by itself."""
    place = str(file.get("url") or file.get("path") or file.get("filename") or "")
    return unquote(place.partition("#")[0].partition("?")[0].rpartition("/")[2])


def target_of(jobs: Iterable[Mapping[str, Any]], settings: Mapping[str, Any]) -> WheelTarget | None:
    """What the wheels of a pipeline must fit, from its generated jobs and its settings; None where they do not agree.

    Args:
        jobs: the definitions.
        settings: `[tool.lakewright]` of the pipeline.
    """
    asked = {name: str(settings[name]) for name in ("python", "platform") if name in settings}
    try:
        targets = {wheel_target(compute, **asked) for job in jobs for compute in _computes(job)}
    except (UnknownPythonError, SettingError):
        return None
    return targets.pop() if len(targets) == 1 else None


def _computes(job: Mapping[str, Any]) -> Iterator[Compute]:
    for environment in job.get("environments", ()):
        yield Serverless(str(environment.get("spec", {}).get("environment_version")))
    for cluster in job.get("job_clusters", ()):
        new = cluster.get("new_cluster", {})
        yield JobCluster("", str(new.get("spark_version")), str(new.get("node_type_id")), 0)
