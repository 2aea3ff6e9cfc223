"""Durations as people read them."""

from __future__ import annotations

MINUTE = 60.0
HOUR = 3600.0


def seconds(duration: float) -> str:
    """A duration in seconds, as short as it is clear.

    >>> seconds(0.034), seconds(1.26), seconds(75.0), seconds(7260.0)
    ('0.03 s', '1.3 s', '1 min 15 s', '2 h 1 min')
    """
    if duration < 1:
        return f"{duration:.2f} s"
    if duration < MINUTE:
        return f"{duration:.1f} s"
    if duration < HOUR:
        return f"{int(duration // MINUTE)} min {int(duration % MINUTE)} s"
    return f"{int(duration // HOUR)} h {int(duration % HOUR // MINUTE)} min"
