"""How often and how long after a failure a task is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lakewright.errors.authoring import SettingError


@dataclass(frozen=True, slots=True)
class Retry:
    """`retries` more attempts after the first; the wait grows from `delay` by `backoff` up to `max_delay` seconds.

    The platform waits a constant time between attempts; there `delay` is that time.

    Raises:
        SettingError: a number that is negative or no number.

    >>> [Retry(3, delay=1.0, backoff=2.0).wait(attempt) for attempt in (1, 2, 3)]
    [1.0, 2.0, 4.0]
    """

    retries: int
    delay: float = 1.0
    backoff: float = 2.0
    max_delay: float = 300.0

    def __post_init__(self) -> None:
        if type(self.retries) is not int or self.retries < 0:
            raise SettingError.wrong("Retry", "retries", self.retries, wanted="a whole number, 0 or more")
        for name in ("delay", "backoff", "max_delay"):
            value = getattr(self, name)
            if type(value) not in {int, float} or not value >= 0:
                raise SettingError.wrong("Retry", name, value, wanted="a number, 0 or more")

    def wait(self, failures: int) -> float:
        """Seconds to wait after this many failed attempts."""
        try:
            delay = self.delay * float(self.backoff) ** (failures - 1)
        except OverflowError:
            return self.max_delay
        return min(delay, self.max_delay)


NO_RETRY: Final = Retry(0)
