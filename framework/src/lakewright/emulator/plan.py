"""What an isolated run needs to know before it starts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from hashlib import sha256

from lakewright.emulator import processes
from lakewright.emulator.bundle import BundleValues
from lakewright.emulator.parsing import parse
from lakewright.emulator.references import MissingValueError, Scope, resolve
from lakewright.errors.authoring import ParameterError
from lakewright.errors.running import RunError
from lakewright.execution.environment import process_environment
from lakewright.execution.events import ignore
from lakewright.io.files import get

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.emulator.definition import EmulatedJob
    from lakewright.emulator.problems import Note
    from lakewright.execution.events import Listener
    from lakewright.io.paths import RunPaths
    from lakewright.model.record import CommitRecord


@dataclass(frozen=True, kw_only=True)
class IsolatedPlan:
    """All that an isolated run needs to know beforehand.

    Attributes:
        parameters: texts of the job's parameters.
        places: folders on this machine by the paths that they stand for, such as `/Volumes`.
        worker: the command to which a task's arguments are added.
        starts: of jobs that tasks start, by their keys in the bundle: the command to which parameters are added.
        max_workers: how many processes run side by side.
        listener: is told what happens, always from the thread that called `run`.
        digest: SHA-256 of the definition.
        kept: records of tasks that an earlier process of this run has done.
        tried: how many attempts earlier processes of this run have made, by task or iteration.
        fails_fast: whether nothing more starts once a task has failed.
    """

    job: EmulatedJob
    paths: RunPaths
    parameters: Mapping[str, str]
    started: datetime
    places: Mapping[str, str] = field(default_factory=dict)
    worker: tuple[str, ...] = field(default_factory=processes.worker)
    starts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=process_environment)
    max_workers: int = 4
    listener: Listener = ignore
    notes: tuple[Note, ...] = ()
    digest: str = ""
    kept: Mapping[str, CommitRecord] = field(default_factory=dict)
    tried: Mapping[str, int] = field(default_factory=dict)
    fails_fast: bool = False

    def __post_init__(self) -> None:
        if self.max_workers < 1:
            message = f"max_workers={self.max_workers} is not 1 or more"
            raise RunError(message)

    def scope(self, **moment: object) -> Scope:
        """What references stand for at a moment of the run."""
        return Scope(
            job=self.job.name,
            run_id=self.paths.run_id,
            started=self.started,
            parameters=self.parameters,
            value=self.task_value,
            **{"statuses": {}, **moment},  # type: ignore[arg-type]  # the caller's fields of a scope
        )

    def task_value(self, task: str, key: str) -> object:
        """A value that a task has set in this run, be it in an attempt that failed.

        Raises:
            MissingValueError: it has not.
        """
        content = get(self.paths.value(task, key))
        if content is None:
            raise MissingValueError(f"task '{task}' has set no value '{key}'")
        return json.loads(content)

    def placed(self, text: str) -> str:
        """An argument, with a path of the platform replaced by the one that stands for it here."""
        for place in sorted(self.places, key=len, reverse=True):
            if text == place or text.startswith(f"{place}/"):
                return self.places[place] + text[len(place) :]
        return text


def plan(
    definition: Mapping[str, object],
    *,
    paths: RunPaths,
    bundle: Mapping[str, object] | None = None,
    parameters: Mapping[str, str] | None = None,
    places: Mapping[str, str] | None = None,
    started: datetime | None = None,
    starts: Mapping[str, tuple[str, ...]] | None = None,
) -> IsolatedPlan:
    """The plan of one run of a definition.

    Args:
        definition: a job of a bundle's `resources.jobs`.
        paths: where workers keep what, by the job's name that their invocations carry.
        bundle: values of `${…}` by name, such as `var.catalog`.
        parameters: texts of job parameters; the others have their defaults.
        places: folders on this machine by the paths that they stand for; these may hold `${…}` too.
        started: the start of the run; now unless given.
        starts: commands that run jobs which tasks start, by their keys in the bundle.

    Raises:
        DefinitionError: the definition holds what cannot be executed here.
        ParameterError: the job has no such parameter.
    """
    jobs = {f"resources.jobs.{key}.id": key for key in starts or {}}
    values = BundleValues({**(bundle or {}), **jobs})
    parsed = parse(definition, values)
    given = dict(parameters or {})
    defaults = dict(parsed.job.parameters)
    for name in given:
        if name not in defaults:
            raise ParameterError.unknown(name, job=parsed.job.name, known=defaults)
    bare = IsolatedPlan(
        job=parsed.job,
        paths=paths,
        parameters={},
        started=started or datetime.now(timezone.utc),
        starts=starts or {},
        places={str(values.fill(place)): folder for place, folder in (places or {}).items()},
        notes=parsed.notes,
        digest=sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest(),
    )
    texts = {name: resolve(default, bare.scope()) for name, default in defaults.items()}
    return replace(bare, parameters={**texts, **given})
