"""What flows from one task to another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edge:
    """Data that arrives at `argument` of the downstream task, or order only where `argument` is None.

    Attributes:
        outcome: of a condition upstream, the one that lets the downstream task run.
    """

    upstream: str
    downstream: str
    argument: str | None = None
    outcome: bool | None = None
