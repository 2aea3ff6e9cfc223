"""The user's own frames."""

import builtins
import json
import re
import sys
from pathlib import Path

import pytest

from lakewright import job, task
from lakewright.errors.running import OutputError
from lakewright.execution.raised import raised
from lakewright.execution.tracebacks import causes, innermost, user_traceback

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


def chain(length: int) -> Exception:
    """An error that another one led to, and so on."""
    error = ValueError("0")
    for number in range(1, length):
        following = ValueError(str(number))
        following.__cause__ = error
        error = following
    return error


def test_a_chain_of_thousands_is_told_by_what_is_nearest() -> None:
    told = [cause for cause, _ in causes(chain(5000))]
    assert told[0] == "ValueError: 4998"
    assert len(told) < 50


def test_an_error_that_leads_to_itself_is_told_once() -> None:
    error = ValueError("again")
    error.__cause__ = error
    assert [cause for cause, _ in causes(error)] == []


@pytest.mark.skipif(sys.version_info < (3, 11), reason="groups came with Python 3.11")
def test_the_parts_of_a_group_are_told_with_their_places() -> None:
    def fail(number: int) -> None:
        raise ValueError(number)

    def caught(number: int) -> Exception:
        with pytest.raises(ValueError, match=str(number)) as error:
            fail(number)
        return error.value

    group: Exception = vars(builtins)["ExceptionGroup"]("two of them", [caught(1), caught(2)])
    told = [(cause, frame.function if frame else "") for cause, frame in causes(group)]
    assert told == [("ValueError: 1", "fail"), ("ValueError: 2", "fail")]
    assert "ValueError: 1\n\nwhich led to:" in user_traceback(group, HERE)


def test_a_line_that_is_no_python_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def load(:\n", encoding="utf-8")

    def read() -> None:
        compile((tmp_path / "broken.py").read_text(encoding="utf-8"), str(tmp_path / "broken.py"), "exec")

    with pytest.raises(SyntaxError) as caught:
        read()
    (own,) = raised(caught.value).tracebacks
    assert own.error.splitlines()[0] == f'  File "{tmp_path}/broken.py", line 1'
    assert own.error.splitlines()[-1].startswith("SyntaxError: ")
    frame = innermost(own)
    assert frame is not None
    assert frame.function == "read"


def test_our_own_errors_are_told_as_causes_of_others_only() -> None:
    @task
    def keep() -> object:
        return object()

    @job
    def daily() -> object:
        return keep()

    error = daily.execute().outcomes["keep"].error
    assert isinstance(error, OutputError)
    assert error.__cause__
    assert list(causes(error)) == []
    assert "UnencodableError" not in user_traceback(error, HERE)
    users = LookupError("no flights")
    users.__cause__ = OutputError("the disk is full")
    assert [cause for cause, _ in causes(users)] == ["lakewright.errors.running.OutputError: the disk is full"]
