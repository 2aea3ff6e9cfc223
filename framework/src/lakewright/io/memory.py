"""`MemoryIo`: outputs that stay in this process, for small values and for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.model.record import Stored


@dataclass(frozen=True)
class MemoryIo(IoManager):
    """Hands objects on as they are, without a copy and without a record: nothing is left after the run.

    A consumer gets the very object that its producer returned. Tasks in processes of their own cannot use it.

    >>> from lakewright import job, task
    >>> @task
    ... def load() -> object:
    ...     return object()
    >>> @task
    ... def same(thing: object) -> object:
    ...     return thing
    >>> @job
    ... def daily() -> object:
    ...     return same(load())
    >>> result = daily.execute(io=MemoryIo())
    >>> result["same"] is result["load"]
    True
    """

    durable: ClassVar[bool] = False

    def write(self, context: OutputContext, value: object) -> Stored:  # noqa: ARG002  wherever it comes from
        """The object itself, for as long as the run knows it."""
        return Stored(format="memory", value=value)

    def read(self, context: InputContext) -> object:
        """The object."""
        return context.stored.value
