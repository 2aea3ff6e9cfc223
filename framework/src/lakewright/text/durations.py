"""Durations as people read them."""

from __future__ import annotations

from typing import Final

MINUTE: Final = 60
HOUR: Final = 3600
# What rounds up to a full minute is shown as one.
_ALMOST_A_MINUTE: Final = 59.95


def seconds(duration: float) -> str:
    """A duration in seconds, as short as it is clear.

    >>> seconds(0.034), seconds(1.26), seconds(75.0), seconds(7260.0)
    ('0.03 s', '1.3 s', '1 min 15 s', '2 h 1 min')
    """
    if duration < 1:
        return f"{duration:.2f} s"
    if duration < _ALMOST_A_MINUTE:
        return f"{duration:.1f} s"
    whole = round(duration)
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"
