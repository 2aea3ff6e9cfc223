"""The wheelhouse of a pipeline: what its lock names, and the wheels of its own projects, for its compute."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from lakewright.dependencies.build import build_wheel
from lakewright.dependencies.cache import cached, keep
from lakewright.dependencies.contents import FOLDER
from lakewright.dependencies.current import BuiltFrom, current_wheelhouse, read_built_from, set_current
from lakewright.dependencies.gather import BUILT, gather
from lakewright.dependencies.hashing import sha256_of
from lakewright.dependencies.lock import read_lock
from lakewright.dependencies.resolve import shortened
from lakewright.dependencies.runtimes import brought_by, replaced
from lakewright.dependencies.staging import staged
from lakewright.dependencies.uv import uv
from lakewright.dependencies.wheelhouse import assemble
from lakewright.errors.dependencies import ReplacedPackageError
from lakewright.errors.project import ProjectError
from lakewright.errors.wheels import ResolutionError, WheelhouseError
from lakewright.project.settings import read_settings, read_toml
from lakewright.project.wheel_inputs import has_changed, inputs_digest, project_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lakewright.dependencies.contents import Wheelhouse
    from lakewright.dependencies.index import Index
    from lakewright.dependencies.lock import Lock
    from lakewright.dependencies.platforms import WheelTarget
    from lakewright.dependencies.progress import Progress
    from lakewright.project.repository import PipelineFolder, Repository

_PROJECTS: Final = "projects"


class Wanted(NamedTuple):
    """What is asked of a build, beside the pipeline.

    Attributes:
        python: instead of what the compute says.
        platform: instead of what the machine type says.
        strict: wheels that take the place of the runtime's own packages are an error.
    """

    python: str | None = None
    platform: str | None = None
    strict: bool = False


class Built(NamedTuple):
    """A pipeline's wheelhouse, and whether anything had to be done for it."""

    wheelhouse: Wheelhouse
    is_new: bool


def build_wheelhouse(
    repository: Repository,
    folder: PipelineFolder,
    wanted: Wanted | None = None,
    *,
    index: Index,
    cache: Path,
    progress: Progress | None = None,
) -> Built:
    """The wheelhouse that a pipeline runs with, from the lock of its repository; nothing is done if it is there.

    Args:
        repository: the pipeline's.
        folder: the pipeline's.
        wanted: where it differs from what the pipeline says.
        index: where files come from; which ones, the lock says.
        cache: files that were fetched or built before.
        progress: who shows what is fetched.

    Raises:
        DependencyError: it cannot be built; the one from before stays.
        LakewrightError: a job does not load, so that nobody knows what it runs on.
    """
    wanted = wanted or Wanted()
    known = unchanged(repository, folder, wanted)
    if known is not None:
        return Built(known, is_new=False)
    # This reads the user's modules, which may import much.
    from lakewright.project.wheel_targets import aim_of

    aim = aim_of(folder, python=wanted.python, platform=wanted.platform)
    lock = locked(repository, folder, aim.target, index=index)
    gathered = gather(lock, cache=cache, index=index, progress=progress)
    own = _build_projects(lock.projects, cache, index)
    made = assemble(
        [*gathered.wheels, *own],
        folder.path / FOLDER,
        target=aim.target,
        origins={**gathered.origins, **dict.fromkeys(own, BUILT)},
    )
    runtime = brought_by(aim.computes)
    notes = tuple(replaced(made.wheels, runtime))
    if notes and wanted.strict:
        raise ReplacedPackageError(notes)
    told = replace(made, notes=notes, runtime=runtime)
    set_current(folder.path, told, built_from=_built_from(repository, lock.projects, wanted))
    found = current_wheelhouse(folder.path)
    assert found is not None  # noqa: S101  it was set a line above
    return Built(found, is_new=True)


def unchanged(repository: Repository, folder: PipelineFolder, wanted: Wanted) -> Wheelhouse | None:
    """The wheelhouse that is there, if nothing has changed that it was built from and all of it is there."""
    known = read_built_from(folder.path)
    if known is None or known.facts != _facts(wanted):
        return None
    if has_changed(repository.root, known):
        return None
    try:
        made = current_wheelhouse(folder.path)
    except WheelhouseError:
        # The folder was removed: it is built again.
        return None
    is_whole = made and made.files_are_there
    return made if is_whole else None


def locked(repository: Repository, folder: PipelineFolder, target: WheelTarget, *, index: Index) -> Lock:
    """What the lock of the repository says that a pipeline needs on a target.

    Raises:
        ResolutionError: the lock is out of date, or there can be none.
        NoWheelError: a package has no file for the target.
    """
    name = _distribution(folder)
    left_out = [f"--prune={package}" for package in read_settings(folder).provided]
    options = ("--no-dev", "--format=pylock.toml", "--no-header", "--no-annotate", "--quiet")
    ended = uv("export", f"--package={name}", *options, *left_out, index=index, cwd=repository.root)
    if ended.code:
        raise ResolutionError(
            f"the lock of the repository does not serve '{folder.name}':\n{shortened(ended.errors)}",
            hint="Bring it up to date: `uv lock`.",
        )
    return read_lock(ended.output, target, base=repository.root)


def _distribution(folder: PipelineFolder) -> str:
    file = folder.path / "pyproject.toml"
    name = read_toml(file).get("project", {}).get("name") if file.is_file() else None
    if not name:
        raise ProjectError(f"{file} gives the pipeline no name", hint='It needs [project] name = "…".')
    return str(name)


def _build_projects(projects: Sequence[Path], cache: Path, index: Index) -> list[Path]:
    """The wheels of projects, side by side; what was built from the same files is taken from the cache."""
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda project: _project_wheel(project, cache, index), projects))


def _project_wheel(project: Path, cache: Path, index: Index) -> Path:
    folder = cache / _PROJECTS / f"{project_digest(project)}-{sys.version_info.major}.{sys.version_info.minor}"
    for known in folder.glob("*/*.whl"):
        found = cached(folder, known.parent.name, known.name)
        if found:
            return found
    with staged(cache) as place:
        made = build_wheel(project, place, index=index, local=True)
        return keep(folder, sha256_of(made), made)


def _built_from(repository: Repository, projects: Sequence[Path], wanted: Wanted) -> BuiltFrom:
    facts = _facts(wanted)
    names = tuple(os.path.relpath(project, repository.root) for project in projects)
    return BuiltFrom(inputs=inputs_digest(repository.root, projects, facts=facts), projects=names, facts=facts)


def _facts(wanted: Wanted) -> tuple[str, ...]:
    return (f"python={wanted.python or ''}", f"platform={wanted.platform or ''}", f"strict={wanted.strict}")
