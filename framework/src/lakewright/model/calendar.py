"""When a Quartz expression fires next.

Fields: second minute hour day-of-month month day-of-week [year]. Each is `*`, `?`, a value, a range `a-b`, a step
`a/n` or `*/n`, a list of these; months and weekdays may be named. The last day of the month is `L`, the last Friday
`6L` or `FRIL`, the third Friday `6#3`. Source: the Quartz scheduler's cron trigger tutorial.

A local time that a clock change leaves out does not fire; one that comes twice fires the first time.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import tzinfo

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_YEARS_AHEAD: Final = 8
_WITH_YEAR: Final = 7


@dataclass(frozen=True, slots=True)
class _Field:
    """A field: what it is called, the numbers it may hold, and names for the first of them."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int:
        """The number that a text stands for.

        Raises:
            ValueError: none that this field may hold.
        """
        known = text.isascii() and text.isdigit()
        number = int(text) if known else self.names.index(text) + self.low if text in self.names else -1
        if not self.low <= number <= self.high:
            message = f"{text!r} is not a {self.name}"
            raise ValueError(message)
        return number

    def values(self, field: str) -> tuple[int, ...]:
        """The numbers that a field's text allows, in order."""
        found: set[int] = set()
        for part in field.split(","):
            span, slash, step = part.partition("/")
            first, last = self._span(span, open_ended=bool(slash))
            found.update(range(first, last + 1, _STEP.number(step) if slash else 1))
        return tuple(sorted(found))

    def _span(self, span: str, *, open_ended: bool) -> tuple[int, int]:
        if span in {"*", "?"}:
            return self.low, self.high
        first, dash, last = span.partition("-")
        start = self.number(first)
        end = self.number(last) if dash else self.high if open_ended else start
        if end < start:
            message = f"{span!r} runs backwards"
            raise ValueError(message)
        return start, end


_STEP: Final = _Field("step", 1, 9999)
_SECOND, _MINUTE, _HOUR = _Field("second", 0, 59), _Field("minute", 0, 59), _Field("hour", 0, 23)
_DAY, _MONTH = _Field("day of the month", 1, 31), _Field("month", 1, 12, _MONTHS)
_WEEKDAY, _NTH, _YEAR = _Field("weekday", 1, 7, _WEEKDAYS), _Field("week", 1, 5), _Field("year", 1970, 2199)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A Quartz expression, taken apart: which seconds, minutes, hours, days and years it allows.

    >>> nine = Calendar.parse("0 0 9 ? * MON-FRI")
    >>> nine.next_after(datetime(2026, 11, 20, 12, tzinfo=timezone.utc), timezone.utc).isoformat()
    '2026-11-23T09:00:00+00:00'
    """

    expression: str
    times: tuple[time, ...]
    allows: Callable[[date], bool]

    @classmethod
    def parse(cls, expression: str) -> Calendar:
        """The calendar of an expression.

        Raises:
            ValueError: a field is not of Quartz' form, or out of its range; the message names it.
        """
        fields = expression.upper().split()
        if len(fields) not in {_WITH_YEAR - 1, _WITH_YEAR}:
            message = f"{expression!r} has {len(fields)} fields; Quartz has six or seven"
            raise ValueError(message)
        try:
            return cls(expression, _times(fields[:3]), _allowed_days(fields[3:]))
        except ValueError as error:
            message = f"cron {expression!r}: {error}"
            raise ValueError(message) from None

    def next_after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """The first time after `moment` (with a time zone) at which it fires, in UTC; None if not within years."""
        start = moment.astimezone(zone)
        for ahead in range(366 * _YEARS_AHEAD):
            day = start.date() + timedelta(days=ahead)
            if self.allows(day):
                found = next((each for each in self._of_day(day, zone) if each > moment), None)
                if found:
                    return found
        return None

    def _of_day(self, day: date, zone: tzinfo) -> Iterator[datetime]:
        for each in self.times:
            local = datetime.combine(day, each, tzinfo=zone)
            universal = local.astimezone(timezone.utc)
            if universal.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                yield universal


def _times(fields: Sequence[str]) -> tuple[time, ...]:
    seconds, minutes, hours = _SECOND.values(fields[0]), _MINUTE.values(fields[1]), _HOUR.values(fields[2])
    return tuple(time(hour, minute, second) for hour in hours for minute in minutes for second in seconds)


def _allowed_days(fields: Sequence[str]) -> Callable[[date], bool]:
    day, weekday = _days(fields[0]), _weekdays(fields[2])
    months = frozenset(_MONTH.values(fields[1]))
    years = frozenset(_YEAR.values(fields[3] if fields[3:] else "*"))
    return lambda each: each.month in months and each.year in years and day(each) and weekday(each)


def _days(field: str) -> Callable[[date], bool]:
    if field == "L":
        return lambda day: day.day == calendar.monthrange(day.year, day.month)[1]
    allowed = frozenset(_DAY.values(field))
    return lambda day: day.day in allowed


def _weekdays(field: str) -> Callable[[date], bool]:
    if field.endswith("L") and field != "L":
        last = _WEEKDAY.number(field[:-1])
        return lambda day: _weekday(day) == last and (day + timedelta(days=7)).month != day.month
    name, hash_sign, nth = field.partition("#")
    if hash_sign:
        wanted, count = _WEEKDAY.number(name), _NTH.number(nth)
        return lambda day: _weekday(day) == wanted and (day.day - 1) // 7 + 1 == count
    allowed = frozenset(_WEEKDAY.values(field))
    return lambda day: _weekday(day) in allowed


def _weekday(day: date) -> int:
    """Quartz' number of a weekday: Sunday is 1."""
    return day.isoweekday() % 7 + 1
