from lakewright.text.exceptions import MOST, message_of, said


class SilentError(Exception):
    """Cannot be told."""

    def __str__(self) -> str:
        return str(1 // 0)


def test_an_exception_that_cannot_be_told_is_named() -> None:
    assert said(SilentError()) == "SilentError: (its message cannot be told: ZeroDivisionError)"


def test_a_message_without_end_is_cut() -> None:
    assert message_of(ValueError("x" * 1_000_000)) == "x" * MOST + "… (1,000,000 characters)"
