"""Errors in what a user wrote: decorators, bodies, calls of tasks."""

from __future__ import annotations

from lakewright.errors.base import LakewrightError
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lakewright.errors.base import Location

_LONGEST_VALUE = 80


class AuthoringError(LakewrightError):
    """Something in a job or task definition cannot work."""


class SettingError(AuthoringError, TypeError, ValueError):
    """A setting of a decorator or config that does not exist or has the wrong type or value."""

    @classmethod
    def unknown(
        cls, owner: str, name: str, *, known: Iterable[str], hint: str = "", location: Location | None = None
    ) -> SettingError:
        """The setting does not exist."""
        return cls(f"{owner} got an unknown setting '{name}'{did_you_mean(name, known)}", hint=hint, location=location)

    @classmethod
    def wrong(
        cls, owner: str, name: str, value: object, *, wanted: str, location: Location | None = None
    ) -> SettingError:
        """The setting exists, its value cannot be."""
        return cls(f"{owner}: {name}={shown(value)} is not {wanted}", location=location)


class HandleError(AuthoringError, TypeError):
    """A task's future output was used as if it were data."""

    @classmethod
    def needs_value(cls, task: str, operation: str, *, returns: str = "", name: str = "") -> HandleError:
        """`operation` needs the value, which exists only when the job runs."""
        kind = f" ({returns})" if returns else ""
        return cls(
            f"{_subject(name)} is the future output of task '{task}'{kind}; {operation} needs its value",
            hint=f"Do it inside a task: write a @task function that takes the output of '{task}' and returns the\n"
            "result, and call that task here.",
        )

    @classmethod
    def element_needs_value(cls, task: str, operation: str, *, returns: str = "", name: str = "") -> HandleError:
        """`operation` needs the value of an element of a list that is looped over."""
        kind = f" ({returns})" if returns else ""
        return cls(
            f"{_subject(name)} is an element of the future output of task '{task}'{kind}; {operation} needs its value",
            hint=f"Do it inside the task that the loop repeats, or let '{task}' give only what is to be looped over.",
        )

    @classmethod
    def is_no_list(cls, task: str, *, returns: str = "", name: str = "") -> HandleError:
        """It is looped over or unpacked, and its type does not say that it can be."""
        kind = f" ({returns})" if returns else ""
        return cls(
            f"{_subject(name)} is the future output of task '{task}'{kind}; a loop or unpacking needs its value",
            hint=f"Annotate the return of '{task}' as list[…] to loop over it, or as tuple[…] to unpack it.",
        )

    @classmethod
    def condition_needs_value(cls, condition: str, operation: str) -> HandleError:
        """`operation` needs the outcome of a condition that a body can only branch on."""
        return cls(
            f"'{condition}' is known only when the job runs; {operation} needs its value",
            hint="Branch on it: if …, elif …, and, or, not. Anything else is done inside a task.",
        )

    @classmethod
    def parameter_needs_value(cls, name: str, operation: str) -> HandleError:
        """`operation` needs the value of a job parameter, which exists only when the job runs."""
        return cls(
            f"'{name}' is a job parameter, known only when the job runs; {operation} needs its value",
            hint=f"Pass '{name}' to a task and do it there.",
        )


class OutsideBodyError(AuthoringError):
    """A handle left the body that made it."""


class TraceError(AuthoringError):
    """A body could not be traced."""


class LoopError(TraceError):
    """A loop over a future list that no repeated task can say."""


class BranchError(TraceError):
    """A branch that no conditions of a DAG can say."""


class StaticAnalysisError(AuthoringError):
    """What a body does cannot be told from its source alone."""


class NestedJobError(AuthoringError):
    """A job was called or run inside the body of another."""


class ConstantError(AuthoringError, TypeError):
    """A constant in a call cannot be recorded."""


class CallError(AuthoringError, TypeError):
    """A task was called with arguments that its signature does not take."""


class AnnotationError(AuthoringError, NameError):
    """A type annotation that is needed names something that its module does not have at run time."""


class DuplicateKeyError(AuthoringError, ValueError):
    """Two tasks of one job, or two jobs of one project, were given the same name."""

    @classmethod
    def task(cls, key: str, *, location: Location | None, first: Location | None) -> DuplicateKeyError:
        """Two tasks with one explicit key."""
        where = f" (the first is at {first})" if first else ""
        return cls(
            f"task key '{key}' is given twice in one job{where}", location=location, hint="Name one of them otherwise."
        )


class UnknownTaskError(AuthoringError, KeyError):
    """A task key that the job does not have."""

    def __init__(self, key: str, *, known: Iterable[str], job: str = "", location: Location | None = None) -> None:
        owner = f" in job '{job}'" if job else ""
        super().__init__(f"no task '{key}'{owner}{did_you_mean(key, known)}", location=location)


class UnaddedTaskError(AuthoringError, ValueError):
    """A task that is wired by hand hangs on one that its pipeline does not have."""

    @classmethod
    def neighbour(
        cls, task: str, other: str, *, waits: bool, is_renewed: bool, pipeline: str, location: Location | None
    ) -> UnaddedTaskError:
        """A task that another one comes after, or before, is not there; `is_renewed` if one of its name is."""
        relation = "comes after" if waits else "comes before"
        hint = f"Add it: pipeline.add_task({other})."
        if is_renewed:
            hint = "Another task of that name was added: it was made again after this one. Make this one again too."
        message = f"task '{task}' {relation} '{other}', which was not added to pipeline '{pipeline}'"
        return cls(message, location=location, hint=hint)


class CycleError(AuthoringError, ValueError):
    """The tasks wait for each other in a circle.

    Attributes:
        cycle: their keys in walking order.
    """

    def __init__(self, cycle: Sequence[str], *, location: Location | None = None) -> None:
        path = " -> ".join([*cycle, cycle[0]])
        super().__init__(
            f"the DAG contains a cycle: {path}", location=location, hint="Let one of these tasks not wait for the next."
        )
        self.cycle = tuple(cycle)


class ParameterError(AuthoringError, ValueError):
    """A job parameter is unknown, missing, or its value does not parse."""

    @classmethod
    def unknown(cls, name: str, *, job: str, known: Iterable[str], location: Location | None = None) -> ParameterError:
        """The job has no such parameter."""
        choices = list(known)
        tail = did_you_mean(name, choices) if choices else "; it has none"
        return cls(f"job '{job}' has no parameter '{name}'{tail}", location=location)

    @classmethod
    def missing(cls, name: str, *, job: str, location: Location | None = None) -> ParameterError:
        """A parameter without default got no value."""
        return cls(
            f"job '{job}' needs a value for parameter '{name}'",
            location=location,
            hint=f"Give it: -p {name}=…, or a default in the signature.",
        )

    @classmethod
    def unparsable(cls, name: str, value: object, *, wanted: str, location: Location | None = None) -> ParameterError:
        """The value is not of the parameter's type."""
        return cls(f"parameter '{name}': {shown(value)} is not {wanted}", location=location)


def _subject(name: str) -> str:
    return f"'{name}'" if name else "this"


def shown(value: object) -> str:
    """A value as Python writes it, cut where it gets long.

    >>> shown("a" * 200)[-3:]
    'aa…'
    """
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


class SelectionError(AuthoringError, ValueError):
    """An expression that is to select tasks means none."""
