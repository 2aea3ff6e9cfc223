"""When a job starts by itself: exactly one of a cron schedule, an interval, an arriving file, without a break."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from lakewright.errors.authoring import SettingError
from lakewright.model.cron import to_quartz

UNITS: Final = ("HOURS", "DAYS", "WEEKS")


@dataclass(frozen=True, slots=True)
class Cron:
    """A schedule in five cron fields or in Quartz' six or seven, at a time zone.

    Raises:
        SettingError: the expression cannot be read, or says what Quartz cannot.

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
    """A run every so many hours, days or weeks.

    Raises:
        SettingError: the interval is not 1 or more, or of another unit.

    >>> Periodic(6)
    Periodic(interval=6, unit='HOURS', paused=False)
    """

    interval: int
    unit: Literal["HOURS", "DAYS", "WEEKS"] = "HOURS"
    paused: bool = False

    def __post_init__(self) -> None:
        if type(self.interval) is not int or self.interval < 1:
            raise SettingError.wrong("Periodic", "interval", self.interval, wanted="a whole number, 1 or more")
        if self.unit not in UNITS:
            raise SettingError.wrong("Periodic", "unit", self.unit, wanted=f"one of {', '.join(UNITS)}")


@dataclass(frozen=True, slots=True)
class FileArrival:
    """A run when a file arrives under a volume or external location.

    Raises:
        SettingError: the place is empty or no text.

    >>> FileArrival("/Volumes/prod/sales/landing/").url
    '/Volumes/prod/sales/landing/'
    """

    url: str
    paused: bool = False

    def __post_init__(self) -> None:
        if type(self.url) is not str or not self.url:
            wanted = "a path of a volume or the URL of an external location"
            raise SettingError.wrong("FileArrival", "url", self.url, wanted=wanted)


@dataclass(frozen=True, slots=True)
class Continuous:
    """A run that starts again as soon as it ends.

    >>> Continuous(paused=True)
    Continuous(paused=True)
    """

    paused: bool = False


Trigger: TypeAlias = Cron | Periodic | FileArrival | Continuous
KINDS: Final = (Cron, Periodic, FileArrival, Continuous)
