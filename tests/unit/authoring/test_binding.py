from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.errors.authoring import ConstantError, OutsideBodyError
from lakewright.loading.objects import load as load_object
from lakewright.model.binding import (
    MAX_CONSTANT_BYTES,
    Binding,
    Constant,
    Gather,
    Join,
    Leaf,
    Output,
    ParameterValue,
    Results,
    fill,
    leaves,
)
from lakewright.model.storage import StorageValue
from tests.unit.authoring.sample_tasks import Report, Split, clean, load, take, two
from tests.unit.authoring.traced import dag_of, line_of
from tests.unit.model.strategies import exactly, texts, values


def bound(value: object) -> Binding:
    """The binding of a constant argument."""

    def body() -> None:
        two(value)

    return dag_of(body).task("two").arguments[0].binding


def filled(binding: Binding, outputs: dict[str, object]) -> object:
    """The value of a binding, with data in place of outputs."""

    class Data:
        def value(self, leaf: Leaf) -> object:
            if isinstance(leaf, Constant):
                return leaf.value(load_object)
            if isinstance(leaf, ParameterValue):
                return outputs[leaf.name]
            assert not isinstance(leaf, Results)
            return leaf.storage if isinstance(leaf, StorageValue) else outputs[leaf.task]

        def for_each(self, gather: Gather) -> list["Data"]:
            raise NotImplementedError(gather)

        def taken(self, join: Join) -> Binding:
            raise NotImplementedError(join)

    return fill(binding, Data(), load_object)


