"""Prints what each body comes to on the Python that runs this: its nodes, or the line at which it is refused."""
# Bodies are typed as if tasks ran.
# mypy: disable-error-code="unreachable,redundant-expr"

import sys
from collections.abc import Callable
from dataclasses import dataclass

from lakewright import job, task
from lakewright.errors.authoring import BranchError


@task
def load(month: int) -> list[int]:
    """Rows of a month."""
    return [month]


@dataclass
class Kept:
    """An object that may keep an output."""

    rows: object = None

    def is_empty(self) -> bool:
        """Asks about what it keeps."""
        return self.rows is None


def asked(value: object) -> bool:
    """Asks, and calls no task."""
    return value is None


def by_parameter(month: int) -> None:
    """Asks about a parameter."""
    if month is None:
        load(1)


def by_helper(month: int) -> None:
    """Lets a function ask."""
    asked(load(month))


def by_object(month: int) -> None:
    """Lets an object ask."""
    Kept(load(month)).is_empty()


def by_comprehension(month: int) -> None:
    """Asks about each of several."""
    len([row for row in [load(month)] if row is None])


def by_while(month: int) -> None:
    """Asks again and again."""
    rows = load(month)
    while rows:
        rows = load(month)


def by_type(month: int) -> None:
    """Asks for a type."""
    rows = [load(month)]
    isinstance(rows[0], list)


def known(month: int) -> None:
    """Asks about what the body knows."""
    tries = 0
    while tries < 2:
        tries += 1
    if asked(None) and Kept().is_empty() and isinstance(tries, int):
        load(month)


BODIES: tuple[Callable[[int], None], ...] = (
    by_parameter,
    by_helper,
    by_object,
    by_comprehension,
    by_while,
    by_type,
    known,
)


def result(body: Callable[[int], None]) -> object:
    """The nodes of a body, or the line that is refused."""
    try:
        return job(body).dag.nodes
    except BranchError as error:
        return error.location.line if error.location else error


if __name__ == "__main__":
    for each in BODIES:
        sys.stdout.write(f"{each.__name__} {result(each)}\n")
