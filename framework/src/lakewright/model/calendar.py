"""When a cron expression fires next.

A local time that a clock change leaves out does not fire; one that comes twice fires the first time.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from lakewright.model.cron import LAST, fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from lakewright.model.cron import Days, Fields, Weekdays

# Long enough for a 29th of February, over the end of a century too.
YEARS_AHEAD: Final = 8
# The calendar comes round again after 28 years.
_YEARS: Final = (2025, 2053)
_EVERY_YEAR: Final = fields("0 0 * * *").years
_WEEK: Final = timedelta(days=7)
_SATURDAY, _SUNDAY = 6, 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moments that a cron expression means.

    >>> nine = Calendar.parse("0 9 * * 1-5")
    >>> nine.next_after(datetime(2026, 11, 20, 12, tzinfo=timezone.utc), timezone.utc).isoformat()
    '2026-11-23T09:00:00+00:00'
    """

    expression: str
    fields: Fields

    @classmethod
    def parse(cls, expression: str) -> Calendar:
        """The calendar of an expression of five fields, or of Quartz' six or seven.

        Raises:
            SettingError: a field is not of its form, or out of its range; the message names it.
        """
        return cls(expression, fields(expression))

    def next_after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """The first time after `moment` (with a time zone) at which it fires, in UTC; None if not within 8 years."""
        start = moment.astimezone(zone)
        for ahead in range(366 * YEARS_AHEAD):
            day = start.date() + timedelta(days=ahead)
            if self._allows(day):
                earliest = (0, 0) if ahead else (start.hour, start.minute)
                found = next((each for each in self._of_day(day, zone, earliest=earliest) if each > moment), None)
                if found:
                    return found
        return None

    def _allows(self, day: date) -> bool:
        meant = self.fields
        return (
            day.month in meant.months
            and day.year in meant.years
            and (meant.days is None or _is_of(day, meant.days))
            and (meant.weekdays is None or _is_weekday_of(day, meant.weekdays))
        )

    def _of_day(self, day: date, zone: tzinfo, *, earliest: tuple[int, int]) -> Iterator[datetime]:
        """The times of a day that the clock of the zone shows, from an hour and minute on."""
        for hour in self.fields.hours:
            for minute in self.fields.minutes if hour >= earliest[0] else ():
                for second in self.fields.seconds if (hour, minute) >= earliest else ():
                    local = datetime.combine(day, time(hour, minute, second), tzinfo=zone)
                    universal = local.astimezone(timezone.utc)
                    if universal.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                        yield universal

    @property
    def runs_a_year(self) -> float | None:
        """How often it fires in a year of average length, whatever clocks do; None where it is not for every year."""
        meant = self.fields
        if meant.years != _EVERY_YEAR:
            return None
        first = date(_YEARS[0], 1, 1)
        length = (date(_YEARS[1], 1, 1) - first).days
        days = sum(self._allows(first + timedelta(days=number)) for number in range(length))
        return days / (_YEARS[1] - _YEARS[0]) * len(meant.hours) * len(meant.minutes) * len(meant.seconds)


def runs_a_year(expression: str) -> float | None:
    """How often a cron expression fires in a year of average length; None where it is not for every year.

    >>> runs_a_year("0 6 * * *"), runs_a_year("0 6 1 * *")
    (365.25, 12.0)

    Raises:
        SettingError: it cannot be read.
    """
    return Calendar.parse(expression).runs_a_year


def _is_of(day: date, days: Days) -> bool:
    if not days.from_end and not days.nearest:
        return day.day in days.numbers
    length = calendar.monthrange(day.year, day.month)[1]
    (number,) = days.numbers
    meant = length - number if days.from_end else number
    if not 1 <= meant <= length:
        return False
    return day.day == (_working_day(day.replace(day=meant), length) if days.nearest else meant)


def _working_day(day: date, length: int) -> int:
    """The number of the working day nearest to a day, in its own month."""
    if day.isoweekday() == _SATURDAY:
        return day.day - 1 if day.day > 1 else day.day + 2
    if day.isoweekday() == _SUNDAY:
        return day.day + 1 if day.day < length else day.day - 2
    return day.day


def _is_weekday_of(day: date, weekdays: Weekdays) -> bool:
    if day.isoweekday() % 7 + 1 not in weekdays.numbers:
        return False
    if weekdays.nth == LAST:
        return (day + _WEEK).month != day.month
    return not weekdays.nth or (day.day - 1) // 7 + 1 == weekdays.nth
