"""Sizes of files as people read them."""

from __future__ import annotations

from typing import Final

_UNITS: Final = ("kB", "MB", "GB")
_STEP: Final = 1_000
_TWO_DIGITS: Final = 10


def size(count: int) -> str:
    """A number of bytes, as short as it is clear.

    >>> size(900), size(37_400_000), size(1_260_000_000), size(2_000_000_000_000), size(0)
    ('0.9 kB', '37 MB', '1.3 GB', '2,000 GB', '0 kB')
    """
    amount, unit = count / _STEP, _UNITS[0]
    for larger in _UNITS[1:]:
        if amount < _STEP:
            break
        amount, unit = amount / _STEP, larger
    return f"{amount:,.0f} {unit}" if amount >= _TWO_DIGITS or not amount else f"{amount:.1f} {unit}"
