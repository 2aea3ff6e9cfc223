import pytest

from lakewright.databricks.expressions import ROOT, job_id, job_parameter, parameter_text, references
from lakewright.model.binding import Constant, ParameterValue
from lakewright.model.invocation import ITEM
from lakewright.model.names import resource_key
from tests.unit.model.strategies import Carrier


def test_every_value_of_an_invocation_has_its_reference() -> None:
    found = references(["month", "a-b"])
    assert found["root"] == ROOT
    assert found[ITEM] == "{{input}}"
    assert found["attempt"] == "{{task.execution_count}}"
    assert (found["parameter.month"], found["parameter.a-b"]) == (
        "{{job.parameters.month}}",
        "{{job.parameters.`a-b`}}",
    )


@pytest.mark.parametrize("name", ["job", "help", "mode", "größe"])
def test_a_name_that_is_an_identifier_needs_no_quotes(name: str) -> None:
    assert job_parameter(name) == f"{{{{job.parameters.{name}}}}}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (True, "true"),
        (None, ""),
        ("a", "a"),
        ("", ""),
        (1.5, "1.5"),
        ([1, "a"], '[1, "a"]'),
        (Carrier.UNITED, "UNITED"),
    ],
)
def test_a_constant_is_given_as_a_job_parameter_reads_it(value: object, text: str) -> None:
    assert parameter_text(Constant.of(value)) == text


def test_a_parameter_is_handed_on_by_reference() -> None:
    assert parameter_text(ParameterValue("day")) == "{{job.parameters.day}}"


def test_a_job_is_found_by_what_it_is_called_in_its_bundle() -> None:
    assert job_id("daily-sales") == f"${{resources.jobs.{resource_key('daily-sales')}.id}}"
