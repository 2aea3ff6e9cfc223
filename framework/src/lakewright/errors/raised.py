"""What was raised, as a value that can be told from one process to another."""

from __future__ import annotations

from typing import NamedTuple


class Frame(NamedTuple):
    """One line of a traceback."""

    file: str
    line: int
    function: str
    source: str


class Traceback(NamedTuple):
    """An exception with its traceback, the innermost frame last.

    Attributes:
        error: its type and message.
    """

    error: str
    frames: tuple[Frame, ...]


class Raised(NamedTuple):
    """An exception.

    Attributes:
        kinds: its class and those above it, each as `module.name` (of builtins: `name`), the class itself first.
        tracebacks: of what led to it, and its own at the end.
    """

    message: str
    kinds: tuple[str, ...]
    tracebacks: tuple[Traceback, ...] = ()

    @property
    def kind(self) -> str:
        """The name of its class."""
        return self.kinds[0].rpartition(".")[2]
