"""Where the packages of a run lie, and what making them takes."""

import sys

import pytest

from lakewright.errors.project import MissingExtraError
from lakewright.execution.context import TaskContext
from lakewright.execution.provision.tasks import base_of, process_deps
from lakewright.io.paths import RunPaths
from lakewright.model.target import TargetValues


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("", "/Volumes/main/etl/lw/packages/daily"),
        ("/", "/Volumes/main/etl/lw/packages/daily"),
        ("/Volumes/main/work/", "/Volumes/main/work"),
        ("dbfs:/Volumes/main/work", "/Volumes/main/work"),
        ("work", "/Volumes/main/etl/lw/work"),
    ],
)
def test_a_folder_that_runs_share(given: str, base: str) -> None:
    target = TargetValues(root="/Volumes/main/etl/lw")
    here = TaskContext(RunPaths(target.root, "daily", "42"), target, key="process_deps")
    assert base_of(here, given) == base


def test_a_pipeline_that_cannot_build_is_told_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lakewright.dependencies.processor", None)
    with pytest.raises(
        MissingExtraError, match=r"making the packages of a run needs .*\n  Install it: lakewright\[wheel"
    ):
        process_deps("libs.zip", "")
