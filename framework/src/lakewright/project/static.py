"""Pipelines that are read from their files: nothing is imported, and what only an import could tell stays unknown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from lakewright.authoring.static.body import as_read
from lakewright.authoring.static.findings import findings
from lakewright.authoring.static.modules import Modules
from lakewright.authoring.unknown import Unknown
from lakewright.errors.authoring import StaticAnalysisError
from lakewright.errors.base import LakewrightError
from lakewright.errors.project import LoadError, UsageError
from lakewright.io.local import PIPELINE_FILE, PROJECT_FILE, find_above
from lakewright.model.diagnostics import Finding
from lakewright.model.job import JobDefinition
from lakewright.model.reference import Reference
from lakewright.pipelines.job import Job
from lakewright.pipelines.pipeline import Pipeline
from lakewright.project.check import check_jobs
from lakewright.project.injection import find_injected, with_injected
from lakewright.project.repository import PipelineFolder, Repository
from lakewright.project.settings import injections_around, read_settings
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import ModuleType
    from typing import Any

    from lakewright.project.injection import Injected
    from lakewright.project.settings import PlacedInjection

_UNKNOWN: Final = "Without --static its module is imported, and its body is traced where reading it does not do."

_UNTOLD: Final = f"A pipeline that is wired by hand is made by code that runs, which is not read.\n{_UNKNOWN}"


@dataclass(frozen=True, slots=True)
class ReadJob:
    """A job or a pipeline as its file has it."""

    module: str
    attribute: str
    job: Pipeline[..., Any]
    modules: Modules = field(repr=False)

    @property
    def is_deployed(self) -> bool:
        """Whether it is a job, not only a pipeline."""
        return isinstance(self.job, Job)

    @property
    def definition(self) -> JobDefinition:
        """All that pictures and checks need.

        Raises:
            StaticAnalysisError: its source does not tell.
            AuthoringError: the body does something that no DAG can say.
        """
        body = self.job.body
        try:
            dag = as_read(body, self.modules.sources).trace().dag
        except StaticAnalysisError as error:
            error.hint = error.hint or _UNKNOWN
            raise
        function = Reference.of(body.function)
        return JobDefinition(
            name=body.name, dag=dag, settings=self.job.settings, function=function, location=body.location
        )


@dataclass(frozen=True, slots=True)
class ReadPipeline:
    """What the files of a pipeline tell.

    Attributes:
        jobs: all jobs and pipelines of its modules.
        errors: what is wrong with its files.
        unknown: jobs and tasks that could not be told, also those that are put into each job.
        untold: the names of all that could not be told, such as pipelines that are wired by hand.
    """

    jobs: tuple[ReadJob, ...]
    errors: tuple[LakewrightError, ...]
    unknown: tuple[StaticAnalysisError, ...]
    untold: frozenset[str]


def read_pipeline(folder: PipelineFolder) -> ReadPipeline:
    """The jobs of a pipeline, read from its files.

    Raises:
        ProjectError: its settings cannot be read.
    """
    modules = _modules(folder.path)
    named = [_needed(modules, name) for name in read_settings(folder).modules]
    return _read([each for each in named if each is not None], modules, folder.path)


def _read(named: Sequence[ModuleType], modules: Modules, place: Path) -> ReadPipeline:
    """The jobs of modules, with what the settings around a place put into each, as far as the files tell."""
    found = [job for module in named for job in _jobs(module, modules)]
    # One job may stand in several modules.
    jobs = tuple({id(each.job): each for each in reversed(found)}.values())[::-1]
    injected = [each for each in map(partial(_injected, modules=modules), injections_around(place)) if each]
    return ReadPipeline(
        tuple(replace(each, job=with_injected(each.job, injected)) if each.is_deployed else each for each in jobs),
        tuple(modules.errors),
        tuple(modules.unknown),
        frozenset(name for each in named for name, value in vars(each).items() if isinstance(value, Unknown)),
    )


def _injected(placed: PlacedInjection, modules: Modules) -> Injected | None:
    try:
        return find_injected(placed, modules.named)
    except StaticAnalysisError as error:
        modules.unknown.append(error)
    except LakewrightError as error:
        modules.errors.append(error)
    return None


def _modules(start: Path) -> Modules:
    """The modules that code in a folder can import: its own, and those that the repository shares."""
    root = find_above(start, PROJECT_FILE)
    shared = sorted((root / "shared").glob("*/src")) if root else []
    roots = [start / "src", start, *shared, *([root] if root else [])]

    def find(name: str) -> Path | None:
        place = name.replace(".", "/")
        candidates = (each / f"{place}{end}" for each in roots for end in (".py", "/__init__.py"))
        return next((each for each in candidates if each.is_file()), None)

    return Modules(find)


def _needed(modules: Modules, name: str) -> ModuleType | None:
    module = modules.module(name)
    if module is None:
        modules.errors.append(LoadError(f"there is no file of the module '{name}' in this repository"))
    return module


def _jobs(module: ModuleType, modules: Modules) -> list[ReadJob]:
    named = vars(module).items()
    return [ReadJob(module.__name__, name, each, modules) for name, each in named if isinstance(each, Pipeline)]


def check_statically(folder: PipelineFolder) -> tuple[Finding, ...]:
    """Findings of every job of a pipeline, told from its files alone; what cannot be told is a warning."""
    try:
        read = read_pipeline(folder)
    except LakewrightError as error:
        return (Finding.from_error(error),)
    told = [_told(each) for each in read.jobs if each.is_deployed or not each.job.is_only_a_part]
    definitions = [each for each in told if isinstance(each, JobDefinition)]
    bodies = (finding for each in read.jobs for finding in findings(each.job.body, each.modules.sources))
    return (
        *map(Finding.from_error, read.errors),
        *(_unknown(error) for error in read.unknown),
        *(finding for each in told if not isinstance(each, JobDefinition) for finding in each),
        *check_jobs(definitions),
        *bodies,
    )


def _told(found: ReadJob) -> JobDefinition | tuple[Finding, ...]:
    """A job's definition, or why there is none."""
    try:
        return found.definition
    except LakewrightError as error:
        return tuple(map(_finding, (error, *error.more)))


