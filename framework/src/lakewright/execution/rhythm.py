"""When something is due again and again: at a fixed rate, or by the calendar of a cron expression."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final, TypeAlias

from lakewright.errors.running import ScheduleError
from lakewright.model.calendar import Calendar
from lakewright.model.trigger import Cron, Periodic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

    from lakewright.model.trigger import Trigger

_UNITS: Final = {"HOURS": timedelta(hours=1), "DAYS": timedelta(days=1), "WEEKS": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Every:
    """Due times at a fixed rate.

    Raises:
        ScheduleError: the interval is not a number above 0.

    >>> Every(60).due(59.0, anchor=0.0), Every(60).due(60.0, anchor=0.0)
    (60.0, 120.0)
    """

    seconds: float

    def __post_init__(self) -> None:
        if type(self.seconds) not in {int, float} or not 0 < self.seconds < float("inf"):
            raise ScheduleError(f"{self.seconds!r} is not an interval: a number of seconds above 0")

    def __str__(self) -> str:
        return f"every {self.seconds:g} s"

    def due(self, after: float, *, anchor: float) -> float | None:
        """The first due time after a moment; the anchor is one itself."""
        found = anchor + self.seconds * ((after - anchor) // self.seconds + 1)
        # Where the interval is no binary fraction, what is computed may fall on the moment itself.
        return found if found > after else found + self.seconds


@dataclass(frozen=True, slots=True)
class ByCalendar:
    """Due times of a calendar, at a time zone.

    >>> ByCalendar.of(Cron("0 6 * * *")).due(0.0, anchor=0.0)
    21600.0
    """

    calendar: Calendar
    zone: tzinfo

    @classmethod
    def of(cls, cron: Cron) -> ByCalendar:
        """The due times of a cron schedule.

        Raises:
            ScheduleError: this machine does not know its time zone.
        """
        return cls(Calendar.parse(cron.expression), _zone(cron.timezone))

    def __str__(self) -> str:
        return f"{self.calendar.expression} {self.zone}"

    def due(self, after: float, *, anchor: float) -> float | None:  # noqa: ARG002  the calendar needs none
        """The first due time after a moment; None when there is none within years."""
        found = self.calendar.next_after(datetime.fromtimestamp(after, tz=timezone.utc), self.zone)
        return found.timestamp() if found else None


Rhythm: TypeAlias = Every | ByCalendar


def rhythm(*, interval_seconds: float | None = None, cron: str | Cron | None = None) -> Rhythm:
    """The rhythm that exactly one of the two gives.

    Raises:
        ScheduleError: both or neither, or an interval that is no number above 0.
        SettingError: a cron expression that cannot be read; the message names the field.

    >>> str(rhythm(cron="0 6 * * *"))
    '0 6 * * * UTC'
    """
    if interval_seconds is not None and cron is None:
        return Every(interval_seconds)
    if cron is not None and interval_seconds is None:
        return ByCalendar.of(cron if isinstance(cron, Cron) else Cron(cron))
    raise ScheduleError(
        f"a schedule takes either interval_seconds or cron, and got {'neither' if cron is None else 'both'}",
        hint='Say how often: interval_seconds=60. Or when: cron="0 6 * * *".',
    )


def rhythm_of(schedule: Trigger | None, *, job: str) -> Rhythm:
    """The rhythm of a job's own schedule.

    Raises:
        ScheduleError: it has none, or starts by something else than time.
    """
    if isinstance(schedule, Cron):
        return ByCalendar.of(schedule)
    if isinstance(schedule, Periodic):
        return Every(schedule.interval * _UNITS[schedule.unit].total_seconds())
    problem = f"has a schedule that is not one of time: {schedule}" if schedule else "has no schedule of its own"
    raise ScheduleError(f"job '{job}' {problem}", hint="Say how often or when: --every SECONDS, or --cron EXPRESSION.")


def _zone(name: str) -> tzinfo:
    # Only calendars have a time zone, and only errors know of others.
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        from lakewright.databricks.timezones import timezone_problem

        problem = timezone_problem(name) or "is one that this machine does not know"
        raise ScheduleError(f"the time zone '{name}' {problem}") from None
