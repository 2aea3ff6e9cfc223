"""What a log tells about the error that ended a process."""

import sys
from pathlib import Path
from subprocess import run

import pytest

from lakewright.emulator.tracebacks import LastRaised, last_raised

SCRIPT = """
import json
class Odd(Exception): ...
def read():
    try:
        json.loads("{")
    except ValueError as error:
        raise Odd("no number\\n  in line 1\\n\\nat all") from error
"""


def log(folder: Path, source: str) -> str:
    """The log of a process that ran a script."""
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    ended = run((sys.executable, str(script)), capture_output=True, encoding="utf-8", check=False)
    (folder / "log").write_text(ended.stderr, encoding="utf-8")
    return str(folder / "log")


def test_the_last_error_is_told_with_all_of_its_message_and_the_users_line(tmp_path: Path) -> None:
    raised = last_raised(log(tmp_path, SCRIPT + "read()"))
    assert raised is not None
    assert raised.error == "Odd: no number\n  in line 1\n\nat all"
    assert raised.frame is not None
    assert raised.frame[:3] == (str(tmp_path / "script.py"), 8, "read")
    assert raised.frame.source.startswith("raise Odd(")


def test_the_users_line_is_the_one_that_called_a_library(tmp_path: Path) -> None:
    raised = last_raised(log(tmp_path, "import json\njson.loads('{')"))
    assert raised is not None
    assert raised.error.startswith("JSONDecodeError: Expecting property name")
    assert raised.frame == (str(tmp_path / "script.py"), 2, "<module>", "json.loads('{')")


@pytest.mark.parametrize("text", ["", "step a\n", "Traceback (most recent call last):\n  File"])
def test_a_log_without_a_whole_traceback_tells_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "log").write_text(text, encoding="utf-8")
    assert last_raised(str(tmp_path / "log")) is None
    assert last_raised(str(tmp_path / "nothing")) is None


def test_a_long_message_is_cut(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("Traceback (most recent call last):\nE: a\n" + "b\n" * 50, encoding="utf-8")
    assert last_raised(str(tmp_path / "log")) == LastRaised("E: a\n" + "b\n" * 39 + "…")


GROUP = """
def fail(number):
    raise ValueError(number)
def both():
    errors = []
    for number in (1, 2):
        try:
            fail(number)
        except ValueError as error:
            errors.append(error)
    raise ExceptionGroup("two of them", errors)
both()
"""


@pytest.mark.skipif(sys.version_info < (3, 11), reason="groups came with Python 3.11")
def test_a_group_is_told_with_its_parts(tmp_path: Path) -> None:
    raised = last_raised(log(tmp_path, GROUP))
    assert raised is not None
    assert raised.frame is not None
    assert raised.frame[:3] == (str(tmp_path / "script.py"), 11, "both")
    assert raised.error.startswith("ExceptionGroup: two of them (2 sub-exceptions)\n")
    assert "| ValueError: 1" in raised.error
    assert "| ValueError: 2" in raised.error
