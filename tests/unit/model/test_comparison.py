"""How the platform compares."""

import pytest

from lakewright.model.comparison import ConditionError, operand, outcome, shown


@pytest.mark.parametrize(
    ("operator", "left", "right", "taken"),
    [
        ("EQUAL_TO", "12", "12", "true"),
        ("EQUAL_TO", "12.0", "12", "false"),
        ("NOT_EQUAL", "12.0", "12", "true"),
        ("NOT_EQUAL", "a", "a", "false"),
        ("GREATER_THAN", "10", "9", "true"),
        ("GREATER_THAN_OR_EQUAL", "12.0", "12", "true"),
        ("GREATER_THAN_OR_EQUAL", "10.0", "12", "false"),
        ("LESS_THAN", "-1e3", "0", "true"),
        ("LESS_THAN_OR_EQUAL", "0.1", "0.10", "true"),
        ("LESS_THAN", "9007199254740992", "9007199254740993", "true"),
    ],
)
def test_equality_compares_texts_and_order_compares_numbers(
    operator: str, left: str, right: str, *, taken: str
) -> None:
    assert outcome(operator, left, right) == taken


@pytest.mark.parametrize("text", ["", "a", "true", "1_000", "nan", "inf", " 1", "0x1", "{{tasks.a.values.b}}"])
def test_an_order_of_what_is_no_number_fails(text: str) -> None:
    with pytest.raises(ConditionError, match="is not a number"):
        outcome("GREATER_THAN", text, "1")
    with pytest.raises(ConditionError, match="is not a number"):
        outcome("LESS_THAN", "1", text)


@pytest.mark.parametrize(("value", "text"), [("a", "a"), (1.5, "1.5"), (True, "true")])
def test_text_numbers_and_booleans_can_be_compared(value: object, text: str) -> None:
    assert operand(value) == text


@pytest.mark.parametrize("value", [[1], {"a": 1}, None])
def test_nothing_else_can(value: object) -> None:
    with pytest.raises(ConditionError, match="cannot be compared"):
        operand(value)


def test_a_condition_reads_as_people_write_it() -> None:
    assert shown("NOT_EQUAL", "a", "b") == "a != b"
    assert shown("GREATER_THAN_OR_EQUAL", "2", "1") == "2 >= 1"
