"""Which jobs there are: values found in the modules that a pipeline names. Deployments and runs use the same rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.errors.base import LakewrightError
from lakewright.errors.project import LoadError, ProjectError, UsageError
from lakewright.loading.objects import load, load_file, load_module
from lakewright.orchestration.pipeline import Pipeline as WiredPipeline
from lakewright.pipelines.job import Job
from lakewright.pipelines.pipeline import Pipeline
from lakewright.project.injection import find_injected, with_injected
from lakewright.project.repository import PipelineFolder, Repository
from lakewright.project.settings import injections_around, read_settings, setting_place
from lakewright.text.names import quoted
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType
    from typing import Any


@dataclass(frozen=True, slots=True)
class FoundJob:
    """A job or a pipeline, also one that is wired by hand, and where it was found."""

    module: str
    attribute: str
    job: Pipeline[..., Any] | WiredPipeline
    pipeline: PipelineFolder | None = None

    @property
    def reference(self) -> str:
        """The name under which a person finds it."""
        return f"{self.module}:{self.attribute}"

    @property
    def is_deployed(self) -> bool:
        """Whether it is a job, not only a pipeline."""
        return isinstance(self.job, Job)

    @property
    def is_only_a_part(self) -> bool:
        """Whether it takes data, so that it runs in other pipelines alone."""
        return isinstance(self.job, Pipeline) and self.job.is_only_a_part


def jobs_of(folder: PipelineFolder) -> tuple[FoundJob, ...]:
    """Every job of a pipeline folder, and every pipeline that is not deployed, in the order of its modules.

    Raises:
        LoadError: a module does not import; the error names it.
        ProjectError: its modules hold no job.
    """
    found, broken = jobs_that_load(folder)
    for error in broken:
        raise error
    return found


def jobs_that_load(folder: PipelineFolder) -> tuple[tuple[FoundJob, ...], tuple[LakewrightError, ...]]:
    """The jobs of a pipeline folder as `jobs_of` gives them, and why modules of it do not import.

    Raises:
        LoadError: what is put into each job is not there.
        ProjectError: its modules hold no job.
    """
    modules = read_settings(folder).modules
    every: list[FoundJob] = []
    broken: list[LakewrightError] = []
    for name in modules:
        try:
            every += _in_module(_loaded(name, folder), name, folder)
        except LakewrightError as error:  # noqa: PERF203  each module fails by itself
            broken.append(error)
    # One job may stand in several modules.
    found = tuple({id(each.job): each for each in reversed(every)}.values())[::-1]
    if not found and not broken:
        raise ProjectError(
            f"pipeline '{folder.name}' has no job in {quoted(modules)}",
            hint="Write a @job function there, or name its modules in pyproject.toml: [tool.lakewright] modules = […].",
        )
    return _with_injected(found, folder.path), tuple(broken)


def _with_injected(found: Sequence[FoundJob], place: Path) -> tuple[FoundJob, ...]:
    """Jobs with what the settings around a place put into each.

    Raises:
        LoadError: there is no such task.
        ProjectError: it is none, or does not take its arguments.
    """
    if not any(isinstance(each.job, Job) for each in found):
        return tuple(found)
    tasks = [find_injected(each) for each in injections_around(place)]
    return tuple(
        replace(each, job=with_injected(each.job, tasks)) if isinstance(each.job, Job) else each for each in found
    )


def _loaded(name: str, folder: PipelineFolder) -> ModuleType:
    try:
        return load_module(name)
    except LoadError as error:
        # An error inside a module has its place there; the name of one that is not there stands in the settings.
        error.location = error.location or setting_place(folder, "modules")
        raise


def _in_module(module: ModuleType, name: str, folder: PipelineFolder | None) -> list[FoundJob]:
    return [
        FoundJob(name, attribute, value, folder)
        for attribute, value in vars(module).items()
        if isinstance(value, Pipeline)
    ]


def _meant(found: Iterable[FoundJob]) -> tuple[FoundJob, ...]:
    """What someone means who names none: the jobs; a pipeline that is not deployed is part of others, or named."""
    every = tuple(found)
    jobs = tuple(each for each in every if each.is_deployed)
    return jobs or tuple(each for each in every if not each.is_only_a_part)


def resolve(reference: str | None, here: Path) -> tuple[FoundJob, ...]:
    """The jobs that a reference on the command line means.

    Args:
        reference: `FILE.py:NAME`, `package.module:name`, a pipeline, a job; None for all jobs around `here`.
        here: the working directory.

    Raises:
        UsageError: it means none, or several.
    """
    if reference is not None and ":" in reference:
        return (_by_place(reference),)
    repository = Repository.around(here)
    folders = repository.here(here)
    if reference is None:
        return _meant(job for folder in folders for job in jobs_of(folder))
    named = {folder.name: folder for folder in repository.pipelines}
    if reference in named:
        return _meant(jobs_of(named[reference]))
    return (_by_name(reference, folders, known=tuple(named)),)


def resolve_sound(reference: str | None, here: Path) -> tuple[tuple[FoundJob, ...], tuple[LakewrightError, ...]]:
    """The jobs that a reference means, and why others that it means cannot run: they do not load, or not trace.

    Args:
        reference: as for `resolve`.
        here: the working directory.

    Raises:
        UsageError: it means none, or several.
        LakewrightError: what it names by itself does not load.
    """
    if reference is None:
        loaded, broken = _jobs_that_load(Repository.around(here).here(here))
        found = list(_meant(loaded))
    else:
        found, broken = list(resolve(reference, here)), []
    sound: list[FoundJob] = []
    for each in found:
        try:
            _ = each.job.dag
            sound.append(each)
        except LakewrightError as error:  # noqa: PERF203  each job fails by itself
            broken.append(error)
    return tuple(sound), tuple(broken)


def _by_place(reference: str) -> FoundJob:
    place, _, name = reference.rpartition(":")
    if place.endswith(".py"):
        module = load_file(place)
        found: object = getattr(module, name, None)
        if found is None:
            jobs = [job.attribute for job in _in_module(module, place, None)]
            raise UsageError(f"there is no '{name}' in {place}{did_you_mean(name, jobs)}")
    else:
        found = load(reference)
    if not isinstance(found, (Pipeline, WiredPipeline)):
        hint = "Name a function with @job or @pipeline, or a Pipeline that is wired by hand."
        raise UsageError(f"'{reference}' is not a job but a {type(found).__name__}", hint=hint)
    (meant,) = _with_injected([FoundJob(place, name, found)], Path(found.body.file).parent)
    return meant


def _by_name(name: str, folders: tuple[PipelineFolder, ...], *, known: tuple[str, ...]) -> FoundJob:
    jobs, broken = _jobs_that_load(folders)
    matching = [found for found in jobs if name in {found.job.name, found.attribute}]
    if len(matching) > 1:
        places = ", ".join(found.reference for found in matching)
        raise UsageError(f"'{name}' means several jobs: {places}", hint="Name one of these.")
    if not matching:
        choices = (*known, *(found.attribute for found in jobs))
        left_out = ["What does not load was left out:", *map(str, broken)] if broken else []
        raise UsageError(
            f"there is no pipeline or job '{name}'{did_you_mean(name, choices)}", hint="\n".join(left_out)
        ) from next(iter(broken), None)
    return matching[0]


def _jobs_that_load(folders: Iterable[PipelineFolder]) -> tuple[list[FoundJob], list[LakewrightError]]:
    """The jobs of pipelines, and the errors of those that do not load: one pipeline must not stop the others."""
    jobs: list[FoundJob] = []
    broken: list[LakewrightError] = []
    for folder in folders:
        try:
            jobs += jobs_of(folder)
        except LakewrightError as error:  # noqa: PERF203  each pipeline fails by itself
            broken.append(error)
    return jobs, broken
