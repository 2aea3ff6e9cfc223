import subprocess
import sys
import time
from typing import Final

import pytest

from lakewright.project import probe_task

_AGO: Final = " s ago"


def ended(*words: str) -> tuple[int, str]:
    """How the task ends, run as a workspace runs it: a file by itself; `5 s ago` is that time in milliseconds."""
    given = [ago(word.removesuffix(_AGO)) if word.endswith(_AGO) else word for word in words]
    command = [sys.executable, "-I", probe_task.__file__, *given]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return run.returncode, run.stderr.strip().rpartition("\n")[2]


def ago(seconds: str) -> str:
    return str(int((time.time() - float(seconds)) * 1000))


@pytest.mark.parametrize(
    "words",
    [
        ("succeed", "whatever"),
        ("fail_on", "a", "b"),
        ("sleep", "0"),
        ("sleep_first", "60", "2"),
        ("not_before", "100", "200 s ago"),
        ("fail_first", "200", "2", "300 s ago"),
    ],
    ids=" ".join,
)
def test_it_succeeds_where_it_is_told_to_or_the_clock_allows(words: tuple[str, ...]) -> None:
    assert ended(*words) == (0, "")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("fail",), "told to fail"),
        (("fail_on", "a", "a"), "told to fail on a"),
        (("not_before", "100", "0 s ago"), "s have passed, not 100"),
        (("fail_first", "0", "1", "0 s ago"), "told to fail the first time"),
        (("fail_first", "200", "2", "600 s ago"), "s have passed, twice 200 or more"),
    ],
    ids=["fail", "fail_on", "too early", "first", "too late"],
)
def test_it_fails_where_it_is_told_to_or_the_clock_forbids(words: tuple[str, ...], why: str) -> None:
    code, said = ended(*words)
    assert code == 1
    assert "ToldToFailError" in said
    assert said.endswith(why)


def test_only_the_first_attempt_takes_its_time() -> None:
    started = time.monotonic()
    probe_task.sleep_first("0.2", "1")
    assert time.monotonic() - started >= 0.2
