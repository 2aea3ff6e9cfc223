import ast
from typing import Any

import pytest

from lakewright.authoring.static.frames import Place, ReadCode, ReadFrame
from lakewright.authoring.static.functions import ReadFunction, bound_arguments, own_names
from lakewright.authoring.static.scope import Scope

FRAME = ReadFrame(
    ReadCode("jobs.py", "", range(1)), Scope({}), back=None, place=Place(ast.Pass(lineno=1, col_offset=0))
)


def definition(source: str) -> ast.FunctionDef:
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    return node


def read(source: str, *defaults: object, **named: object) -> ReadFunction:
    def call(function: ReadFunction, args: Any, kwargs: Any) -> object:  # noqa: ANN401  of any call
        return bound_arguments(function, args, kwargs)

    return ReadFunction(definition(source), FRAME, "f", defaults=(defaults, named), call=call)


def plain(a: int, b: int = 2, /, c: int = 3, *rest: int, d: int, e: int = 5, **others: int) -> dict[str, object]:
    return locals()


CALLS: list[tuple[tuple[int, ...], dict[str, int]]] = [
    ((1,), {"d": 4}),
    ((1, 20), {"d": 4, "c": 30}),
    ((1, 2, 3, 4, 5), {"d": 4, "e": 50}),
    ((1,), {"d": 4, "b": 7, "f": 6}),
]


@pytest.mark.parametrize(("args", "kwargs"), CALLS)
def test_parameters_get_what_python_gives_them(args: tuple[int, ...], kwargs: dict[str, int]) -> None:
    function = read("def f(a, b=2, /, c=3, *rest, d, e=5, **others): ...", 2, 3, e=5)
    assert function(*args, **kwargs) == plain(*args, **kwargs)


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), ((1, 2, 3), {}), ((1, 2), {"c": 3}), ((1, 2), {"a": 3})])
def test_arguments_that_python_refuses_are_refused(args: tuple[int, ...], kwargs: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="does not take these arguments"):
        read("def f(a, b): ...")(*args, **kwargs)


def test_names_that_a_function_assigns_are_those_of_its_statements_however_deep() -> None:
    source = """
def f():
    a = (b, *c) = given
    d: int = 1
    e += 1
    for g in given:
        if g:
            with given as h: ...
        else:
            try:
                i = 1
            except KeyError:
                j = 2
            finally:
                k = 3
    def l():
        m = 1
    [n for n in given]
    o.p = q[0] = 1
"""
    assert own_names(definition(source.strip())) == frozenset("abcdeghijkl")
    assert own_names(ast.parse("lambda: 1", mode="eval").body) == frozenset()  # type: ignore[arg-type]  # a lambda
