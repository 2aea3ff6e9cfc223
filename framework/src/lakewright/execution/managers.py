"""IO managers in this process: found by their specification, set up once."""

from __future__ import annotations

import json
import threading
from typing import Final

from lakewright.errors.running import InvocationError
from lakewright.io.base import IoManager
from lakewright.loading.objects import load
from lakewright.model.values import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.task import IoSpec


class _Ready:
    """The managers whose `setup` has run: once in a process is a promise about the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._managers: dict[int, IoManager] = {}

    def ensure(self, manager: IoManager) -> IoManager:
        if id(manager) not in self._managers:
            with self._lock:
                if id(manager) not in self._managers:
                    manager.setup()
                    self._managers[id(manager)] = manager
        return manager


_ready: Final = _Ready()


def ready(manager: IoManager) -> IoManager:
    """The manager, set up."""
    return _ready.ensure(manager)


def find(spec: IoSpec) -> IoManager:
    """The manager that a specification names.

    Raises:
        LoadError: the reference does not lead anywhere.
        InvocationError: it leads to something else.
    """
    found = load(spec.reference)
    if spec.arguments is not None:
        found = found(**decode(json.loads(spec.arguments), load))  # type: ignore[operator]  # the class of a manager
    if not isinstance(found, IoManager):
        raise InvocationError(f"'{spec.reference}' is not an IO manager but a {type(found).__name__}")
    return found
