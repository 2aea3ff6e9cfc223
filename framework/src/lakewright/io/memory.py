"""`MemoryIo`: outputs that stay in this process, for small values and for tests."""

from __future__ import annotations

from typing import ClassVar

from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.model.record import Stored


class MemoryIo(IoManager):
    """Hands objects on as they are, without a copy and without a record: nothing is left after the run.

    A consumer gets the very object its producer returned. Tasks in processes of their own cannot use it.
    """

    durable: ClassVar[bool] = False

    def __init__(self) -> None:
        self._values: dict[tuple[str, str, str], object] = {}

    def write(self, context: OutputContext, value: object) -> Stored:
        """Keep the object."""
        self._values[context.job, context.run_id, context.task] = value
        return Stored(format="memory")

    def read(self, context: InputContext) -> object:
        """The object."""
        return self._values[context.job, context.run_id, context.task]
