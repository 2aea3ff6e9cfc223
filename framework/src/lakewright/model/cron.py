"""Cron expressions of five fields, read strictly and written in Quartz' words."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lakewright.errors.authoring import SettingError

_QUARTZ_FIELDS: Final = (6, 7)
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_PART: Final = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?", re.ASCII)


class _Field(NamedTuple):
    """One of the five: its range, and the names that stand for numbers from `low` on."""

    title: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int | None:
        """What a number or name stands for; None when it is outside of the range."""
        if text.upper() in self.names:
            return self.names.index(text.upper()) + self.low
        return int(text) if text.isdigit() and self.low <= int(text) <= self.high else None


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    # Cron counts Sunday as 0 and as 7.
    _Field("weekday", 0, 7, _WEEKDAYS),
)


def to_quartz(expression: str) -> str:
    """A cron expression in Quartz' fields (seconds first); Quartz is passed through.

    Raises:
        SettingError: another number of fields, a value outside of its range, or both a day of the month and a weekday,
            which Quartz cannot say.

    >>> to_quartz("*/15 * * * *")
    '0 */15 * * * ?'
    """
    texts = str(expression).split()
    if len(texts) in _QUARTZ_FIELDS:
        return " ".join(texts)
    if len(texts) != len(_FIELDS):
        wanted = "five (minute hour day month weekday) or Quartz' six or seven"
        raise SettingError(f"cron {expression!r} has {len(texts)} fields; {wanted}")
    for text, field in zip(texts, _FIELDS, strict=True):
        _check(text, field, expression)
    minute, hour, day, month, weekday = texts
    if weekday == "*":
        return f"0 {minute} {hour} {day} {month} ?"
    if day != "*":
        raise SettingError(
            f"cron {expression!r} restricts both the day of the month and the weekday, which Quartz cannot say",
            hint="Use two jobs.",
        )
    return f"0 {minute} {hour} ? {month} {_by_name(weekday)}"


def _check(text: str, field: _Field, expression: str) -> None:
    for part in text.split(","):
        found = _PART.fullmatch(part)
        named = [found[end] for end in ("first", "last") if found[end]] if found else []
        steps = found is not None and (found["step"] is None or int(found["step"]) > 0)
        if not steps or None in [field.number(name) for name in named]:
            known = f"{field.low}-{field.high}" + (f" or {field.names[0]}-{field.names[-1]}" if field.names else "")
            raise SettingError(f"cron {expression!r}: {part!r} is no {field.title} ({known})")


def _by_name(weekdays: str) -> str:
    """Weekdays by name: Quartz counts Sunday as 1, so numbers would mean other days."""
    return re.sub(r"(?<!/)\b\d\b", lambda found: _WEEKDAYS[int(found[0]) % len(_WEEKDAYS)], weekdays.upper())
