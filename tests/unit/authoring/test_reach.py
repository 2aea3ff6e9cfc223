# What a function names is told from its code, so each is called by a function of its own.
# ruff: noqa: PLW0108
from functools import partial
from types import FunctionType
from typing import Any

from lakewright.authoring.reach import calls_tasks, functions_of
from tests.unit.authoring import sample_tasks
from tests.unit.authoring.sample_tasks import load


def leaf() -> int:
    return 1


def calling() -> list[int]:
    return load(leaf())


class Holder:
    def method(self) -> int:
        return leaf()

    @classmethod
    def made(cls) -> int:
        return leaf()

    def other(self) -> int:
        return 2


TABLE = {"leaf": leaf}
bound = partial(leaf)
holder = Holder()


def plain(function: object) -> FunctionType:
    assert isinstance(function, FunctionType)
    return function


def reached(function: Any) -> set[str]:  # noqa: ANN401  any function
    return {each.__name__ for each in functions_of(function)}


def test_a_function_comes_to_what_it_names_and_what_that_names() -> None:
    assert reached(lambda: calling()) == {"<lambda>", "calling", "leaf"}


def test_functions_are_reached_by_tables_partials_modules_and_closures() -> None:
    inner = leaf
    assert "leaf" in reached(lambda: TABLE["leaf"]())
    assert "leaf" in reached(lambda: bound())
    assert "leaf" in reached(lambda: inner())
    assert "picked" in reached(lambda: sample_tasks.picked(1))


def test_methods_are_reached_that_are_named_and_no_others() -> None:
    assert reached(lambda: holder.method()) == {"<lambda>", "method", "leaf"}
    assert "made" in reached(lambda: Holder.made())
    assert "other" not in reached(lambda: holder.method())


def test_libraries_and_python_are_not_reached() -> None:
    assert reached(len) == set()
    assert reached(lambda: partial(len)) == {"<lambda>"}


def test_a_function_calls_tasks_if_it_names_one() -> None:
    assert calls_tasks(plain(calling))
    assert not calls_tasks(plain(leaf))
