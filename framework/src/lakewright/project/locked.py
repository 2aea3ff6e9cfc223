"""What has changed in `uv.lock`, and for which packages of the workspace."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lakewright.errors.project import ProjectError
from lakewright.project.toml import parse_toml
from lakewright.project.trees import CommitTree, WorkTree
from lakewright.text.names import some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from lakewright.project.changed import Changed

LOCK: Final = "uv.lock"
_EVERYWHERE: Final = "what is locked has changed for every pipeline"
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Which locked packages have changed, and what each package of the workspace leads to.

    Attributes:
        changed: names of packages whose entry is another.
        needs: names that the entry of each package names, now or before.
        everywhere: names that are everybody's: what the workspace itself and the framework lead to.
        is_unknown: it cannot be told apart.
    """

    changed: frozenset[str] = frozenset()
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    everywhere: frozenset[str] = frozenset()
    is_unknown: bool = False

    def concerns(self, name: str) -> str:
        """Why the lock file concerns a package of the workspace; empty when it does not."""
        if self.is_unknown or (self.changed and name not in self.needs) or self.changed & self.everywhere:
            return _EVERYWHERE
        found = sorted(self.changed & reached([name], self.needs))
        return f"it needs what is locked anew: {some(found, _SHOWN)}" if found else ""


def locked_changes(root: Path, changed: Changed) -> Locked:
    """The difference of the lock file here to that of what it is compared with."""
    now = WorkTree(root).content(LOCK)
    before = [CommitTree(root, commit).content(LOCK) for commit in changed.commits]
    if now is None or not before or None in before:
        return Locked(is_unknown=True)
    return compared(now, (text for text in before if text is not None))


def compared(now: bytes, before: Iterable[bytes]) -> Locked:
    """What differs between a lock file and earlier ones.

    Format: uv, "Structure of the lockfile": the entries of `package` hold all that is locked, and what stands beside
    them is about all of it.
    """
    try:
        versions = [parse_toml(text, LOCK) for text in (now, *before)]
    except ProjectError:
        return Locked(is_unknown=True)
    heads = [{key: value for key, value in version.items() if key != "package"} for version in versions]
    if any(head != heads[0] for head in heads):
        return Locked(is_unknown=True)
    entries = [_by_name(version) for version in versions]
    needs: defaultdict[str, set[str]] = defaultdict(set)
    for name, packages in (item for version in entries for item in version.items()):
        needs[name].update(_names(packages))
    names = {name for version in entries for name in version}
    roots = [name for name in names if any(_is_everybodys(package) for package in entries[0].get(name, ()))]
    return Locked(
        changed=frozenset(name for name in names if any(v.get(name) != entries[0].get(name) for v in entries)),
        needs={name: frozenset(found) for name, found in needs.items()},
        everywhere=reached(roots, needs),
    )


def runtime_versions(lock: bytes, name: str) -> Mapping[str, str]:
    """The versions of what a package of the workspace runs with, itself included; none for a lock file of no use.

    Where several versions are locked, for one platform or Python or another, all are named.
    """
    try:
        entries = _by_name(parse_toml(lock, LOCK))
    except ProjectError:
        return {}
    needs: defaultdict[str, set[str]] = defaultdict(set)
    for each, packages in entries.items():
        needs[each].update(need["name"] for package in packages for need in _needed(package, entries))
    versions = {
        each: ", ".join(sorted(str(package.get("version", "")) for package in entries[each])) for each in entries
    }
    return {each: versions[each] for each in sorted(reached([name], needs)) if each in versions}


def _needed(package: Mapping[str, Any], entries: Mapping[str, list[Any]]) -> Iterator[Mapping[str, Any]]:
    """What a package needs to run, with what extras of others add to them."""
    for need in package.get("dependencies", ()):
        yield need
        for other in entries.get(need["name"], ()):
            extras = other.get("optional-dependencies", {})
            yield from (each for extra in need.get("extra", ()) for each in extras.get(extra, ()))


def reached(start: Iterable[str], needs: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The names that some names lead to, themselves included."""
    found = list(dict.fromkeys(start))
    known = set(found)
    for name in found:
        further = [each for each in needs.get(name, ()) if each not in known]
        known.update(further)
        found += further
    return frozenset(known)


def _by_name(lock: Mapping[str, Any]) -> dict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for package in lock.get("package", ()):
        found[package["name"]].append(package)
    return dict(found)


def _is_everybodys(package: Mapping[str, Any]) -> bool:
    """Whether an entry is the workspace's own or the framework's."""
    source = package.get("source", {})
    return "." in {source.get("virtual"), source.get("editable")} or package["name"] == "lakewright"


def _names(value: object) -> Iterator[str]:
    """The names that an entry names, wherever it does."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "name" and isinstance(inner, str):
                yield inner
            else:
                yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)
