"""The user's own frames."""

import json
import re
from pathlib import Path

import pytest

from lakewright import job, task
from lakewright.errors.running import OutputError
from lakewright.execution.tracebacks import user_traceback

HERE = Path(__file__).parent


def parse(text: str) -> object:
    return json.loads(text)


def test_frames_of_libraries_and_of_lakewright_are_left_out() -> None:
    @task
    def load() -> object:
        return parse("{")

    @job
    def daily() -> object:
        return load()

    outcome = daily.execute().outcomes["load"]
    assert outcome.error
    lines = re.sub(r":\d+", "", user_traceback(outcome.error, HERE)).splitlines()
    assert lines == [
        "test_tracebacks.py  in load",
        '    return parse("{")',
        "test_tracebacks.py  in parse",
        "    return json.loads(text)",
    ]


def test_what_caused_an_error_comes_first() -> None:
    def fail() -> None:
        try:
            parse("{")
        except ValueError as error:
            message = "no flights"
            raise LookupError(message) from error

    with pytest.raises(LookupError) as caught:
        fail()
    text = user_traceback(caught.value, HERE)
    cause, result = text.split("which led to:")
    assert "json.decoder.JSONDecodeError: Expecting property name" in cause
    assert "raise LookupError(message) from error" in result


def test_an_error_of_nobody_has_no_traceback() -> None:
    assert user_traceback(OutputError("the disk is full"), HERE) == ""


def test_a_path_elsewhere_is_shown_whole(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Expecting") as caught:
        parse("{")
    assert str(Path(__file__)) in user_traceback(caught.value, tmp_path)
