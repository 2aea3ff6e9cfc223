"""`analyze()` of bodies that branch: all ways, or those that are left for given parameters."""

from typing import Literal

import pytest

from lakewright import pipeline, task
from lakewright.errors.authoring import ParameterError
from tests.branches import needs_branches


@task
def extract(month: int) -> list[int]:
    return [month]


@task
def full(rows: list[int]) -> list[int]:
    return rows


@task
def quick(rows: list[int]) -> list[int]:
    return rows


@task
def save(rows: list[int]) -> None: ...


@pipeline
def etl(mode: Literal["full", "quick"] = "full", month: int = 1, last: int = 12) -> list[int]:
    rows = extract(month)
    rows = full(rows) if mode == "full" else quick(rows)
    if month == last:
        save(rows)
    return rows


def test_without_parameters_all_ways_are_shown_and_conditions_stand_on_their_edges() -> None:
    dag = etl.analyze().dag
    assert {"full", "quick", "save"} < set(dag.nodes)
    outcomes = {(edge.upstream, edge.downstream, edge.outcome) for edge in dag.data_edges if edge.outcome is not None}
    assert {("if_mode_is_full", "full", True), ("if_mode_is_full", "quick", False)} < outcomes


def test_a_given_parameter_decides_the_conditions_on_it_and_no_other() -> None:
    analysis = etl.analyze(mode="quick")
    assert analysis.method == "static"
    assert analysis.dag.nodes[:2] == ("extract", "quick")
    assert "save" in analysis.dag.nodes
    assert ("extract", "quick") in analysis.dag.edges
    assert {parameter.name: parameter.default for parameter in analysis.dag.parameters}["mode"] == "quick"


def test_all_given_parameters_leave_one_way() -> None:
    assert etl.analyze(mode="full", month=12, last="12").dag.nodes == ("extract", "full", "save")
    assert etl.analyze(mode="full", month=1, last=12).dag.nodes == ("extract", "full")
    assert etl.bind(month=1).run(mode="analyze", params={"mode": "quick", "last": 2}).dag.nodes == ("extract", "quick")


@needs_branches
def test_the_pipeline_itself_still_goes_all_ways() -> None:
    etl.analyze(mode="full")
    assert "quick" in etl.dag.nodes
    assert etl.run(params={"mode": "quick"}) == [1]


def test_a_body_that_is_traced_is_specialised_too() -> None:
    names: dict[str, object] = {"task": task, "pipeline": pipeline, "full": full, "quick": quick, "extract": extract}
    source = "@pipeline\ndef made(mode: str = 'full'):\n    full([1]) if mode == 'full' else quick([1])\n"
    exec(source, names)  # noqa: S102  a body without source
    analysis = names["made"].analyze(mode="quick")  # type: ignore[attr-defined]  # a pipeline
    assert (analysis.method, analysis.dag.nodes) == ("dynamic", ("quick",))


def test_a_value_that_is_none_of_its_type_is_refused() -> None:
    with pytest.raises(ParameterError, match="mode"):
        etl.analyze(mode="slow")
