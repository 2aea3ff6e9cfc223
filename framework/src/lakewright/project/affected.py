"""Which pipelines a change concerns, and why: what cannot be told apart concerns all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lakewright.errors.git import ShallowCloneError, UnknownRevisionError
from lakewright.io.local import PIPELINE_FILE, PROJECT_FILE
from lakewright.project.changed import changed_from, changed_since
from lakewright.project.locked import LOCK, Locked, locked_changes
from lakewright.project.packages import FRAMEWORK, closures, injected_modules, named_packages, read_packages
from lakewright.project.repository import PIPELINES, PRICES_FILE
from lakewright.project.trees import CommitTree, WorkTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.project.changed import Changed
    from lakewright.project.packages import Package

FORMAT: Final = "lakewright-affected/1"
# What concerns every pipeline, first of all because it may; in the order in which it is looked at.
_FOR_ALL: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(rf"{FRAMEWORK}(/.*)?"), "every pipeline carries the framework"),
    (re.compile(re.escape(PROJECT_FILE)), "every pipeline is deployed to these targets"),
    (re.compile(r"pyproject\.toml"), "the workspace's settings are those of every pipeline"),
    (re.compile(r"(\.\./)*\.github/(workflows|actions)/.*"), "it says how every pipeline is tested and deployed"),
)
_UNKNOWN: Final = "it lies outside of all packages, so any pipeline may read it"
# What nothing is built from, unless a package links to it or names it.
_FOR_NONE: Final = re.compile(
    rf"{re.escape(PRICES_FILE)}|"
    r"\.\./.*|docs/.*|\.github/.*|\.vscode/.*|\.idea/.*|\.editorconfig|(.*/)?CODEOWNERS|(.*/)?LICEN[CS]E[^/]*|.*\.md"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a pipeline is concerned.

    Attributes:
        path: what has changed; empty where it is not about a file.
        what: in words.
        through: the folders from the pipeline to the package that the file belongs to; none for what is for all.
    """

    path: str = ""
    what: str
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Pipelines by name, sorted: those that a change concerns, why; those that it does not; those that are no more."""

    pipelines: Mapping[str, tuple[Reason, ...]]
    unaffected: tuple[str, ...]
    removed: tuple[str, ...]


def merged(*found: Affected) -> Affected:
    """What is affected in any of these, with all reasons.

    >>> one = Affected(pipelines={"flights": (Reason(what="new"),)}, unaffected=("sales",), removed=())
    >>> other = Affected(pipelines={"sales": ()}, unaffected=("flights",), removed=("old",))
    >>> both = merged(one, other)
    >>> tuple(both.pipelines), both.unaffected, both.removed
    (('flights', 'sales'), (), ('old',))
    """
    names = sorted({name for each in found for name in each.pipelines})
    reasons = {name: [why for each in found for why in each.pipelines.get(name, ())] for name in names}
    pipelines = {name: tuple(dict.fromkeys(whys)) for name, whys in reasons.items()}
    others = {name for each in found for name in each.unaffected}
    removed = sorted({name for each in found for name in each.removed})
    unaffected = tuple(sorted(others - pipelines.keys()))
    return Affected(pipelines=pipelines, unaffected=unaffected, removed=tuple(removed))


def report(affected: Affected, since: str) -> dict[str, object]:
    """What is affected, as `lakewright-affected/1`: JSON for other commands and tools.

    Args:
        affected: what was found.
        since: what it was compared with.
    """
    pipelines = [
        {"pipeline": name, "reasons": [{"path": each.path, "what": each.what, "through": each.through} for each in why]}
        for name, why in affected.pipelines.items()
    ]
    apart = {"unaffected": affected.unaffected, "removed": affected.removed}
    return {"format": FORMAT, "since": since, "affected": pipelines, **apart}


def affected_since(root: Path, base: str) -> Affected:
    """What has changed since the history of `base` and this one parted, work that is not committed included.

    Args:
        root: of the repository.
        base: a branch, tag or commit.

    Raises:
        GitError: there is no git, or no commit that both come from, or it was not fetched.
        ProjectError: a `pyproject.toml` is not TOML.
        UnknownRevisionError: there is no such commit.
    """
    changed = changed_since(root, base)
    present = _present(root)
    gone = _removed(root, changed.commits, present)
    return _decided(root, changed, present, gone=gone)


def affected_on(root: Path, revisions: Mapping[str, str], *, otherwise: str) -> Affected:
    """What has changed since each pipeline was last deployed; what is not known to be deployed is concerned.

    Args:
        root: of the repository.
        revisions: the commit that each pipeline was last deployed from, by its name.
        otherwise: why a pipeline has none.

    Raises:
        GitError: there is no git, or the folder is in no repository of it.
        ProjectError: a `pyproject.toml` is not TOML.
    """
    present = _present(root)
    names = tuple(_name(package) for package in present if package.is_pipeline)
    never = (Reason(what=otherwise),)
    found: dict[str, tuple[Reason, ...]] = {name: never for name in names if name not in revisions}
    for commit in sorted({revisions[name] for name in names if name in revisions}):
        here = [name for name in names if revisions.get(name) == commit]
        found.update(_since_deploy(root, commit, here, present=present))
    return _sorted(found, names, sorted(set(revisions) - set(names)))


def _since_deploy(
    root: Path, commit: str, names: Sequence[str], *, present: Sequence[Package]
) -> Mapping[str, tuple[Reason, ...]]:
    try:
        changed = changed_from(root, commit)
    except (UnknownRevisionError, ShallowCloneError):
        return dict.fromkeys(names, (Reason(what=f"the commit it was last deployed from, {commit[:12]}, is not here"),))
    decided = _decided(root, changed, present, gone=_removed(root, changed.commits, present))
    return {name: decided.pipelines[name] for name in names if name in decided.pipelines}


def _present(root: Path) -> tuple[Package, ...]:
    """The packages that are here; what settings put into every job is imported by every pipeline."""
    tree = WorkTree.of(root)
    everywhere = injected_modules(tree)
    return tuple(
        replace(each, imports=each.imports | everywhere) if each.is_pipeline else each for each in read_packages(tree)
    )


def _removed(root: Path, commits: Iterable[str], present: Sequence[Package]) -> tuple[Package, ...]:
    """The pipelines that there were at a commit and are no more."""
    here = {package.folder for package in present if package.is_pipeline}
    found: dict[str, Package] = {}
    for commit in commits:
        there = CommitTree.of(root, commit, PIPELINES).files
        folders = [each.path.rpartition("/")[0] for each in there if each.path.endswith(f"/{PIPELINE_FILE}")]
        gone = [folder for folder in folders if folder.count("/") == 1 and folder not in here]
        if gone:
            packages = named_packages(CommitTree.of(root, commit, *gone))
            found.update((each.folder, each) for each in packages if each.is_pipeline)
    return tuple(found.values())


def _decided(root: Path, changed: Changed, present: Sequence[Package], *, gone: Sequence[Package]) -> Affected:
    locked = locked_changes(root, changed) if LOCK in changed.paths else Locked()
    pipelines = [package for package in present if package.is_pipeline]
    # Who still needs what is no more is concerned, so it stays among the packages.
    here = {package.folder for package in present}
    packages = (*present, *(package for package in gone if package.folder not in here))
    made_of, touched = closures(pipelines, packages), tuple(touches(packages, changed.paths))
    found = {_name(each): (*_reasons(made_of[each.folder], touched), *_of_lock(locked, each)) for each in pipelines}
    return _sorted(found, [_name(each) for each in pipelines], [_name(each) for each in gone])


def _sorted(found: Mapping[str, tuple[Reason, ...]], names: Iterable[str], removed: Iterable[str]) -> Affected:
    return Affected(
        pipelines={name: found[name] for name in sorted(found) if found[name]},
        unaffected=tuple(sorted(name for name in names if not found.get(name))),
        removed=tuple(sorted(removed)),
    )


def _name(package: Package) -> str:
    return package.folder.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Touch:
    """A path that has changed, and what it belongs to: one folder of a package, or every pipeline."""

    path: str
    folder: str | None
    what: str


def touches(packages: Sequence[Package], paths: Iterable[str]) -> Iterator[Touch]:
    """What each of some paths belongs to; nothing for a path that nothing is built from."""
    folders = {package.folder for package in packages}
    readers = [(read, package.folder) for package in packages for read in sorted(package.reads)]
    for path in paths:
        if path == LOCK:
            continue
        what = next((what for pattern, what in _FOR_ALL if pattern.fullmatch(path)), None)
        if what is not None:
            yield Touch(path, None, what)
            continue
        holders = {folder for folder in folders if _is_inside(path, folder)}
        reading = {folder for read, folder in readers if _is_inside(path, read)}
        yield from (Touch(path, folder, "") for folder in sorted(holders | reading))
        if not holders and not _FOR_NONE.fullmatch(path):
            yield Touch(path, None, _UNKNOWN)


def _is_inside(path: str, folder: str) -> bool:
    """Whether a path lies in a folder or is it; or is a submodule that the folder lies in."""
    return f"{path}/".startswith(f"{folder}/") or folder.startswith(f"{path}/")


def _reasons(made_of: Mapping[str, tuple[str, ...]], touched: Sequence[Touch]) -> Iterator[Reason]:
    for touch in touched:
        if touch.folder is None:
            yield Reason(path=touch.path, what=touch.what)
        elif touch.folder in made_of:
            way = made_of[touch.folder]
            yield Reason(path=touch.path, what=_need(way), through=way)


def _need(way: tuple[str, ...]) -> str:
    """What ties a pipeline to the last folder of a way.

    >>> _need(("pipelines/a",)), _need(("pipelines/a", "shared/geo", "shared/units"))
    ('its own file', 'it needs shared/units, by way of shared/geo')
    """
    *between, last = way[1:] or ("",)
    if not last:
        return "its own file"
    return f"it needs {last}" + (f", by way of {' and '.join(between)}" if between else "")


def _of_lock(locked: Locked, pipeline: Package) -> Iterator[Reason]:
    what = locked.concerns(pipeline.name)
    if what:
        yield Reason(path=LOCK, what=what)
