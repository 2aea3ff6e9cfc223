import pytest
from packaging.tags import Tag

from lakewright.dependencies.platforms import WheelTarget, tag_order, wheel_target
from lakewright.errors.authoring import SettingError
from lakewright.errors.wheels import UnknownPythonError
from lakewright.model.compute import existing_cluster, job_cluster, serverless

ENVIRONMENTS = {"1": "3.10", "2": "3.11", "3": "3.12", "4": "3.12", "5": "3.12"}
RUNTIMES = {"14.3": "3.10", "15.4": "3.11", "16.4": "3.12", "17.3": "3.12"}


@pytest.mark.parametrize("version", ENVIRONMENTS)
def test_the_python_of_a_serverless_environment_is_the_targets(version: str) -> None:
    assert wheel_target(serverless(version)) == WheelTarget(ENVIRONMENTS[version], "x86_64")


@pytest.mark.parametrize("version", RUNTIMES)
def test_the_python_of_a_runtime_is_the_targets(version: str) -> None:
    compute = job_cluster(f"{version}.x-scala2.12", "Standard_D4ds_v5")
    assert wheel_target(compute) == WheelTarget(RUNTIMES[version], "x86_64")


@pytest.mark.parametrize(
    "node",
    [
        "m6g.large",
        "m7gd.4xlarge",
        "c7gn.xlarge",
        "im4gn.large",
        "r8g.metal-24xl",
        "Standard_D4ps_v5",
        "Standard_E8pds_v5",
        "Standard_D4plds_v6",
        "t2a-standard-4",
        "c4a-highmem-8",
    ],
)
def test_machine_types_that_are_arm_are_told_by_their_names(node: str) -> None:
    assert wheel_target(job_cluster("16.4.x-scala2.12", node)).platform == "aarch64"


@pytest.mark.parametrize(
    "node",
    ["m6id.xlarge", "g4dn.xlarge", "g5.xlarge", "i3.xlarge", "Standard_D4ds_v5", "Standard_NP10s", "n2-standard-4"],
)
def test_other_machine_types_are_x86(node: str) -> None:
    assert wheel_target(job_cluster("16.4.x-scala2.12", node)).platform == "x86_64"


@pytest.mark.parametrize(
    "compute", [serverless("99"), existing_cluster("1120-abc"), job_cluster("99.1.x", "m6id.large")]
)
def test_an_unknown_python_is_an_error_that_says_where_to_name_it(compute: object) -> None:
    with pytest.raises(UnknownPythonError, match=r"--python 3\.12"):
        wheel_target(compute)  # type: ignore[arg-type]  # the cases have several types


def test_the_tags_go_down_to_the_oldest_glibc_one_by_one() -> None:
    order = tag_order(WheelTarget("3.12"))
    names = [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)]
    ranks = [order[Tag("cp312", "cp312", name)] for name in names]
    assert ranks == sorted(ranks)
    for name in ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"):
        assert Tag("cp312", "cp312", name) in order


def test_stable_and_pure_wheels_of_older_pythons_are_taken_and_newer_ones_are_not() -> None:
    order = tag_order(WheelTarget("3.11"))
    assert Tag("cp38", "abi3", "manylinux2014_x86_64") in order
    assert Tag("py3", "none", "any") in order
    assert Tag("cp312", "cp312", "manylinux2014_x86_64") not in order
    assert Tag("cp311", "cp311", "musllinux_1_2_x86_64") not in order
    assert Tag("cp311", "cp311", "manylinux2014_aarch64") not in order


@pytest.mark.parametrize(("python", "platform"), [("3", "x86_64"), ("3.12.1", "x86_64"), ("3.12", "windows")])
def test_a_target_that_cannot_be_is_refused(python: str, platform: str) -> None:
    with pytest.raises(SettingError):
        WheelTarget(python, platform)
