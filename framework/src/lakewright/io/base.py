"""The protocol of IO managers, and what they are told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

from lakewright.model.target import LOCAL, TargetValues

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.model.record import Stored
    from lakewright.model.values import Load


def no_annotation() -> object:
    """What a function without an annotation asks for: nothing."""
    return None


# Named tuples: a run makes one for every output and input, and a frozen dataclass takes three times as long to make.
class OutputContext(NamedTuple):
    """What a manager knows when it writes.

    Attributes:
        task: the name of the output: the task's key, and of a repeated task the index of the element behind it.
        element: the index of the element that a repeated task was called for; None for a task that runs once.
        folder: the attempt's own folder; not there yet, and nobody else's.
        annotated: resolves the return annotation of the task.
    """

    job: str
    run_id: str
    task: str
    attempt: int = 1
    element: int | None = None
    folder: str = ""
    target: TargetValues = LOCAL
    annotated: Callable[[], object] = no_annotation

    @property
    def annotation(self) -> object:
        """The return annotation of the task; None without one.

        Raises:
            RunError: it names something that its module does not have at run time.
        """
        return self.annotated()


class InputContext(NamedTuple):
    """What a manager knows when it reads.

    Attributes:
        run_id: the run that made it, which need not be the one that reads it.
        task: the producer.
        stored: what its `write` returned.
        load: finds a class by its reference, for values that are objects.
        annotated: resolves the type that the consumer's parameter asks for.
    """

    job: str
    run_id: str
    task: str
    stored: Stored
    load: Load
    target: TargetValues = LOCAL
    annotated: Callable[[], object] = no_annotation

    @property
    def annotation(self) -> object:
        """The type that the consumer's parameter asks for; None when it asks for none.

        Raises:
            RunError: it names something that its module does not have at run time.
        """
        return self.annotated()


class IoManager(ABC):
    """Where and how a task's output is kept, and read by the next task.

    A manager is found again by other processes: define it at module level, or make it a dataclass whose fields are
    JSON types.

    Attributes:
        durable: whether outputs outlive the process; only those get a commit record.

    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class TextFile(IoManager):
    ...     path: str
    ...
    ...     def write(self, context, value):
    ...         with open(self.path, "w") as file:
    ...             file.write(value)
    ...
    ...     def read(self, context):
    ...         with open(self.path) as file:
    ...             return file.read()
    """

    durable: ClassVar[bool] = True

    def setup(self) -> None:  # noqa: B027  most managers have nothing to set up
        """Called once in each process before the first write or read; never while a job is compiled."""

    @abstractmethod
    def write(self, context: OutputContext, value: object) -> Stored | None:
        """Keep `value` (never None) and say where; None when `read` needs no word of it."""

    @abstractmethod
    def read(self, context: InputContext) -> object:
        """The value that `write` kept, as `context.annotation` where it asks for a type."""
