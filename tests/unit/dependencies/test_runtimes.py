import pytest

from lakewright.dependencies.contents import WheelEntry
from lakewright.dependencies.runtimes import BROUGHT, brought_by, marked, replaced
from lakewright.model.compute import PYTHON_OF_ENVIRONMENT, Compute, ExistingCluster, JobCluster, Serverless

CLUSTER = JobCluster(name="small", spark_version="16.4.x-scala2.12", node_type="m5d.large", workers=1)
KNOWN = {"numpy": "2.1.3", "pandas": "2.2.3"}


def wheel(name: str, version: str) -> WheelEntry:
    return WheelEntry(name=name, version=version, filename=f"{name}.whl", sha256="", size=1)


def test_serverless_of_a_known_environment_tells_its_versions() -> None:
    assert brought_by([Serverless("5")])["numpy"] == "2.1.3"
    assert brought_by([Serverless("5")]).keys() <= BROUGHT


def test_of_an_older_environment_its_client_is_known() -> None:
    assert marked(wheel("databricks-connect", "17.0"), brought_by([Serverless("4")])) == "the runtime has 17.2.3"
    assert all(brought_by([Serverless(known)]) for known in PYTHON_OF_ENVIRONMENT)


@pytest.mark.parametrize("compute", [Serverless("999"), CLUSTER, ExistingCluster("0123")])
def test_of_other_compute_no_version_is_known(compute: Compute) -> None:
    assert brought_by([compute]) == {}
    assert brought_by([compute, Serverless("5")]) == brought_by([Serverless("5")])


@pytest.mark.parametrize("version", ["2.1.3", "2.1.4", "2.10.0", "10.0"])
def test_a_wheel_that_is_no_older_than_the_runtimes_is_nothing_to_tell(version: str) -> None:
    assert list(replaced([wheel("numpy", version)], KNOWN)) == []


@pytest.mark.parametrize("version", ["2.1.2", "1.26", "2.1.3rc1"])
def test_a_wheel_that_is_older_than_the_runtimes_is_told(version: str) -> None:
    (note,) = replaced([wheel("numpy", version), wheel("rows", "0.1")], KNOWN)
    assert note.startswith(f"numpy {version} is older than 2.1.3, which the runtime has")


@pytest.mark.parametrize("name", ["pyspark", "py4j", "databricks-connect"])
def test_another_spark_is_told_whatever_its_version(name: str) -> None:
    (note,) = replaced([wheel(name, "999")], {})
    assert f'provided = ["{name}"]' in note


@pytest.mark.parametrize(
    ("name", "mark"),
    [("numpy", "the runtime has 2.1.3"), ("pyarrow", "the runtime has its own"), ("rows", "")],
)
def test_a_wheel_that_the_runtime_has_too_is_marked(name: str, mark: str) -> None:
    assert marked(wheel(name, "1.0"), KNOWN) == mark
