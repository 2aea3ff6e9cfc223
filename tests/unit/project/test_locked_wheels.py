from typing import Any

import pytest

from lakewright.dependencies.platforms import WheelTarget
from lakewright.project.locked_wheels import LockedWheel, locked_packages, locked_wheels, target_of

LOCK = """
version = 1

[[package]]
name = "flights"
version = "0.1.0"
source = { editable = "pipelines/flights" }
dependencies = [
    { name = "colorama", marker = "sys_platform == 'win32'" },
    { name = "polars", extra = ["io"] },
    { name = "tomli", marker = "python_full_version < '3.11'" },
]

[[package]]
name = "colorama"
version = "0.4"

[[package]]
name = "tomli"
version = "2.0"

[[package]]
name = "polars"
version = "2.1"
source = { registry = "https://example.com/simple" }
wheels = [
    { url = "https://example.com/polars-2.1-cp310-abi3-manylinux_2_17_x86_64.whl#x", size = 46 },
    { url = "https://example.com/polars-2.1-cp310-abi3-manylinux_2_17_aarch64.whl", size = 44 },
    { url = "https://example.com/polars-2.1-cp310-abi3-win_amd64.whl", size = 99 },
]

[package.optional-dependencies]
io = [{ name = "old" }]

[[package]]
name = "old"
version = "1.0"
sdist = { url = "https://example.com/old-1.0.tar.gz", size = 5 }
"""
PACKAGES = locked_packages(LOCK.encode())
SERVERLESS: dict[str, Any] = {"environments": [{"environment_key": "x", "spec": {"environment_version": "2"}}]}


def on(version: str, node: str) -> dict[str, Any]:
    cluster = {"spark_version": version, "node_type_id": node}
    return {"job_clusters": [{"job_cluster_key": "main", "new_cluster": cluster}]}


def test_the_wheel_that_fits_says_the_size_and_what_is_meant_for_others_is_left_out() -> None:
    found = locked_wheels(PACKAGES, "flights", target=WheelTarget("3.12"))
    assert found == {
        "flights": LockedWheel(version="0.1.0"),
        "old": LockedWheel(version="1.0"),
        "polars": LockedWheel(version="2.1", size=46),
    }
    assert locked_wheels(PACKAGES, "flights", target=WheelTarget("3.12", "aarch64"))["polars"].size == 44
    assert "tomli" in locked_wheels(PACKAGES, "flights", target=WheelTarget("3.10"))


def test_where_the_compute_is_not_known_there_are_no_sizes() -> None:
    found = locked_wheels(PACKAGES, "flights", target=None)
    assert {name: wheel.size for name, wheel in found.items()} == {"flights": None, "old": None, "polars": None}


def test_of_several_versions_that_of_the_compute_counts() -> None:
    entry = (
        '[[package]]\nname = "polars"\nversion = "{}"\nresolution-markers = ["python_full_version {}"]\n'
        'wheels = [{{ url = "https://x/polars-{}-py3-none-any.whl", size = {} }}]\n'
    )
    text = entry.format("2.0", "< '3.11'", "2.0", 20) + entry.format("2.1", ">= '3.11'", "2.1", 21)
    packages = locked_packages(text.encode())

    def found(target: WheelTarget | None) -> LockedWheel:
        return locked_wheels(packages, "polars", target=target)["polars"]

    assert found(WheelTarget("3.10")) == LockedWheel(version="2.0", size=20)
    assert found(WheelTarget("3.12")) == LockedWheel(version="2.1", size=21)
    assert found(None) == LockedWheel(version="2.0, 2.1")


def test_what_the_runtime_brings_is_not_taken_along_nor_what_only_that_needs() -> None:
    assert [*locked_wheels(PACKAGES, "flights", target=None, provided=["polars"])] == ["flights"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('{ name = "web", extra = ["all"] }', ["flights", "http", "tls", "web"]),
        ('{ name = "web", extra = ["all"], marker = "sys_platform == \'win32\'" }', ["flights"]),
    ],
)
def test_extras_count_with_what_asks_for_them_and_ask_for_further_ones(line: str, names: list[str]) -> None:
    lock = f"""
        package = [
            {{ name = "flights", dependencies = [{line}] }},
            {{ name = "web", optional-dependencies = {{ all = [{{ name = "http", extra = ["tls"] }}] }} }},
            {{ name = "http", optional-dependencies = {{ tls = [{{ name = "tls" }}] }} }},
            {{ name = "tls" }},
        ]
    """
    packages = locked_packages(lock.encode())
    assert [*locked_wheels(packages, "flights", target=WheelTarget("3.12"))] == names


def test_what_an_extra_adds_is_not_taken_along_where_the_runtime_brings_it() -> None:
    assert "old" not in locked_wheels(PACKAGES, "flights", target=WheelTarget("3.12"), provided=["old"])


@pytest.mark.parametrize(
    ("jobs", "settings", "target"),
    [
        ([SERVERLESS], {}, WheelTarget("3.11")),
        ([SERVERLESS], {"python": "3.10", "platform": "aarch64"}, WheelTarget("3.10", "aarch64")),
        ([on("16.4.x-scala2.12", "m7gd.xlarge")], {}, WheelTarget("3.12", "aarch64")),
        ([SERVERLESS, on("16.4.x-scala2.12", "m5.large")], {}, None),
        ([on("99.0.x", "m5.large")], {}, None),
        ([on("99.0.x", "m5.large")], {"python": "3.13"}, WheelTarget("3.13")),
        ([SERVERLESS], {"python": "three"}, None),
        ([], {}, None),
    ],
)
def test_wheels_must_fit_what_the_generated_jobs_run_on(
    jobs: list[dict[str, Any]], settings: dict[str, str], *, target: WheelTarget | None
) -> None:
    assert target_of(jobs, settings) == target


@pytest.mark.parametrize("content", [None, b"", b"no = toml ="])
def test_a_lock_that_is_none_names_nothing(content: bytes | None) -> None:
    assert not locked_packages(content)
