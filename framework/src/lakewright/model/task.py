"""A task of a DAG, and the settings it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lakewright.model.retry import NO_RETRY, Retry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.errors.base import Location
    from lakewright.model.binding import Argument
    from lakewright.model.compute import Compute
    from lakewright.model.loop import Loop
    from lakewright.model.reference import Reference
    from lakewright.model.resource import Resource

DEFAULT_RULE: Final = "all_success"
SERIAL: Final = "serial"
THREADS: Final = "threads"
PROCESSES: Final = "processes"
EXECUTORS: Final = (SERIAL, THREADS, PROCESSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSettings:
    """What a task's author chose beside the function.

    Attributes:
        timeout: seconds after which an attempt is ended; None for no limit.
        executor: how a run on one machine runs it (one of `EXECUTORS`); None for as the run does.
        run_if: the rule on its parents (`model.states.Rule`).
        compute: where it runs on Databricks; None for the job's own.
        resource: where it is meant to run, if a provider's resource says so.
        cache: whether a run on this machine may take its output from an earlier one.
        concurrency: how many iterations run side by side if the task is repeated; None for the default.
        starts: the name of a deployed job that it starts as a whole; empty for what is done here.
        databricks: any other field of the platform's task, as JSON.
    """

    retry: Retry = NO_RETRY
    timeout: float | None = None
    executor: str | None = None
    run_if: str = DEFAULT_RULE
    compute: Compute | None = None
    resource: Resource | None = None
    cache: bool = False
    tags: tuple[str, ...] = ()
    concurrency: int | None = None
    starts: str = ""
    databricks: str = "{}"


DEFAULTS: Final = TaskSettings()


@dataclass(frozen=True, slots=True)
class IoSpec:
    """How another process finds an IO manager: a reference to the object, or to its class with arguments.

    Attributes:
        arguments: keyword arguments as JSON of the typed codec; None when `reference` is the object itself.
    """

    reference: str
    arguments: str | None = None


class When(NamedTuple):
    """A condition task that must have come out so."""

    task: str
    outcome: bool

    @property
    def text(self) -> str:
        """The outcome as the platform calls it."""
        return "true" if self.outcome else "false"


@dataclass(frozen=True, slots=True)
class Task:
    """One node of a DAG.

    A condition task starts no process: it compares its arguments `left` and `right`. One that compares equal constants
    is a gate: it holds back what depends on it until its own rule is met.

    Attributes:
        after: keys of tasks that must end first although no data comes from them.
        io: where its output is kept; None for the default of the run.
        location: the call in the body; not part of equality.
        loop: the list for whose elements it is repeated; None for a task that runs once.
        when: outcomes of conditions that it wants.
        gated: tasks that it takes outputs of, if they run, and waits for through a gate.
        operator: of a condition task, what it compares by (`model.comparison`); empty for all others.
        packages_from: the key of the task that has made the packages which this one imports; empty for none.
    """

    key: str
    function: Reference
    arguments: tuple[Argument, ...] = ()
    after: tuple[str, ...] = ()
    settings: TaskSettings = DEFAULTS
    io: IoSpec | None = None
    description: str = ""
    location: Location | None = field(default=None, compare=False)
    loop: Loop | None = None
    when: tuple[When, ...] = ()
    gated: tuple[str, ...] = ()
    operator: str = ""
    packages_from: str = ""
