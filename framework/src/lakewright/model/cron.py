"""Cron expressions, read strictly: five fields are said in Quartz' words, and Quartz' fields are taken apart.

Quartz: second minute hour day-of-month month weekday [year]. A field is `*`, a value, a range `a-b` (`22-2` runs over
the end), a step `a/n` or `*/n`, or a list of these; months and weekdays may be named. One of day and weekday is `?`.
The last day of the month is `L`, the third last `L-2`, the working day nearest to the 15th `15W`, the last Friday `6L`
or `FRIL`, the third Friday `6#3`. Source: the Quartz scheduler's cron trigger tutorial.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from lakewright.errors.authoring import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LAST: Final = -1

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_PART: Final = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d{1,4}))?", re.ASCII)
_FROM_END: Final = re.compile(r"L(?:-(?P<before>\d{1,2}))?(?P<nearest>W?)", re.ASCII)
_NEAREST: Final = re.compile(r"(?P<day>\d{1,2})W", re.ASCII)
_OF_MONTH: Final = re.compile(r"(?P<weekday>[A-Z]{3}|\d)(?:L|#(?P<nth>[1-5]))", re.ASCII)
_FROM_SUNDAY_TO_SUNDAY: Final = re.compile(r"\b(?:0|SUN)-7\b")
_ANY: Final = "?"
_WITH_YEAR: Final = 7


class _Field(NamedTuple):
    """One field: its range, and the names that stand for numbers from `low` on."""

    title: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int | None:
        """What a number or name stands for; None when it is outside of the range."""
        if text.upper() in self.names:
            return self.names.index(text.upper()) + self.low
        return int(text) if text.isascii() and text.isdigit() and self.low <= int(text) <= self.high else None

    def values(self, text: str) -> tuple[int, ...]:
        """The numbers that a field's text allows, in order.

        Raises:
            ValueError: a part of it that is not of the form, or out of the range.
        """
        return tuple(sorted({value for part in text.split(",") for value in self._part(part)}))

    def _part(self, part: str) -> list[int]:
        found = _PART.fullmatch(part)
        if found is None:
            raise self.refused(part)
        step = int(found["step"] or 1)
        first = self.number(found["first"]) if found["first"] else self.low
        if found["last"]:
            last = self.number(found["last"])
        else:
            last = self.high if found["step"] or not found["first"] else first
        if first is None or last is None or not 1 <= step <= self.high:
            raise self.refused(part)
        size = self.high - self.low + 1
        return [self.low + (first - self.low + past) % size for past in range(0, (last - first) % size + 1, step)]

    def refused(self, part: str) -> ValueError:
        """The error for a part that cannot be."""
        known = f"{self.low}-{self.high}" + (f" or {self.names[0]}-{self.names[-1]}" if self.names else "")
        return ValueError(f": {part!r} is no {self.title} ({known})")


_SECOND: Final = _Field("second", 0, 59)
_MINUTE: Final = _Field("minute", 0, 59)
_HOUR: Final = _Field("hour", 0, 23)
_DAY: Final = _Field("day of the month", 1, 31)
_MONTH: Final = _Field("month", 1, 12, _MONTHS)
# Quartz counts from Sunday as 1; cron counts Sunday as 0 and as 7.
_WEEKDAY: Final = _Field("weekday", 1, 7, _WEEKDAYS)
_WEEKDAY_OF_CRON: Final = _WEEKDAY._replace(low=0)
_YEAR: Final = _Field("year", 1970, 2199)

_CRON: Final = (_MINUTE, _HOUR, _DAY, _MONTH, _WEEKDAY_OF_CRON)


class Days(NamedTuple):
    """Which days of a month are meant.

    Attributes:
        numbers: their numbers; counted from the end they are 0 for the last, 1 for the one before …
        nearest: whether the working day nearest to it is meant instead.
    """

    numbers: tuple[int, ...]
    from_end: bool = False
    nearest: bool = False


class Weekdays(NamedTuple):
    """Which weekdays are meant.

    Attributes:
        numbers: 1 for Sunday.
        nth: the how manieth of the month; `LAST` for the last, 0 for each.
    """

    numbers: tuple[int, ...]
    nth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """A Quartz expression, taken apart; one of `days` and `weekdays` is None: it does not matter."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: Days | None
    months: tuple[int, ...]
    weekdays: Weekdays | None
    years: tuple[int, ...]


