import json
import re
from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lakewright.errors.running import InvocationError, UnresolvedReferenceError
from lakewright.model.binding import Argument, Constant, Container, Output, ParameterValue
from lakewright.model.dag import Dag
from lakewright.model.invocation import RUN_REFERENCES, Invocation, from_argv, invocation_of, parameter_reference
from lakewright.model.parameter import Parameter, ParameterType
from lakewright.model.reference import Reference
from lakewright.model.task import IoSpec, Task
from lakewright.model.values import encode, to_text
from tests.unit.model.strategies import exactly, load, texts, values
from tests.unit.model.test_binding_json import bindings

TEXT: Final = ParameterType(kind="str")
FUNCTION: Final = Reference("flights.tasks", "clean")
PLACES: Final = {name: name for name in RUN_REFERENCES}


def invocations() -> st.SearchStrategy[Invocation]:
    """Invocations of any content."""
    io = st.builds(IoSpec, texts(), st.none() | values().map(lambda value: to_text(encode(value))))
    arrival = st.sampled_from(["keyword", "positional", "star", "double_star"])
    return st.builds(
        Invocation,
        job=texts(),
        task=texts(),
        function=st.just(FUNCTION),
        arguments=st.lists(st.builds(Argument, texts(), bindings(), arrival), max_size=3).map(tuple),
        io=st.none() | io,
        producers=st.dictionaries(texts(), io, max_size=2).map(lambda found: tuple(found.items())),
        parameters=st.dictionaries(texts(), st.just(TEXT), max_size=3).map(lambda found: tuple(found.items())),
        digest=texts(),
    )


def after_substitution(text: str) -> str:
    """What is left of a text when the bundle and the platform have put in all that looks like a reference."""
    return re.sub(r"\{\{.*?\}\}", "PLATFORM", re.sub(r"\$\{.*?\}", "BUNDLE", text, flags=re.DOTALL), flags=re.DOTALL)


def values_of(invocation: Invocation, parameters: Mapping[str, str]) -> dict[str, str]:
    return PLACES | {parameter_reference(name): parameters.get(name, "") for name, _ in invocation.parameters}


@given(invocations())
def test_nothing_of_the_json_is_taken_for_a_reference(invocation: Invocation) -> None:
    text = invocation.to_json()
    assert "${" not in text
    assert "{{" not in text
    assert after_substitution(json.dumps([text])) == json.dumps([text])


@given(invocations())
def test_an_invocation_comes_back_from_its_argv(invocation: Invocation) -> None:
    argv = invocation.to_argv(values_of(invocation, {}))
    assert from_argv(argv).invocation == invocation


@given(values())
def test_a_constant_arrives_as_it_was(value: object) -> None:
    argument = Argument("x", Constant.of(value))
    invocation = Invocation(job="j", task="t", function=FUNCTION, arguments=(argument,))
    received = from_argv([after_substitution(element) for element in invocation.to_argv(PLACES)])
    (arrived,) = received.invocation.arguments
    assert isinstance(arrived.binding, Constant)
    assert exactly(arrived.binding.value(load)) == exactly(value)


@given(st.dictionaries(texts(), texts(), max_size=4), st.lists(texts(), max_size=3))
def test_a_parameter_of_any_name_arrives_as_it_was_whatever_the_platform_appends(
    parameters: dict[str, str], appended: list[str]
) -> None:
    assume(not any("{{" in text or "${" in text for text in parameters.values()))
    invocation = Invocation(job="j", task="t", function=FUNCTION, parameters=tuple((name, TEXT) for name in parameters))
    received = from_argv([*invocation.to_argv(values_of(invocation, parameters)), *appended])
    assert {name: received.parameter(name) for name in parameters} == parameters
    assert {name: received.values[name] for name in RUN_REFERENCES} == PLACES


@pytest.mark.parametrize(
    "text", ["{{name}}", "Dear {{ customer }}", "${HOME}", "{{", "}}{{", "${", "{{jobs}}", "{{`x`}}"]
)
def test_braces_of_the_users_own_are_text(text: str) -> None:
    invocation = Invocation(job="j", task="t", function=FUNCTION, parameters=(("p", TEXT),))
    assert from_argv(invocation.to_argv(values_of(invocation, {"p": text}))).parameter("p") == text


