"""The root of all errors and the place in a file that an error is about."""

from __future__ import annotations

from typing import NamedTuple


# A named tuple: every user of `@task` imports this module, and `dataclasses` costs 8 ms at import.
class Location(NamedTuple):
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
        more: what else was found wrong at the same time.

    >>> print(LakewrightError("no task 'claen'", location=Location("jobs.py", 14), hint="Name a task of the job."))
    jobs.py:14: no task 'claen'
      Name a task of the job.
    """

    def __init__(self, message: str, *, location: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint
        self.excerpt = ""
        self.more: tuple[LakewrightError, ...] = ()

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        source = f"\n{self.excerpt}" if self.excerpt else ""
        way_out = "".join(f"\n  {line}" for line in self.hint.splitlines())
        return "\n".join([f"{where}{self.message}{source}{way_out}", *map(str, self.more)])
