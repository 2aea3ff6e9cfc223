"""What a run and its processes say to each other: one line of JSON for an attempt to make, one for how it went."""

from __future__ import annotations

import json
from typing import NamedTuple

from lakewright.errors.raised import Frame, Raised, Traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Order(NamedTuple):
    """An attempt to make.

    Attributes:
        argv: as the platform would give it to a process of the task.
        log: where to write what the task prints; empty for wherever the process prints to.
        trace: variables that name the trace which spans of the task belong to.
    """

    argv: Sequence[str]
    log: str
    trace: Mapping[str, str]

    def to_line(self) -> bytes:
        """The line that is sent."""
        return json.dumps(self).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Order:
        """The order that `to_line` wrote."""
        return cls(*json.loads(line))


def answer(raised: Raised | None) -> bytes:
    """The line that tells how an attempt went: what was raised, if anything was."""
    return json.dumps(raised).encode() + b"\n"


def raised_in(line: bytes) -> Raised | None:
    """What the line that `answer` wrote tells."""
    content = json.loads(line)
    if content is None:
        return None
    message, kinds, tracebacks = content
    told = (Traceback(error, tuple(Frame(*frame) for frame in frames)) for error, frames in tracebacks)
    return Raised(message, tuple(kinds), tuple(told))
