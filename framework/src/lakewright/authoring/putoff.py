"""Errors of a body that can wait until its end, so that all are told at once."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.errors.base import LakewrightError, Location


class PutOff:
    """What is wrong with a body, though it could go on; the same at one place, as of a loop, counts once."""

    def __init__(self) -> None:
        self._errors: dict[tuple[Location | None, str], LakewrightError] = {}

    def __bool__(self) -> bool:
        return bool(self._errors)

    def __contains__(self, error: LakewrightError) -> bool:
        return any(error is each for each in self._errors.values())

    def add(self, error: LakewrightError) -> None:
        """Something is wrong."""
        self._errors.setdefault((error.location, error.message), error)

    def together(self, *last: LakewrightError) -> LakewrightError:
        """The first error, with all others beside it.

        Args:
            last: what the body could not go on after.
        """
        first, *more = (*self._errors.values(), *last)
        first.more = tuple(more)
        return first
