"""Outputs written and read as the runner does it, commit record included."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.default import DefaultIo
from lakewright.loading.objects import load
from lakewright.model.record import CommitRecord, Stored
from lakewright.model.target import TargetValues

DEFAULT: Final = DefaultIo()


def nothing() -> object:
    return None


class Outputs:
    """One manager, with a root of its own."""

    def __init__(self, root: Path, manager: IoManager = DEFAULT) -> None:
        self.target = TargetValues(root=str(root))
        self.folder = root / "runs" / "j" / "1" / "make" / "1"
        self.manager = manager

    def write(self, value: object, annotation: object = None) -> Stored:
        """Where the output of task `make` is kept, as its commit record tells other processes."""
        context = OutputContext(
            job="j",
            run_id="1",
            task="make",
            folder=str(self.folder),
            target=self.target,
            annotated=lambda: annotation,
        )
        stored = self.manager.write(context, value)
        record = CommitRecord(job="j", run_id="1", task="make", attempt=1, stored=stored)
        again = CommitRecord.from_json(record.to_json())
        assert again is not None
        assert again.stored is not None
        return again.stored

    def read(self, stored: Stored, annotation: object = None) -> Any:  # noqa: ANN401  whatever was written
        """The output, as a consumer that asks for a type."""
        return self.read_with(stored, lambda: annotation)

    def read_with(self, stored: Stored, annotated: Callable[[], object]) -> Any:  # noqa: ANN401  whatever was written
        """The output, for a consumer whose annotation is resolved when it is needed."""
        return self.manager.read(
            InputContext(
                job="j", run_id="1", task="make", stored=stored, load=load, target=self.target, annotated=annotated
            )
        )

    def round_trip(self, value: object, annotation: object = None) -> Any:  # noqa: ANN401  whatever was written
        """The value as the next task gets it."""
        return self.read(self.write(value, annotation))
