from collections.abc import Callable

import pytest

from lakewright.authoring.body import Body
from lakewright.authoring.static.body import ReadBody
from lakewright.errors.authoring import StaticAnalysisError
from tests.unit.authoring.sample_tasks import take
from tests.unit.authoring.traced import line_of


class Own:
    """Its code would run if it were added, asked or made a key."""

    def __add__(self, other: object) -> object:
        raise AssertionError

    def __bool__(self) -> bool:
        raise AssertionError

    def __hash__(self) -> int:
        raise AssertionError


OWN = Own()


def added() -> None:
    take(OWN + 1)


def asked() -> None:
    take("x" if OWN else "y")


def keyed() -> None:
    take({OWN: 1})


def long_text() -> None:
    take("x" * 10_000_000_000)


def shifted() -> None:
    take(1 << 10_000_000_000)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (added, "'OWN \\+ 1' does something with an object whose code would run"),
        (asked, "'OWN' does something with an object whose code would run"),
        (keyed, "a key is an object whose code would run"),
        (long_text, "may be huge"),
        (shifted, "may be huge"),
    ],
)
def test_what_would_run_code_or_fill_memory_is_not_done_while_a_body_is_read(
    body: Callable[[], object], message: str
) -> None:
    with pytest.raises(StaticAnalysisError, match=message) as caught:
        ReadBody(Body(body, name="daily")).trace()
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "take(")
