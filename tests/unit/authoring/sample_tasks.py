"""Tasks that bodies of tests call."""

from dataclasses import dataclass
from typing import Any, NamedTuple, TypedDict

from lakewright import task


class Split(NamedTuple):
    train: list[int]
    test: list[int]


class Row(TypedDict):
    rows: list[int]


@dataclass
class Report:
    title: str
    rows: list[int]


@task
def load(month: int = 1) -> list[int]:
    """Rows of a month.

    More about them.
    """
    return [month]


@task
def clean(rows: list[int]) -> list[int]:
    return rows


@task
def split(rows: list[int]) -> Split:
    return Split(rows, rows)


@task
def pair(rows: list[int]) -> tuple[list[int], int]:
    return rows, len(rows)


@task
def report(rows: list[int]) -> Report:
    return Report("a", rows)


@task
def row(rows: list[int]) -> Row:
    return {"rows": rows}


@task
def by_name(rows: list[int]) -> dict[str, list[int]]:
    return {"a": rows}


@task
def lists(rows: list[int]) -> list[list[int]]:
    return [rows]


@task
def untyped(rows):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  as users may write it
    return rows


@task
def take(*values: object, **named: object) -> object:
    return values, named


@task
def two(x: Any, y: Any = None) -> object:  # noqa: ANN401  anything may be passed
    return x, y


def picked(month: int | None) -> list[int]:
    """A function that asks what it cannot know."""
    return load(1) if month is None else load(2)
