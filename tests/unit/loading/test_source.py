import json
import threading
from pathlib import Path

import pytest

from lakewright.errors.base import Location
from lakewright.loading.source import failing_line, is_ours, is_users, shown_path


def test_the_users_files_are_neither_ours_nor_pythons_nor_a_librarys() -> None:
    assert is_users(__file__)
    assert is_ours(failing_line.__code__.co_filename)
    foreign = (failing_line.__code__.co_filename, threading.__file__, "<frozen runpy>")
    assert not any(is_users(file) for file in foreign)
    assert not is_users("/opt/venv/lib/python3.12/site-packages/polars/frame.py")


def test_a_file_below_the_working_directory_is_shown_relative_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_path(str(tmp_path / "src" / "jobs.py")) == "src/jobs.py"
    assert shown_path("/elsewhere/jobs.py") == "/elsewhere/jobs.py"


def test_an_exception_is_told_by_the_users_innermost_line() -> None:
    def fail() -> None:
        json.loads("{")

    with pytest.raises(ValueError, match="Expecting property name") as caught:
        fail()
    line = fail.__code__.co_firstlineno + 1
    assert failing_line(caught.value) == Location(shown_path(__file__), line)


def test_an_exception_without_a_traceback_has_no_line() -> None:
    assert failing_line(ValueError()) is None


def test_a_syntax_error_is_told_by_the_line_it_is_about() -> None:
    with pytest.raises(SyntaxError) as caught:
        compile("x = 1\ny = = 2\n", "jobs.py", "exec")
    assert failing_line(caught.value) == Location("jobs.py", 2, 5)