def to_quartz(expression: str) -> str:
    """A cron expression in Quartz' fields (seconds first); Quartz is passed through.

    Raises:
        SettingError: another number of fields, a value outside of its range, or both a day of the month and a weekday,
            which Quartz cannot say; the message names the field.

    >>> to_quartz("*/15 * * * *")
    '0 */15 * * * ?'
    """
    texts = str(expression).split()
    with _told(expression):
        if len(texts) == len(_CRON):
            return _in_quartz(texts)
        _fields(texts)
    return " ".join(texts)


def fields(expression: str) -> Fields:
    """What a cron expression, of five fields or Quartz' own, allows.

    Raises:
        SettingError: it cannot be read; the message names the field.

    >>> fields("0 9 * * 1-5").weekdays
    Weekdays(numbers=(2, 3, 4, 5, 6), nth=0)
    """
    with _told(expression):
        return _fields(to_quartz(expression).split())


@contextmanager
def _told(expression: str) -> Iterator[None]:
    """What is wrong with a field, told with the expression that it is of."""
    try:
        yield
    except SettingError:
        raise
    except ValueError as error:
        raise SettingError(f"cron {expression!r}{error}") from None


def _in_quartz(texts: Sequence[str]) -> str:
    for field, text in zip(_CRON, texts, strict=True):
        field.values(text)
    minute, hour, day, month, weekday = texts
    if weekday == "*":
        return f"0 {minute} {hour} {day} {month} ?"
    if day != "*":
        message = " restricts both the day of the month and the weekday, which Quartz cannot say; use two jobs"
        raise ValueError(message)
    return f"0 {minute} {hour} ? {month} {_by_name(weekday)}"


def _by_name(weekdays: str) -> str:
    """Weekdays by name: Quartz counts Sunday as 1, so numbers would mean other days."""
    days = _FROM_SUNDAY_TO_SUNDAY.sub("*", weekdays.upper())
    return re.sub(r"(?<!/)\b\d\b", lambda found: _WEEKDAYS[int(found[0]) % len(_WEEKDAYS)], days)


def _fields(texts: Sequence[str]) -> Fields:
    if len(texts) not in {_WITH_YEAR - 1, _WITH_YEAR}:
        message = f" has {len(texts)} fields; five (minute hour day month weekday) or Quartz' six or seven"
        raise ValueError(message)
    second, minute, hour, day, month, weekday, year = (*texts, "*")[:_WITH_YEAR]
    if (day == _ANY) == (weekday == _ANY):
        message = f": one of day of the month and weekday is '?' in Quartz, not {day!r} and {weekday!r}"
        raise ValueError(message)
    return Fields(
        seconds=_SECOND.values(second),
        minutes=_MINUTE.values(minute),
        hours=_HOUR.values(hour),
        days=None if day == _ANY else _days(day.upper()),
        months=_MONTH.values(month),
        weekdays=None if weekday == _ANY else _weekdays(weekday.upper()),
        years=_YEAR.values(year),
    )


def _days(text: str) -> Days:
    if found := _FROM_END.fullmatch(text):
        return Days((int(found["before"] or 0),), from_end=True, nearest=bool(found["nearest"]))
    if found := _NEAREST.fullmatch(text):
        return Days(_DAY.values(found["day"]), nearest=True)
    return Days(_DAY.values(text))


def _weekdays(text: str) -> Weekdays:
    if found := _OF_MONTH.fullmatch(text):
        return Weekdays(_WEEKDAY.values(found["weekday"]), nth=int(found["nth"] or LAST))
    return Weekdays(_WEEKDAY.values("SAT" if text == "L" else text))
