import ast
import json
import threading
from pathlib import Path

import pytest

from lakewright.errors.base import Location
from lakewright.loading.source import failing_line, is_ours, is_users, shown_path, span_location


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


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_columns_count_characters_whatever_python_and_the_file_count(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "jobs.py"
    source = 'x = 1\n"äöü", load()\n'
    file.write_text(f"# coding: {encoding}\n{source}", encoding=encoding)
    call = ast.parse(file.read_bytes()).body[1].value.elts[1]  # type: ignore[attr-defined]  # as it is written above
    span = (call.lineno, call.end_lineno, call.col_offset, call.end_col_offset)
    assert span_location(str(file), span) == Location(str(file), 3, 8, 14)


def test_what_ends_on_another_line_has_no_last_column_and_what_cannot_be_read_that_of_its_bytes() -> None:
    assert span_location("nowhere.py", (3, 4, 7, 2)) == Location("nowhere.py", 3, 8)
    assert span_location("nowhere.py", (3, 3, 7, 9)) == Location("nowhere.py", 3, 8, 10)


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
