from collections.abc import Sequence

import pytest

from lakewright.authoring.choices import MOST_PATHS, Decision
from lakewright.authoring.conditions import NOTHING, TRUTH, Comparison
from lakewright.authoring.exploring import explored
from lakewright.authoring.merging import Path
from lakewright.errors.authoring import BranchError
from lakewright.errors.base import Location
from lakewright.model.binding import ParameterValue


def body(depth: int, followed: list[tuple[bool, ...]]) -> Path:
    """A body that asks so many conditions, all on every way; notes each way."""

    def follow(given: Sequence[bool]) -> Path:
        outcomes = (*given, *[True] * (depth - len(given)))
        followed.append(outcomes)
        code = follow.__code__
        decisions = [
            Decision(Comparison(TRUTH, ParameterValue(f"p{n}"), NOTHING), outcome, 0, Location("jobs.py", n), code, 0)
            for n, outcome in enumerate(outcomes)
        ]
        return Path([], decisions, None)

    first = follow(())
    paths = explored(first, follow)
    assert paths[0] is first
    return paths[0]


def test_each_way_is_gone_once_the_first_with_all_conditions_true() -> None:
    followed: list[tuple[bool, ...]] = []
    body(3, followed)
    assert followed[0] == (True, True, True)
    assert len(followed) == len(set(followed)) == 8


def test_a_body_without_conditions_has_one_way() -> None:
    followed: list[tuple[bool, ...]] = []
    body(0, followed)
    assert followed == [()]


def test_too_many_ways_are_refused_before_they_are_gone() -> None:
    followed: list[tuple[bool, ...]] = []
    with pytest.raises(BranchError, match=f"more than {MOST_PATHS} ways"):
        body(MOST_PATHS + 1, followed)
    assert len(followed) <= MOST_PATHS
