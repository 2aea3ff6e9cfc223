import ast
import linecache
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakewright.loading.definitions import definition_of, first_line, is_unchanged

SOURCE = """
from __future__ import annotations

def plain(number: int) -> int:
    '''A function.'''
    return number + 1

def outer(factor):
    def inner(number):
        return factor * number
    return inner

def decorated(function):
    return function

@decorated
@decorated
def several(): ...

first, second = lambda: 1, lambda: 2
"""


@pytest.fixture
def loaded(tmp_path: Path) -> dict[str, Any]:
    """The names of a module on disk, with its file as `file`."""
    file = tmp_path / "definitions.py"
    file.write_text(SOURCE)
    names: dict[str, Any] = {"__name__": "definitions", "file": file}
    exec(compile(SOURCE, str(file), "exec"), names)  # noqa: S102  a module of the test's own
    return names


def name_of(function: Callable[..., object]) -> str | None:
    found = definition_of(function.__code__)
    return getattr(found, "name", None) if found is not None else None


def test_a_function_is_found_in_its_file(loaded: dict[str, Any]) -> None:
    assert name_of(loaded["plain"]) == "plain"
    assert name_of(loaded["outer"](2)) == "inner"
    assert name_of(loaded["several"]) == "several"


def test_a_decorated_function_begins_with_its_decorators(loaded: dict[str, Any]) -> None:
    found = definition_of(loaded["several"].__code__)
    assert isinstance(found, ast.FunctionDef)
    assert first_line(found) == found.lineno - 2


def test_of_several_on_one_line_nobody_knows_which_is_meant(loaded: dict[str, Any]) -> None:
    assert definition_of(loaded["first"].__code__) is None


def test_what_has_no_source_has_no_definition() -> None:
    names: dict[str, Any] = {}
    exec("def made(): ...", names)  # noqa: S102  a function without a file
    assert definition_of(names["made"].__code__) is None


@pytest.mark.parametrize("name", ["plain", "outer", "several"])
def test_what_is_loaded_is_what_the_file_says(loaded: dict[str, Any], name: str) -> None:
    code = loaded[name].__code__
    found = definition_of(code)
    assert found is not None
    assert is_unchanged(code, found)


def test_an_inner_function_is_compared_within_its_file(loaded: dict[str, Any]) -> None:
    code = loaded["outer"](2).__code__
    found = definition_of(code)
    assert found is not None
    assert is_unchanged(code, found)


def test_an_edit_is_a_change(loaded: dict[str, Any]) -> None:
    loaded["file"].write_text(SOURCE.replace("number + 1", "number + 2"))
    linecache.checkcache(str(loaded["file"]))
    found = definition_of(loaded["plain"].__code__)
    assert found is not None
    assert not is_unchanged(loaded["plain"].__code__, found)


def test_a_file_that_is_no_python_any_more_is_told(loaded: dict[str, Any]) -> None:
    loaded["file"].write_text("def plain(\n")
    linecache.checkcache(str(loaded["file"]))
    with pytest.raises(SyntaxError):
        definition_of(loaded["plain"].__code__)
