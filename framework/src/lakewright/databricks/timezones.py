"""Time zones as the platform's scheduler knows them: those of the IANA database, and a few that only Java has."""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from lakewright.text.suggest import did_you_mean

# Java also reads offsets, as in `GMT+2`, and short names, as in `PST`.
_OF_JAVA: Final = re.compile(r"GMT[+-]\d{1,2}(:?\d{2})?|[A-Z]{3}")
# A bundle's own reference, as in `${var.timezone}`.
_REFERENCE: Final = "${"


def timezone_problem(name: str) -> str:
    """What is wrong with the name of a time zone; empty when nothing is, or when this machine knows no zones.

    >>> timezone_problem("Europe/Berlin")
    ''
    >>> timezone_problem("Europe/Belrin")
    "is unknown; did you mean 'Europe/Berlin'?"
    """
    if _REFERENCE in name or _OF_JAVA.fullmatch(name) or _is_known(name):
        return ""
    known = available_timezones()
    return f"is unknown{did_you_mean(name, known)}" if known else ""


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # A folder of zones, no path at all, no such zone.
        return False
    return True
