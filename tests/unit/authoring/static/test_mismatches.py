from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol

import polars as pl
import pytest

from lakewright import task
from lakewright.authoring.body import Body
from lakewright.authoring.static.mismatches import mismatches
from lakewright.authoring.static.types import excludes
from tests.unit.authoring.traced import line_of, trace


class Named(Protocol):
    name: str


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (str, int),
        (int, float),
        (pl.LazyFrame, pl.DataFrame),
        (list[str], list[int]),
        (dict[str, list[int]], dict[str, list[str]]),
        (int | str, float),
        (Mapping[str, int], list[int]),
        (Annotated[str, "x"], bytes),
        (int, None),
    ],
)
def test_types_that_have_no_value_in_common_exclude_each_other(wanted: object, given: object) -> None:
    assert excludes(wanted, given)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (object, int),
        (Any, int),
        (int, Any),
        (float, int),
        (int, bool),
        (bool, int),
        (Sequence[int], list[int]),
        (list, list[int]),
        (int | None, None),
        (int, int | str),
        (Literal["a"], str),
        (Named, int),
        ("later", int),
        (tuple[int, ...], tuple[int, int]),
    ],
)
def test_types_that_may_go_together_are_let_pass(wanted: object, given: object) -> None:
    assert not excludes(wanted, given)


@task
def number() -> int:
    return 1


@task
def both() -> tuple[str, int]:
    return "a", 1


@task
def text(word: str, *more: str) -> str:
    return word + "".join(more)


def whole() -> None:
    text(number())  # type: ignore[arg-type]  # the mistake


def part() -> None:
    word, count = both()
    text(word)
    text(count)  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize(("body", "line"), [(whole, "text(number"), (part, "text(count")])
def test_an_output_that_a_parameter_cannot_take_is_found_at_the_call(body: Callable[..., object], line: str) -> None:
    (found,) = mismatches(Body(body, name="daily").trace())
    assert (found.code, found.severity) == ("type-mismatch", "warning")
    assert "is str, and task '" in found.message
    assert "gives int" in found.message
    assert found.location is not None
    assert found.location.line == line_of(body, line)


def test_what_fits_or_has_no_annotation_is_no_finding() -> None:
    def body() -> None:
        word, _ = both()
        text(word, text(word))

    assert list(mismatches(trace(body))) == []
