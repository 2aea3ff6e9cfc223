"""Pipelines in groups, as many as a matrix of GitHub takes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable

# "A matrix will generate a maximum of 256 jobs per workflow run": GitHub, Running variations of jobs in a workflow.
MOST_JOBS: Final = 256


class Group(NamedTuple):
    """Pipelines that one job of a matrix works on.

    Attributes:
        name: the pipeline's, where it is alone in its group for good.
        pipelines: in the order of their names.
    """

    name: str
    pipelines: tuple[str, ...]


def groups(names: Iterable[str], *, known: int, most: int = MOST_JOBS) -> tuple[Group, ...]:
    """Pipelines as the jobs of a matrix: each by itself, if the matrix would take all that there are.

    Otherwise a pipeline has its group by its name alone, so that it is the same for every target and commit: what is
    built by a group is found by its name, and no two jobs of different groups ever work on one pipeline.

    >>> groups(["flights", "sales"], known=2)
    (Group(name='flights', pipelines=('flights',)), Group(name='sales', pipelines=('sales',)))
    >>> groups(["flights", "sales", "web"], known=3, most=2)
    (Group(name='group-000', pipelines=('flights', 'sales')), Group(name='group-001', pipelines=('web',)))

    Args:
        names: of the pipelines that there is something to do for.
        known: how many pipelines there are.
        most: jobs of a matrix.
    """
    if known <= most:
        return tuple(Group(name, (name,)) for name in sorted(names))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        found[f"group-{crc32(name.encode()) % most:03}"].append(name)
    return tuple(Group(group, tuple(found[group])) for group in sorted(found))
