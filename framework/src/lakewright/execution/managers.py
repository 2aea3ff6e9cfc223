"""IO managers in this process: found by their specification, set up once."""

from __future__ import annotations

import json
import threading
from functools import cache
from typing import Final

from lakewright.errors.running import InvocationError
from lakewright.io.base import IoManager
from lakewright.loading.objects import load
from lakewright.model.values import decode, described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.task import IoSpec


class _Ready:
    """The managers whose `setup` has run: once in a process is a promise about the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By identity, and kept: managers need not be hashable, and an id is only unique while its object lives.
        self._managers: dict[int, IoManager] = {}

    def ensure(self, manager: IoManager) -> None:
        if id(manager) not in self._managers:
            with self._lock:
                if id(manager) not in self._managers:
                    manager.setup()
                    self._managers[id(manager)] = manager


_ready: Final = _Ready()


def ready(manager: IoManager) -> IoManager:
    """The manager, set up."""
    if type(manager).setup is not IoManager.setup:
        _ready.ensure(manager)
    return manager


@cache
def _built(spec: IoSpec) -> object:
    """The manager that a definition says how to build: one for all tasks of a process, so that it is set up once."""
    return load(spec.reference)(**decode(json.loads(spec.arguments or "{}"), load))


def find(spec: IoSpec) -> IoManager:
    """The manager that a specification names, for a process that has no other way to outputs.

    Raises:
        LoadError: the reference does not lead anywhere.
        InvocationError: it leads to something else, or to a manager that keeps outputs in one process only.
    """
    found = load(spec.reference) if spec.arguments is None else _built(spec)
    if not isinstance(found, IoManager):
        raise InvocationError(f"'{spec.reference}' is not an IO manager but {described(type(found))}")
    if not found.durable:
        raise InvocationError(
            f"the IO manager '{spec.reference}' keeps outputs in one process only; tasks run in processes of their own",
            hint="Leave io= out of @task, and give it to a run on one machine: job.execute(io=MemoryIo()).",
        )
    return found