@given(values().filter(lambda value: len(repr(value)) < MAX_CONSTANT_BYTES // 8))
def test_a_constant_is_recorded_as_it_was(value: object) -> None:
    assert exactly(filled(bound(value), {})) == exactly(value)


def nests(leaf: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Containers of all kinds, in each other."""
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.lists(inner, max_size=3).map(tuple),
            st.dictionaries(texts(), inner, max_size=3),
            st.builds(Split, inner, inner),
            st.builds(Report, texts(), inner),
        ),
        max_leaves=10,
    )


@given(nests(st.sampled_from(["output a", "output b", "parameter", None, 1, date(2013, 1, 31)])))
def test_handles_are_found_in_containers_of_any_shape(shape: object) -> None:
    def body(month: int) -> None:
        outputs = {"output a": load(month), "output b": load.named("b")(2), "parameter": month}
        two(replaced(shape, outputs))

    binding = dag_of(body).task("two").arguments[0].binding
    data: dict[str, object] = {"load": [1], "b": [2], "month": 7}
    wanted = replaced(shape, {"output a": data["load"], "output b": data["b"], "parameter": data["month"]})
    assert exactly(filled(binding, data)) == exactly(wanted)


def replaced(shape: Any, handles: dict[str, Any]) -> Any:  # noqa: ANN401  containers of anything
    """The shape with handles in place of words."""
    if isinstance(shape, str) and shape in handles:
        return handles[shape]
    if isinstance(shape, Split):
        return Split(*(replaced(part, handles) for part in shape))
    if isinstance(shape, (list, tuple)):
        return type(shape)(replaced(part, handles) for part in shape)
    if isinstance(shape, Report):
        return Report(shape.title, replaced(shape.rows, handles))
    return {key: replaced(part, handles) for key, part in shape.items()} if isinstance(shape, dict) else shape


def test_every_handle_of_a_container_is_an_edge() -> None:
    def body() -> None:
        two({"a": [load(1), (load(2), None)], "b": Split(load(3), [])})

    dag = dag_of(body)
    assert dag.upstream("two") == ("load", "load__2", "load__3")


def test_spread_arguments_are_recorded() -> None:
    def body() -> None:
        take(load(1), 2, named=load(3))

    arguments = dag_of(body).task("take").arguments
    assert [(argument.name, argument.kind) for argument in arguments] == [
        ("values", "star"),
        ("named", "double_star"),
    ]
    assert [type(leaf) for argument in arguments for leaf in leaves(argument.binding)] == [Output, Constant, Output]


class Point(NamedTuple):
    x: object


class Number(int):
    pass


def local_object() -> object:
    @dataclass
    class Local:
        x: int

    return Local(1)


def local_enum() -> object:
    class Local(Enum):
        A = 1

    return Local.A


REFUSED: Final[Mapping[str, object]] = {
    "argument 'x' is a set, which cannot be recorded as a constant": {1, 2},
    "argument 'x' is an object": object(),
    "argument 'x' is a builtin_function_or_method": len,
    "argument 'x' is a type": int,
    "argument 'x' is a complex": 1j,
    "argument 'x' is a tests.unit.authoring.test_binding.Number": Number(1),
    "argument 'x' is a dict with the key 1 (int); keys must be str": {1: 2},
    "argument 'x' is a collections.OrderedDict": OrderedDict(a=1),
    "argument 'x' is a collections.defaultdict": defaultdict(int),
    "argument 'x[1]['a'][0]' is a set": [0, {"a": ({2},)}],
    "argument 'x.rows' is a set": Report("a", {3}),  # type: ignore[arg-type]  # the mistake
    "argument 'x.x' is a set": Point({4}),
    "argument 'x[0]' is a tests.unit.authoring.test_binding.local_object.<locals>.Local, defined inside a function": [
        local_object()
    ],
    "local_enum.<locals>.Local, defined inside a function: no other process finds it": local_enum(),
}


@pytest.mark.parametrize("message", REFUSED)
def test_a_constant_that_cannot_travel_is_refused_with_its_place(message: str) -> None:
    with pytest.raises(ConstantError) as caught:
        bound(REFUSED[message])
    assert message in str(caught.value)
    assert "Make any other value inside a task" in str(caught.value)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(bound, "two(value)")


@pytest.mark.parametrize(
    "value",
    ["a" * 2047, ["a" * 1000, "b" * 1100], ("a" * 1000, "b" * 1100), {"a": "b" * 2048}],
    ids=["text", "list", "tuple", "dict"],
)
def test_constants_of_more_than_two_kibibytes_are_refused(value: object) -> None:
    with pytest.raises(ConstantError, match=r"argument 'x' holds constants of 2,\d{3} bytes; at most 2,048"):
        bound(value)


def test_constants_of_two_kibibytes_are_recorded() -> None:
    assert filled(bound("a" * 2046), {}) == "a" * 2046


def test_a_task_that_was_not_called_is_told_so() -> None:
    with pytest.raises(
        ConstantError, match=r"argument 'x\[0\]' is the task 'load' itself, not its output; did you mean load"
    ):
        bound([load])


def test_a_container_that_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ConstantError, match="argument 'x' is nested too deeply, or holds itself"):
        bound(endless)


def test_a_handle_of_another_body_is_refused_wherever_it_hides() -> None:
    kept: list[Any] = []

    def first(month: int) -> None:
        kept.extend([load(1), month])

    dag_of(first)
    for handle, shown in zip(kept, ("<future output of task 'load'>", "<job parameter 'month'>"), strict=True):
        with pytest.raises(OutsideBodyError) as caught:
            bound([{"a": handle}])
        assert f"argument 'x[0]['a']' is the {shown} of another trace than that of job 'daily'" in str(caught.value)


def test_what_a_body_returns_is_bound_like_an_argument() -> None:
    def body(month: int) -> object:
        return {"rows": clean(load(month)), "month": month, "day": date(2013, 1, 31), "cut": Decimal("0.1")}

    result = dag_of(body).result
    assert result is not None
    assert filled(result, {"clean": [1], "month": 7}) == {
        "rows": [1],
        "month": 7,
        "day": date(2013, 1, 31),
        "cut": Decimal("0.1"),
    }


def test_a_return_value_that_cannot_be_recorded_is_told_with_the_body() -> None:
    def body() -> object:
        load(1)
        return {"folder": [Path("a"), {1}]}

    with pytest.raises(ConstantError, match=r"the body's return value\['folder'\]\[1\] is a set") as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.line == body.__code__.co_firstlineno
