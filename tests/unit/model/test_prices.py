import pytest

from lakewright.model.prices import money


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [(0.0, "$", "$0.00"), (0.41, "USD", "0.41 USD"), (0.0004, "€", "€0.0004"), (12_345.678, "$", "$12,345.68")],
)
def test_an_amount_has_the_digits_that_say_something(amount: float, currency: str, *, said: str) -> None:
    assert money(amount, currency) == said
