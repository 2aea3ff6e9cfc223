import ast

import pytest

from lakewright.authoring.static.scope import Scope, UnboundError


def name(identifier: str) -> ast.Name:
    return ast.Name(identifier, ast.Store())


def test_a_name_is_found_in_the_function_then_around_it_then_in_the_module_then_in_python() -> None:
    outer = Scope({"month": 1, "len": "of the module"})
    inner = Scope(outer.names, outer=outer)
    assert inner.find("month") == 1
    outer.bind(name("month"), 2)
    assert inner.find("month") == 2
    inner.bind(name("month"), 3)
    assert (inner.find("month"), outer.find("month")) == (3, 2)
    assert (inner.find("len"), inner.find("max")) == ("of the module", max)


def test_a_name_that_a_function_assigns_later_has_no_value_whatever_is_around_it() -> None:
    scope = Scope({"month": 1}, own=frozenset({"month"}))
    with pytest.raises(UnboundError):
        scope.find("month")
    with pytest.raises(UnboundError):
        scope.find("nowhere")


def test_the_assignment_behind_a_value_is_known_and_a_parameter_has_none() -> None:
    scope = Scope({})
    scope.values["given"] = 1
    target = name("rows")
    scope.bind(target, 2)
    assert scope.inner().binding("rows") is target
    assert (scope.binding("given"), scope.binding("nowhere")) == (None, None)


def test_names_of_a_comprehension_are_its_own_and_it_assigns_by_walrus_in_the_function_around_it() -> None:
    scope = Scope({})
    inner = scope.inner()
    inner.bind(name("each"), 1)
    assert inner.find("each") == 1
    with pytest.raises(UnboundError):
        scope.find("each")
    assert inner.inner().function is scope
