"""What a change makes of the jobs that are deployed: the definitions of two revisions, compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from lakewright.diagrams.changed import changed_picture
from lakewright.errors.project import UsageError
from lakewright.model.changes import JobChange, compare
from lakewright.project.affected import affected_since
from lakewright.project.changed import is_before_everything, merge_bases
from lakewright.project.costs import CostDiff, cost_diffs
from lakewright.project.generations import generations
from lakewright.project.locked import LOCK
from lakewright.project.locked_wheels import locked_packages, locked_wheels, target_of
from lakewright.project.packages import FRAMEWORK, normalised, read_packages
from lakewright.project.prices import read_prices
from lakewright.project.repository import PIPELINES
from lakewright.project.targets import read_targets
from lakewright.project.toml import parse_toml
from lakewright.project.trees import CommitTree, WorkTree, checked_out
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.model.prices import Prices
    from lakewright.project.affected import Affected
    from lakewright.project.generations import Generation
    from lakewright.project.locked_wheels import LockedWheel

PipelineChange: TypeAlias = Literal["added", "removed", "changed", "same"]
FORMAT: Final = "lakewright-diff/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDiff(JobChange):
    """What has changed of a job.

    Attributes:
        picture: of its graph with the changes in colours, as Mermaid; empty where no task has changed.
    """

    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelDiff:
    """A package that a pipeline runs with, whose locked version is another; None where it is not locked.

    Attributes:
        old_size: of the wheel before, in bytes; None where it is not known.
        new_size: of the wheel now.
    """

    name: str
    old: str | None = None
    new: str | None = None
    old_size: int | None = None
    new_size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineDiff:
    """What has changed of a pipeline.

    Attributes:
        jobs: all of it, those that are as they were too.
        wheels: the packages that have another version.
        wheels_before: what all wheels of packages come to, in bytes, as far as their sizes are known.
        wheels_now: the same, now.
        costs: of the jobs that cost something else; none where nobody has said any prices.
        files: what has changed of the files that it is made of.
        error: why its definitions cannot be made.
        error_before: why they could not be made before.
    """

    pipeline: str
    change: PipelineChange
    jobs: tuple[JobDiff, ...] = ()
    wheels: tuple[WheelDiff, ...] = ()
    wheels_before: int = 0
    wheels_now: int = 0
    costs: tuple[CostDiff, ...] = ()
    files: tuple[str, ...] = ()
    error: str = ""
    error_before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffReport:
    """What a change makes of the pipelines that it concerns.

    Attributes:
        base: what was compared with, as somebody named it.
        commit: the commit that this came to; empty for what there was before the first.
        target: that was generated for; None for the first.
        unaffected: the names of all other pipelines.
    """

    format: Literal["lakewright-diff/1"] = FORMAT
    base: str
    commit: str = ""
    target: str | None = None
    pipelines: tuple[PipelineDiff, ...] = ()
    unaffected: tuple[str, ...] = ()


def diff(root: Path, base: str, names: Sequence[str] = (), *, target: str | None = None) -> DiffReport:
    """What has changed of the jobs of pipelines since the history of `base` and this one parted.

    The definitions of the base are made from a temporary copy of its files, by its own framework, with the packages
    that are installed here. Code of both revisions runs: that of their jobs, of no task.

    Args:
        root: of the repository.
        base: a branch, tag or commit.
        names: of pipelines; by default all that are affected.
        target: that is generated for; by default the first.

    Raises:
        GitError: there is no git, or no commit that both come from, or it was not fetched.
        ProjectError: definitions cannot be made at all, or the prices cannot be read.
        UsageError: there is no such pipeline, target or commit.
    """
    if target is not None:
        read_targets(root)[0].target(target)
    found = affected_since(root, base)
    wanted, prices = _wanted(found, names), read_prices(root)
    commit = "" if is_before_everything(root, base) else merge_bases(root, base)[0]
    with _sides(root, commit, is_framework_equal=_is_framework_equal(found)) as (before, here):
        compared = tuple(_compared(before, here, wanted, target=target, prices=prices))
    pipelines = tuple(replace(each, files=_files(found, each.pipeline)) for each in compared)
    return DiffReport(base=base, commit=commit, target=target, pipelines=pipelines, unaffected=found.unaffected)


def _files(found: Affected, name: str) -> tuple[str, ...]:
    return tuple(reason.path for reason in found.pipelines.get(name, ()) if reason.path)


def _wanted(found: Affected, names: Sequence[str]) -> tuple[str, ...]:
    """The pipelines that are compared, by name.

    Raises:
        UsageError: there is none of a name, now or before.
    """
    known = {*found.pipelines, *found.unaffected, *found.removed}
    for name in names:
        if name not in known:
            raise UsageError(f"there is no pipeline '{name}'{did_you_mean(name, known)}")
    return tuple(sorted(set(names) or {*found.pipelines, *found.removed}))


def _is_framework_equal(found: Affected) -> bool:
    reasons = (reason for why in found.pipelines.values() for reason in why)
    return not any(reason.path.partition("/")[0] == FRAMEWORK for reason in reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """A tree of files, and where it lies.

    Attributes:
        framework: the folder of the framework that generates.
    """

    files: WorkTree
    framework: Path

    def generate(self, names: Sequence[str], target: str | None) -> Mapping[str, Generation]:
        """The definitions of those pipelines that there are."""
        packages = read_packages(self.files)
        here = {package.folder.rpartition("/")[2] for package in packages if package.is_pipeline}
        chosen = [name for name in names if name in here]
        return generations(self.files.folder, packages, chosen, target=target, framework=self.framework)

    def wheels(self, made: Mapping[str, Generation]) -> Mapping[str, Mapping[str, LockedWheel]]:
        """What each of some pipelines runs with, by name, as it is locked."""
        packages = locked_packages(self.files.content(LOCK))
        return {name: self._wheels(name, generation, packages) for name, generation in made.items()}

    def _wheels(
        self, pipeline: str, made: Generation, packages: Mapping[str, Sequence[Any]]
    ) -> Mapping[str, LockedWheel]:
        content = parse_toml(self.files.content(f"{PIPELINES}/{pipeline}/pyproject.toml") or b"", pipeline)
        name = normalised(str(content.get("project", {}).get("name", pipeline)))
        settings = content.get("tool", {}).get("lakewright", {})
        target = target_of(made.jobs.values(), settings)
        return locked_wheels(packages, name, target=target, provided=settings.get("provided", ()))


@contextmanager
def _sides(root: Path, commit: str, *, is_framework_equal: bool) -> Iterator[tuple[_Side | None, _Side]]:
    """What there was, if anything, and what is here."""
    here = _Side(files=WorkTree.of(root), framework=root / FRAMEWORK)
    if not commit:
        yield None, here
        return
    with checked_out(root, commit) as folder:
        files = WorkTree(folder, CommitTree.of(root, commit).files)
        # Bytes that are equal are compiled here already.
        yield _Side(files=files, framework=(root if is_framework_equal else folder) / FRAMEWORK), here


def _compared(
    before: _Side | None, here: _Side, names: Sequence[str], *, target: str | None, prices: Prices | None
) -> Iterator[PipelineDiff]:
    with ThreadPoolExecutor(max_workers=1) as pool:
        earlier = pool.submit(before.generate, names, target) if before else None
        after = here.generate(names, target)
        was = earlier.result() if earlier else {}
    old, new = before.wheels(was) if before else {}, here.wheels(after)
    for name in names:
        compared = _pipeline(name, was.get(name), after.get(name))
        locked = _locked(old.get(name, {}), new.get(name, {}))
        costs = _costs(compared, was.get(name), after.get(name), prices=prices) if prices else ()
        yield replace(compared, **locked, costs=tuple(costs))


def _costs(
    compared: PipelineDiff, before: Generation | None, after: Generation | None, *, prices: Prices
) -> Iterator[CostDiff]:
    was, now = before.jobs if before else {}, after.jobs if after else {}
    return cost_diffs(compared.pipeline, compared.jobs, before=was, after=now, prices=prices)


def _pipeline(name: str, before: Generation | None, after: Generation | None) -> PipelineDiff:
    told_before, told = (each.error if each else "" for each in (before, after))
    # What cannot be made is not compared: everything would look as if it had been removed, or added.
    is_comparable = not told and not told_before
    jobs = _jobs(before, after) if is_comparable else ()
    change: PipelineChange = "added" if before is None else "removed" if after is None else "changed"
    if change == "changed" and is_comparable and all(job.change == "same" for job in jobs):
        change = "same"
    return PipelineDiff(pipeline=name, change=change, jobs=jobs, error=told, error_before=told_before)


def _jobs(before: Generation | None, after: Generation | None) -> tuple[JobDiff, ...]:
    compared = compare(before.jobs if before else {}, after.jobs if after else {})
    return tuple(JobDiff(**_fields(each.change), picture=changed_picture(each)) for each in compared)


def _fields(change: JobChange) -> dict[str, Any]:
    return {field.name: getattr(change, field.name) for field in fields(change)}


def _locked(old: Mapping[str, LockedWheel], new: Mapping[str, LockedWheel]) -> dict[str, Any]:
    """What differs of wheels; nothing where a lock file, or the pipeline in it, is there on one side only."""
    if not old or not new:
        return {}
    return {"wheels": tuple(_wheels(old, new)), "wheels_before": _bytes(old), "wheels_now": _bytes(new)}


def _bytes(wheels: Mapping[str, LockedWheel]) -> int:
    return sum(wheel.size or 0 for wheel in wheels.values())


def _wheels(old: Mapping[str, LockedWheel], new: Mapping[str, LockedWheel]) -> Iterator[WheelDiff]:
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        if (was and was.version) != (now and now.version):
            yield WheelDiff(
                name=name,
                old=was.version if was else None,
                new=now.version if now else None,
                old_size=was.size if was else None,
                new_size=now.size if now else None,
            )
