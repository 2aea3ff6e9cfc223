"""What can be told of an exception."""

import pytest

from lakewright.errors.raised import Raised
from lakewright.errors.running import ProcessFailedError
from lakewright.execution.raised import kinds_of, raised


class UntoldError(ConnectionError):
    """Cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


def caught(cause: BaseException | None = None) -> BaseException:
    with pytest.raises(ConnectionError) as info:
        raise ConnectionError("no line") from cause
    return info.value


def test_class_message_and_frames() -> None:
    found = raised(caught())
    assert (found.kind, found.message) == ("ConnectionError", "no line")
    assert found.kinds[:2] == ("ConnectionError", "OSError")
    (own,) = found.tracebacks
    assert own.error == "ConnectionError: no line"
    frame = own.frames[-1]
    assert (frame.file, frame.function, frame.source) == (
        __file__,
        "caught",
        'raise ConnectionError("no line") from cause',
    )


def test_what_led_to_it_comes_before_it() -> None:
    assert [each.error for each in raised(caught(KeyError("day"))).tracebacks] == [
        "KeyError: 'day'",
        "ConnectionError: no line",
    ]


def test_an_error_that_cannot_be_told_has_a_message_all_the_same() -> None:
    assert raised(UntoldError()).message == "(its message cannot be told: RuntimeError)"
    assert kinds_of(UntoldError())[0] == "tests.unit.execution.test_raised.UntoldError"


def test_of_an_error_from_a_process_it_is_what_was_raised_there() -> None:
    there = Raised("no line", ("requests.Timeout", "OSError"))
    error = ProcessFailedError("no line", raised=there)
    assert raised(error) is there
    assert kinds_of(error) == there.kinds
    assert raised(ProcessFailedError("it died")).kind == "ProcessFailedError"