@pytest.mark.parametrize(
    "text",
    [
        "{{job.parameters.day}}",
        "{{job.paramters.day}}",
        "{{ tasks.load.values.rows }}",
        "{{input}}",
        "a {{task.name}} b",
        "{{job.start_time.iso_date}}",
        "${var.catalog}",
        "${bundle.target}",
    ],
)
def test_a_parameter_that_was_not_filled_in_is_refused_by_name(text: str) -> None:
    invocation = Invocation(job="j", task="t", function=FUNCTION, parameters=(("day", TEXT),))
    with pytest.raises(UnresolvedReferenceError, match="argument 'day' still holds the unresolved reference") as caught:
        from_argv(invocation.to_argv(values_of(invocation, {"day": text})))
    assert text in str(caught.value)


@pytest.mark.parametrize("name", RUN_REFERENCES)
def test_a_place_that_was_not_filled_in_is_refused_by_name(name: str) -> None:
    argv = Invocation(job="j", task="t", function=FUNCTION).to_argv({**PLACES, name: "/Volumes/${anything}/{{x}}"})
    with pytest.raises(UnresolvedReferenceError, match=f"argument '{name}'"):
        from_argv(argv)


def test_an_invocation_carries_what_the_task_uses_and_no_more() -> None:
    io = IoSpec("flights.tasks:warehouse")
    both = Container("list", (("0", Output("load")), ("1", ParameterValue("day"))))
    dag = Dag(
        name="daily",
        tasks=(
            Task(key="load", function=FUNCTION, io=io),
            Task(key="other", function=FUNCTION, io=io),
            Task(key="clean", function=FUNCTION, arguments=(Argument("both", both),), after=("other",)),
        ),
        parameters=tuple(Parameter(name=name, type=TEXT) for name in ("month", "day")),
    )
    invocation = invocation_of(dag, dag.task("clean"))
    assert invocation.producers == (("load", io),)
    assert invocation.parameters == (("day", TEXT),)
    assert invocation.references == (*RUN_REFERENCES, "parameter.day")
    assert invocation.digest == dag.digest


@pytest.mark.parametrize("argv", [[], ["v1"], ["--help"], ["v2", "{}", "0"], ["day=2013-01-31", "x", "y"]])
def test_what_is_no_invocation_is_told_how_to_run_a_job(argv: list[str]) -> None:
    with pytest.raises(InvocationError, match="use `lakewright run`"):
        from_argv(argv)


SOUND: Final = Invocation(job="j", task="t", function=FUNCTION, arguments=(Argument("x", Constant("1")),))


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "[]",
        "1",
        "null",
        "{}",
        '{"job": "j"}',
        "[" * 100_000,
        SOUND.to_json().replace("flights.tasks:clean", "flights"),
        SOUND.to_json().replace("constant", "unknown"),
        SOUND.to_json().replace('[["x"', '[["x","y","z"'),
    ],
)
def test_a_damaged_document_is_refused_as_such(document: str) -> None:
    argv = SOUND.to_argv(PLACES)
    with pytest.raises(InvocationError, match="the task's invocation is damaged"):
        from_argv([argv[0], document, *argv[2:]])


def test_too_few_values_are_refused() -> None:
    argv = SOUND.to_argv(PLACES)
    with pytest.raises(InvocationError, match="the task got 6 of 7 values"):
        from_argv(argv[:-1])


def test_another_count_than_references_is_refused() -> None:
    version, document, _, *rest = SOUND.to_argv(PLACES)
    for count in ("6", "-1", "8"):
        with pytest.raises(InvocationError, match="of 7 values"):
            from_argv([version, document, count, *rest])
    with pytest.raises(InvocationError, match="damaged"):
        from_argv([version, document, "many", *rest])


def test_a_document_that_lacks_a_reference_is_refused_by_name() -> None:
    version, document, _, *rest = SOUND.to_argv(PLACES)
    with pytest.raises(InvocationError, match="the task got no value for catalog"):
        from_argv([version, document.replace('"catalog",', ""), "6", *rest[:6]])


@given(invocations(), st.data())
def test_a_cut_document_is_always_refused(invocation: Invocation, data: st.DataObject) -> None:
    version, document, *rest = invocation.to_argv(values_of(invocation, {}))
    length = data.draw(st.integers(0, len(document) - 1))
    with pytest.raises(InvocationError):
        from_argv([version, document[:length], *rest])
