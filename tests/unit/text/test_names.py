import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.text.names import plural, quoted, slug


@given(st.text(), st.integers(1, 60))
def test_a_slug_has_only_letters_digits_and_two_signs(text: str, limit: int) -> None:
    made = slug(text, limit=limit)
    assert len(made) <= limit
    assert all(char.isascii() and (char.isalnum() or char in "-_") for char in made)
    assert slug(made, limit=limit) == made


@pytest.mark.parametrize(
    ("text", "made"), [("a b", "a_b"), ('"2013-01-31"', "2013-01-31"), ("__x__", "x"), ("Köln", "Koln"), ("…", "")]
)
def test_other_characters_become_one_underscore(text: str, made: str) -> None:
    assert slug(text) == made


def test_names_are_quoted_in_the_given_order() -> None:
    assert quoted(name for name in ("b", "a")) == "'b', 'a'"
    assert quoted([]) == ""


@pytest.mark.parametrize(("count", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1_000_000, "1,000,000 rows")])
def test_a_count_agrees_with_its_noun(count: int, text: str) -> None:
    assert plural(count, "row") == text
