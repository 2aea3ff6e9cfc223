"""Packages that executors import: a real standalone cluster, classic sessions and Connect."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

SESSIONS: Final = ("classic", "connect")


@pytest.fixture(params=SESSIONS)
def told(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    found: Mapping[str, Any] = request.getfixturevalue(request.param)
    return found


def outcomes(report: Mapping[str, Any]) -> dict[str, bool]:
    return {name: ok for name, ok, _ in report["results"]}


def test_what_is_installed_on_the_driver_alone_is_not_on_executors(told: Mapping[str, Any]) -> None:
    assert outcomes(told["before"]) == {
        "multiply": True,
        "nested": True,
        "data": True,
        "multiply (workers)": False,
        "nested (workers)": False,
        "data (workers)": False,
    }
    assert told["refused"].startswith("3 test(s) failed\n✓ PASS   multiply                  True\n")
    assert "✗ FAIL   multiply (workers)        0/4 OK: ModuleNotFoundError: " in told["refused"]
    assert told["refused"].endswith("\nTotal: 3/6 passed")


def test_what_was_shipped_is_imported_in_processes_of_executors(told: Mapping[str, Any]) -> None:
    assert told["after"]["table"].splitlines() == [
        "✓ PASS   multiply                  True",
        "✓ PASS   nested                    'Hello, Ada!'",
        "✓ PASS   data                      ('1.0', '42 words')",
        "✓ PASS   multiply (workers)        4/4 OK",
        "✓ PASS   nested (workers)          4/4 OK",
        "✓ PASS   data (workers)            4/4 OK",
        "Total: 6/6 passed",
    ]
    pids = {int(process.rpartition(":")[2]) for process in told["after"]["processes"]}
    assert pids
    assert told["pid"] not in pids


def test_the_zip_lies_in_the_folder_of_the_run_and_outlives_the_session(
    told: Mapping[str, Any], wheelhouse: Path
) -> None:
    assert told["stays"]
    assert Path(told["file"]).parent == wheelhouse.parent
    assert told["again"] == told["file"]
    assert told["wheels"] == ["other-2.0-py3-none-any.whl", "user_modules-1.0-py3-none-any.whl"]


@pytest.mark.parametrize(
    ("session", "way", "why", "asked"),
    [
        ("classic", "addPyFile", "a classic session: it has a SparkContext", "an RDD of 4 partitions"),
        ("connect", "addArtifact", "a Connect session: sparkContext is a ", "a UDF on 4 partitions"),
    ],
)
def test_the_way_is_found_by_asking_the_session_and_is_logged(
    request: pytest.FixtureRequest, *, session: str, way: str, why: str, asked: str
) -> None:
    told = request.getfixturevalue(session)
    assert told["way"] == way
    assert any(f"by {way} ({why}" in line for line in told["log"])
    assert any(f"executors are asked through {asked}" in line for line in told["log"])
