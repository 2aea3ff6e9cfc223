from lakewright import job_cluster
from lakewright.databricks.compute import new_cluster

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
