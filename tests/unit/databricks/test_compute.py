import pytest

from lakewright import existing_cluster, job_cluster, serverless
from lakewright.databricks.compute import environments, new_cluster, task_compute
from lakewright.model.compute import Compute
from lakewright.model.job import JobSettings
from lakewright.model.pinned import PinnedWheels

NODE = "Standard_D4ds_v5"
RUNTIME = "16.4.x-scala2.12"


def test_a_cluster_without_workers_is_a_single_node() -> None:
    cluster = new_cluster(job_cluster(RUNTIME, NODE, workers=0))
    assert cluster["num_workers"] == 0
    assert cluster["spark_conf"] == {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}
    assert cluster["custom_tags"] == {"ResourceClass": "SingleNode"}


def test_a_cluster_with_workers_has_no_settings_that_nobody_asked_for() -> None:
    cluster = new_cluster(job_cluster(RUNTIME, NODE, workers=2))
    assert cluster.keys() == {"spark_version", "node_type_id", "data_security_mode", "num_workers"}


def test_settings_of_the_user_are_added_to_those_of_a_single_node() -> None:
    given = {"spark_conf": {"spark.master": "local[2]", "x": "1"}, "data_security_mode": "USER_ISOLATION"}
    cluster = new_cluster(job_cluster(RUNTIME, NODE, workers=0, databricks=given))
    assert cluster["data_security_mode"] == "USER_ISOLATION"
    assert cluster["spark_conf"] == {
        "spark.databricks.cluster.profile": "singleNode",
        "spark.master": "local[2]",
        "x": "1",
    }


PINNED = JobSettings(
    pinned=PinnedWheels(folder="/Volumes/a/b/c/wheelhouse/sales/12ab", filenames=("rows.whl", "sales.whl"))
)
WHEELS = [{"whl": f"{PINNED.pinned.folder}/wheels/{name}"} for name in PINNED.pinned.filenames] if PINNED.pinned else []


def test_pinned_wheels_are_all_that_a_serverless_environment_may_install() -> None:
    (environment,) = environments([serverless("5")], PINNED)
    spec = environment["spec"]
    assert isinstance(spec, dict)
    assert spec["dependencies"] == ["--no-index", *(each["whl"] for each in WHEELS)]
    assert "libraries" not in task_compute(serverless("5"), PINNED)


@pytest.mark.parametrize("runtime", ["15.4.x-scala2.12", "16.4.x-scala2.12", "17.3.x-scala2.13"])
def test_runtimes_from_15_get_one_file_that_pins_hashes(runtime: str) -> None:
    requirements = [{"requirements": "/Volumes/a/b/c/wheelhouse/sales/12ab/requirements.txt"}]
    assert task_compute(job_cluster(runtime, NODE), PINNED)["libraries"] == requirements


@pytest.mark.parametrize(
    "compute", [job_cluster("14.3.x-scala2.12", NODE), existing_cluster("1120-abc"), job_cluster("custom:x", NODE)]
)
def test_older_and_unknown_runtimes_get_wheel_by_wheel(compute: Compute) -> None:
    assert task_compute(compute, PINNED)["libraries"] == WHEELS
