"""What has changed in `uv.lock`, and for which packages of the workspace."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lakewright.project.trees import CommitTree, WorkTree
from lakewright.text.names import some

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from lakewright.project.changed import Changed

LOCK: Final = "uv.lock"
_EVERYWHERE: Final = "what is locked has changed for every pipeline"
_SHOWN: Final = 3
# As uv writes it. To read a large lock file as TOML takes a second; what is not written so is not told apart.
_ENTRY: Final = "[[package]]\n"
_NAME: Final = re.compile(r'name = "([^"]+)"\n')
_NAMED: Final = re.compile(r'\{ name = "([^"]+)"')
_ROOT: Final = re.compile(r'^source = \{ (?:virtual|editable) = "\." \}', re.MULTILINE)


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
    texts = [text.decode(errors="replace") for text in (now, *before) if text is not None]
    return compared(texts) if before and len(texts) == len(before) + 1 else Locked(is_unknown=True)


def compared(texts: Sequence[str]) -> Locked:
    """What differs between a lock file, the first, and earlier ones.

    Format: uv, "Structure of the lockfile": the entries of `package` hold all that is locked, and what stands before
    them is about all of it.
    """
    split = [text.split(_ENTRY) for text in texts]
    heads = {head for head, *_ in split}
    versions = [_by_name(entries) for _, *entries in split]
    if len(heads) > 1 or any(version is None for version in versions):
        return Locked(is_unknown=True)
    known = [version for version in versions if version is not None]
    needs: defaultdict[str, set[str]] = defaultdict(set)
    for name, entries in (item for version in known for item in version.items()):
        needs[name].update(_NAMED.findall("".join(entries)))
    now = known[0]
    roots = [name for name, entries in now.items() if name == "lakewright" or _ROOT.search("".join(entries))]
    return Locked(
        changed=frozenset(name for name in needs if any(version.get(name) != now.get(name) for version in known)),
        needs={name: frozenset(found) for name, found in needs.items()},
        everywhere=reached(roots, needs),
    )


def _by_name(entries: Iterable[str]) -> dict[str, list[str]] | None:
    """The texts of each package, of which there may be several versions; None for a form that uv does not write."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        match = _NAME.match(entry)
        if match is None:
            return None
        found[match[1]].append(entry.strip())
    return dict(found)


def reached(start: Iterable[str], needs: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The names that some names lead to, themselves included."""
    found = list(dict.fromkeys(start))
    known = set(found)
    for name in found:
        further = [each for each in needs.get(name, ()) if each not in known]
        known.update(further)
        found += further
    return frozenset(known)
