"""When a job starts by itself: exactly one of a cron schedule, an interval, an arriving file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

_FIELDS_OF_CRON: Final = 5
_FIELDS_OF_QUARTZ: Final = (6, 7)
_SUNDAY_AS_SEVEN: Final = 7
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, slots=True)
class Cron:
    """A schedule in five cron fields or in Quartz' six or seven, at a time zone.

    >>> Cron("0 6 * * 1-5", timezone="Europe/Berlin").quartz
    '0 0 6 ? * MON-FRI'
    """

    expression: str
    timezone: str = "UTC"
    paused: bool = False

    def __post_init__(self) -> None:
        # Converting is the check: a schedule that cannot be converted is refused where it is written.
        to_quartz(self.expression)

    @property
    def quartz(self) -> str:
        """The expression as the platform takes it."""
        return to_quartz(self.expression)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A run every so many hours, days or weeks."""

    interval: int
    unit: Literal["HOURS", "DAYS", "WEEKS"] = "HOURS"
    paused: bool = False

    def __post_init__(self) -> None:
        if self.interval < 1 or self.unit not in {"HOURS", "DAYS", "WEEKS"}:
            message = f"Periodic({self.interval!r}, {self.unit!r}): an interval of 1 or more HOURS, DAYS or WEEKS"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class FileArrival:
    """A run when a file arrives under a volume or external location."""

    url: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Continuous:
    """A run that starts again as soon as it ends."""

    paused: bool = False


Trigger: TypeAlias = Cron | Periodic | FileArrival | Continuous
KINDS: Final = (Cron, Periodic, FileArrival, Continuous)


def to_quartz(expression: str) -> str:
    """A cron expression in Quartz' fields (seconds first); Quartz is passed through.

    Raises:
        ValueError: another number of fields, or both a day of the month and a day of the week, which Quartz cannot say.

    >>> to_quartz("*/15 * * * *")
    '0 */15 * * * ?'
    """
    fields = expression.split()
    if len(fields) in _FIELDS_OF_QUARTZ:
        return " ".join(fields)
    if len(fields) != _FIELDS_OF_CRON:
        message = f"cron {expression!r} has {len(fields)} fields; five (minute hour day month weekday) or Quartz' six or seven"
        raise ValueError(message)
    minute, hour, day, month, weekday = fields
    if weekday == "*":
        return f"0 {minute} {hour} {day} {month} ?"
    if day != "*":
        message = f"cron {expression!r} restricts both the day of the month and the weekday, which Quartz cannot say; use two jobs"
        raise ValueError(message)
    return f"0 {minute} {hour} ? {month} {_quartz_weekdays(weekday, expression)}"


def _quartz_weekdays(field: str, expression: str) -> str:
    # Cron counts Sunday as 0 or 7, Quartz as 1: names leave no doubt.
    return ",".join(_quartz_weekday_range(part, expression) for part in field.split(","))


def _quartz_weekday_range(part: str, expression: str) -> str:
    days, slash, step = part.partition("/")
    if days == "*":
        return f"*{slash}{step}"
    named = "-".join(_weekday_name(day, expression) for day in days.split("-"))
    return f"{named}{slash}{step}"


def _weekday_name(day: str, expression: str) -> str:
    if day.isdigit() and int(day) <= _SUNDAY_AS_SEVEN:
        return _DAYS[int(day) % _SUNDAY_AS_SEVEN]
    if day.upper()[:3] in _DAYS:
        return day.upper()[:3]
    message = f"cron {expression!r}: {day!r} is not a weekday (0-7 or SUN-SAT)"
    raise ValueError(message)
