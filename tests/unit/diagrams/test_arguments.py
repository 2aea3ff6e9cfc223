"""Where arguments come from."""

from lakewright.diagrams.arguments import Source, sources
from lakewright.model.binding import Argument, Constant, Container, Output, ParameterValue


def test_outputs_inside_containers_are_named_once() -> None:
    container = Container(
        "list", (("0", Output("a")), ("1", Output("a")), ("2", Constant("1")), ("3", Output("b", ("x",))))
    )
    assert sources(Argument("rows", container), {}) == (Source("a", ""), Source("b", "['x']"))


def test_a_constant_is_its_json() -> None:
    assert sources(Argument("limit", Constant("3")), {}) == (Source("", "3"),)


def test_several_values_in_one_argument_stand_side_by_side() -> None:
    container = Container("tuple", (("0", Constant("1")), ("1", ParameterValue("month"))))
    assert sources(Argument("both", container), {"month": "2"}) == (Source("", "1, 2 (parameter month)"),)
