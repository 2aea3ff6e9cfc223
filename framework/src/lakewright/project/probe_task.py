"""The task of the probe's jobs: it ends as it is told to, and judges by the clock what only the clock can tell.

`lakewright doctor --probe` puts this file into its bundle. It runs there by itself, so it imports the standard library
only.
"""

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

_FIRST: "Final" = "1"


class ToldToFailError(Exception):
    """The task fails because that is what it is there for, or because the clock says so."""


def succeed(*_: str) -> None:
    """Succeed, whatever else is given."""


def fail(*_: str) -> None:
    """Fail, whatever else is given.

    Raises:
        ToldToFailError: always.
    """
    raise ToldToFailError("told to fail")


def fail_on(wanted: str, found: str) -> None:
    """Fail if a value is the one that is waited for.

    Raises:
        ToldToFailError: it is.
    """
    if wanted == found:
        raise ToldToFailError(f"told to fail on {found}")


def sleep(seconds: str) -> None:
    """Take some time."""
    time.sleep(float(seconds))


def sleep_first(seconds: str, execution: str) -> None:
    """Take some time, but only in the first attempt."""
    if execution == _FIRST:
        sleep(seconds)


def not_before(seconds: str, started: str) -> None:
    """Succeed if so much time has passed since the run started.

    Raises:
        ToldToFailError: it has not.
    """
    passed = _since(started)
    if passed < float(seconds):
        raise ToldToFailError(f"only {passed:.0f} s have passed, not {seconds}")


def fail_first(seconds: str, execution: str, started: str) -> None:
    """Fail after some time in the first attempt; in the next one succeed if that time has not passed twice.

    Raises:
        ToldToFailError: it is the first attempt, or it starts too late.
    """
    if execution == _FIRST:
        sleep(seconds)
        raise ToldToFailError("told to fail the first time")
    passed = _since(started)
    if passed >= 2 * float(seconds):
        raise ToldToFailError(f"{passed:.0f} s have passed, twice {seconds} or more")


def _since(started: str) -> float:
    """Seconds since a time in milliseconds."""
    return time.time() - int(started) / 1000


ACTIONS: "Final[dict[str, Callable[..., None]]]" = {
    action.__name__: action for action in (succeed, fail, fail_on, sleep, sleep_first, not_before, fail_first)
}

if __name__ == "__main__":
    ACTIONS[sys.argv[1]](*sys.argv[2:])
