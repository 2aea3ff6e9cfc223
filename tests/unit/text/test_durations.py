import pytest

from lakewright.text.durations import seconds


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "0.00 s"),
        (0.994, "0.99 s"),
        (1, "1.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 0 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 0 min"),
        (90_061, "25 h 1 min"),
    ],
)
def test_a_duration_is_shown_in_its_own_unit(duration: float, text: str) -> None:
    assert seconds(duration) == text
