from typing import Any, Final

import pytest

from lakewright.errors.authoring import SettingError
from lakewright.model.compute import existing_cluster, job_cluster, serverless

NODE: Final = "Standard_D4ds_v5"


@pytest.mark.parametrize(
    ("version", "python"),
    [("1", "3.10"), ("2", "3.11"), ("3", "3.12"), ("4", "3.12"), ("5", "3.12"), ("99", None)],
)
def test_an_environment_version_fixes_the_python(version: str, python: str | None) -> None:
    assert serverless(version).python == python


@pytest.mark.parametrize(
    ("runtime", "python"),
    [("14.3.x-scala2.12", "3.10"), ("16.4.x-cpu-ml-scala2.12", "3.12"), ("99.9.x", None), ("odd", None)],
)
def test_a_runtime_fixes_the_python(runtime: str, python: str | None) -> None:
    assert job_cluster(runtime, NODE).python == python


def test_the_python_of_a_cluster_that_is_made_elsewhere_is_unknown() -> None:
    assert existing_cluster("0714-abc").python is None


def test_a_cluster_has_a_number_or_a_range_of_workers() -> None:
    assert job_cluster("16.4.x", NODE, workers=0).workers == 0
    assert job_cluster("16.4.x", NODE, workers=(1, 4)).workers == (1, 4)


def test_any_other_field_of_a_cluster_is_kept() -> None:
    assert job_cluster("16.4.x", NODE, databricks={"policy_id": "p"}).databricks == '{"policy_id":"p"}'


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"workers": -1}, "workers=-1 is not a whole number"),
        ({"workers": (4, 1)}, r"workers=\(4, 1\) is not"),
        ({"workers": (1, 2, 3)}, r"workers=\(1, 2, 3\) is not"),
        ({"workers": "2"}, "workers='2' is not"),
        ({"spark_version": 16.4}, "spark_version=16.4 is not a str"),
        ({"node_type": ""}, "node_type='' is not a str that is not empty"),
        ({"name": " "}, "name=' ' is not a str that is not empty"),
        ({"databricks": {"a": (1, 2)}}, "databricks=.* is not a dict of fields with JSON values"),
    ],
)
def test_a_wrong_cluster_is_refused_where_it_is_written(wrong: dict[str, Any], message: str) -> None:
    given = {"spark_version": "16.4.x", "node_type": NODE, **wrong}
    with pytest.raises(SettingError, match=rf"job_cluster\(\): {message}"):
        job_cluster(**given)


def test_an_existing_cluster_needs_its_id() -> None:
    with pytest.raises(SettingError, match="cluster_id='' is not a str that is not empty"):
        existing_cluster("")
