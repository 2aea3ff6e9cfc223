from __future__ import annotations

from typing import TYPE_CHECKING, Optional

import polars as pl
import pytest

from lakewright.authoring.annotations import annotation, describe
from lakewright.errors.authoring import AnnotationError

if TYPE_CHECKING:
    from decimal import Decimal


def function(
    *, frame: pl.DataFrame, maybe: pl.LazyFrame | None, nested: list[pl.DataFrame], hidden: Decimal
) -> dict[str, int]:
    raise NotImplementedError(frame, maybe, nested, hidden)


def test_text_is_resolved_in_the_functions_module() -> None:
    assert annotation(function, "frame") is pl.DataFrame
    assert annotation(function, "maybe") == pl.LazyFrame | None
    assert annotation(function, "nested") == list[pl.DataFrame]
    assert annotation(function, "return") == dict[str, int]


def test_what_has_no_annotation_has_none() -> None:
    assert annotation(function, "nothing") is None
    assert annotation(len, "obj") is None


def test_a_name_for_type_checkers_only_is_told_with_its_function() -> None:
    with pytest.raises(
        AnnotationError, match=r"'hidden' in '.*test_annotations:function' cannot be resolved: 'Decimal'"
    ):
        annotation(function, "hidden")


def test_one_name_that_cannot_be_resolved_does_not_hide_the_others() -> None:
    assert annotation(function, "frame") is pl.DataFrame


def test_text_inside_of_a_type_is_resolved_too() -> None:
    def local(_x: object) -> None: ...

    local.__annotations__["_x"] = Optional["pl.DataFrame"]
    assert annotation(local, "_x") == pl.DataFrame | None


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (pl.DataFrame, "DataFrame"),
        ("pl.DataFrame", "pl.DataFrame"),
        (list[int], "list[int]"),
        (tuple[int, str], "tuple[int, str]"),
        (None, ""),
    ],
)
def test_a_type_is_described_as_its_author_would_write_it(given: object, text: str) -> None:
    assert describe(given) == text


def test_a_union_is_described_without_the_module_of_typing() -> None:
    assert describe(int | None) == "int | None"
