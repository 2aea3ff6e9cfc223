import pytest

from lakewright.model.compute import Serverless
from lakewright.model.resource import Kind, Resource


@pytest.mark.parametrize(
    ("kind", "compute", "is_foreign"),
    [("local", None, False), ("serverless", None, True), ("cluster", Serverless("5"), False), ("vm", None, True)],
)
def test_foreign_is_what_databricks_does_not_run(kind: Kind, compute: Serverless | None, *, is_foreign: bool) -> None:
    assert Resource(kind=kind, cloud="aws", compute=compute).is_foreign is is_foreign


def test_a_resource_is_told_by_its_kind_its_configuration_and_its_cloud() -> None:
    assert str(Resource(kind="vm", cloud="aws", config="EC2Config")) == "vm (EC2Config) of aws"
    assert str(Resource(kind="local", cloud="local")) == "local of local"


def test_its_json_has_settings_as_values_and_nothing_of_databricks() -> None:
    made = Resource(kind="serverless", cloud="aws", settings='{"memory": 1024}', compute=Serverless("5"))
    assert made.to_json() == {"kind": "serverless", "cloud": "aws", "config": "", "settings": {"memory": 1024}}
