"""What a schedule knows over a restart: a row of the run store, and the lock of the one process that keeps it."""

from __future__ import annotations

from pathlib import Path

from lakewright.errors.running import ScheduleError
from lakewright.execution.locks import FileLock
from lakewright.execution.store import FILE, RunStore
from lakewright.model.names import folder_name

_FOLDER = "schedules"


class StoredMemory:
    """A schedule's row in the store of a project; implements `schedule.Memory`.

    Args:
        root: the folder that the project keeps runs in.
        name: of the schedule: what is run, and when.

    Raises:
        ScheduleError: another process keeps this very schedule.
        StoreError: the store cannot be used.
    """

    def __init__(self, root: str, name: str) -> None:
        self._name = name
        self._lock = FileLock(Path(root) / _FOLDER / f"{folder_name(name)}.lock")
        if not self._lock.acquire():
            raise ScheduleError(
                f"the schedule '{name}' is already kept by another process", hint="Stop that one first."
            )
        try:
            self._store = RunStore(Path(root) / FILE)
        except BaseException:
            self._lock.release()
            raise

    def recall(self) -> tuple[float, float | None] | None:
        """The moment from which due times count, and the last one that was heeded; None when it is new."""
        return self._store.schedule(self._name)

    def keep(self, *, anchor: float, last_due: float) -> None:
        """Remember both."""
        self._store.put_schedule(self._name, anchor=anchor, last_due=last_due)

    def close(self) -> None:
        """Close the store, and let another process keep the schedule."""
        self._store.close()
        self._lock.release()