def _finding(error: LakewrightError) -> Finding:
    return _unknown(error) if isinstance(error, StaticAnalysisError) else Finding.from_error(error)


def _unknown(error: StaticAnalysisError) -> Finding:
    return replace(Finding.from_error(error), code="unknown", severity="warning", hint=error.hint or _UNKNOWN)


def resolve_statically(reference: str | None, here: Path) -> tuple[ReadJob, ...]:
    """The jobs that a reference on the command line means, read from their files.

    Args:
        reference: `FILE.py:NAME`, `package.module:name`, a pipeline, a job; None for all jobs around `here`.
        here: the working directory.

    Raises:
        UsageError: it means none, or several.
        LakewrightError: what is wrong with the files that it means.
    """
    place, _, name = (reference or "").rpartition(":")
    if place.endswith(".py"):
        return (_only([_in_file(here / place)], name, place),)
    repository = Repository.around(here)
    folders = repository.here(here)
    named = {folder.name: folder for folder in repository.pipelines}
    if reference is not None and reference not in named:
        return (_only([read_pipeline(folder) for folder in folders], name, place),)
    read = [read_pipeline(folder) for folder in (folders if reference is None else [named[reference]])]
    _refuse(read)
    jobs = tuple(job for each in read for job in each.jobs)
    return tuple(each for each in jobs if each.is_deployed) or jobs


def _in_file(file: Path) -> ReadPipeline:
    if not file.is_file():
        raise LoadError(f"there is no file {file}")
    folder = find_above(file.resolve().parent, PIPELINE_FILE)
    modules = _modules(folder or file.resolve().parent)
    return _read([modules.read(file.stem, file)], modules, file.resolve().parent)


def _refuse(read: Iterable[ReadPipeline]) -> None:
    for error in (error for each in read for error in each.errors):
        raise error


def _only(read: Sequence[ReadPipeline], name: str, place: str) -> ReadJob:
    found = [job for each in read for job in each.jobs if place in {"", job.module} or place.endswith(".py")]
    meant = [each for each in found if name in {each.attribute, each.job.name}]
    if len(meant) == 1:
        return meant[0]
    if meant:
        places = ", ".join(f"{each.module}:{each.attribute}" for each in meant)
        raise UsageError(f"'{name}' means several jobs: {places}", hint="Name one of these.")
    # What is wrong may be why it is not there.
    _refuse(read)
    if any(name in each.untold for each in read):
        raise StaticAnalysisError(f"what '{name}' is cannot be told from its file", hint=_UNTOLD)
    known = did_you_mean(name, [each.attribute for each in found])
    raise UsageError(f"there is no job '{name}'{f' in {place}' if place else ''}{known}", hint=_UNKNOWN)
