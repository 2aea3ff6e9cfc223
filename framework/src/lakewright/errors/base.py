"""The root of all errors and the place in a file that an error is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file; lines and columns count from 1, `end_column` is exclusive.

    >>> str(Location("jobs.py", 14))
    'jobs.py:14'
    """

    file: str
    line: int
    column: int | None = None
    end_column: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class LakewrightError(Exception):
    """What went wrong, where, and the way out.

    Args:
        message: one sentence on what is wrong.
        location: the line of the user's file that is to be changed, where there is one.
        hint: the way out, on lines of its own.

    Attributes:
        excerpt: the line of source with the offending span, once someone who may read files has set it.
    """

    def __init__(self, message: str, *, location: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint
        self.excerpt = ""

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        source = f"\n{self.excerpt}" if self.excerpt else ""
        way_out = "".join(f"\n  {line}" for line in self.hint.splitlines())
        return f"{where}{self.message}{source}{way_out}"
