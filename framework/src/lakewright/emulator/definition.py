"""A job definition as the emulator understands it: what is left when every field has been judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from lakewright.model.states import Rule, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.judging import Need

# What `max_retries: -1` comes to here: a machine that somebody waits for has to give up at some point.
UNLIMITED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """When another attempt follows a failed one.

    Attributes:
        more: attempts after the first; None for as many as it takes.
        interval: seconds from the start of an attempt to the start of the next, at least.
        on_timeout: whether an attempt that took too long is followed by another.
    """

    more: int | None = 0
    interval: float = 0.0
    on_timeout: bool = False

    def wait(self, attempt: int, state: State, seconds: float) -> float | None:
        """Seconds until the next attempt after a failed one; None when there is none.

        >>> Retries(more=1, interval=5).wait(1, State.FAILED, seconds=2.0)
        3.0
        >>> Retries(more=1).wait(1, State.TIMED_OUT, seconds=2.0) is None
        True
        """
        if state is State.TIMED_OUT and not self.on_timeout:
            return None
        more = UNLIMITED if self.more is None else self.more
        return max(0.0, self.interval - seconds) if attempt <= more else None


@dataclass(frozen=True, slots=True)
class Process:
    """A task that starts `lakewright-run` with these arguments."""

    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A task that compares two texts."""

    left: str
    operator: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForEach:
    """A task that starts another one for each element of a JSON array."""

    inputs: str
    inner: EmulatedTask
    concurrency: int = 1


@dataclass(frozen=True, slots=True)
class Started:
    """A task that starts another job of the bundle and waits for its end.

    Attributes:
        job: its key in the bundle.
        parameters: names and texts of its parameters.
    """

    job: str
    parameters: tuple[tuple[str, str], ...] = ()


Work: TypeAlias = "Process | Condition | ForEach | Started"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatedTask:
    """One task: what it does, when, and how often.

    Attributes:
        timeout: seconds after which an attempt (of a for-each: the whole) is ended; None for no limit.
    """

    key: str
    work: Work
    needs: tuple[Need, ...] = ()
    rule: Rule = Rule.ALL_SUCCESS
    timeout: float | None = None
    retries: Retries = Retries()


@dataclass(frozen=True, kw_only=True)
class EmulatedJob:
    """One job.

    Attributes:
        parameters: names and defaults, in which the platform fills references in.
        timeout: seconds after which a run is ended; None for no limit.
    """

    name: str
    tasks: tuple[EmulatedTask, ...]
    parameters: tuple[tuple[str, str], ...] = ()
    timeout: float | None = None

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Tasks that nothing hangs on: they decide the platform's status of a run."""
        needed = {need.key for task in self.tasks for need in task.needs}
        return tuple(task.key for task in self.tasks if task.key not in needed)
