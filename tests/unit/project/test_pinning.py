from collections.abc import Mapping
from pathlib import Path

from lakewright import Job, job, task
from lakewright.dependencies.current import set_current
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.wheelhouse import assemble
from lakewright.project.pinning import in_order, with_wheelhouse
from lakewright.project.repository import PipelineFolder
from tests.wheel_files import write_wheel


@task
def one() -> int:
    return 1


@job
def daily() -> int:
    return one()


@job(libraries=["/Volumes/own/wheels/sales.whl"])
def with_its_own() -> int:
    return one()


@job(libraries=[])
def without() -> int:
    return one()


JOBS: Mapping[str, Job[[], int]] = {"daily": daily, "with_its_own": with_its_own, "without": without}


def test_jobs_of_a_pipeline_without_a_wheelhouse_stay_as_they_are(tmp_path: Path) -> None:
    assert with_wheelhouse([daily.definition], PipelineFolder(tmp_path)) == (daily.definition,)


def test_jobs_are_pinned_to_the_wheelhouse_but_for_those_that_name_libraries(tmp_path: Path) -> None:
    folder = tmp_path / "sales"
    made = assemble([write_wheel(tmp_path, "rows")], folder / "wheelhouse", target=WheelTarget())
    set_current(folder, made)
    found = with_wheelhouse([each.definition for each in JOBS.values()], PipelineFolder(folder))
    pinned = {each.name: each.settings.pinned for each in found}
    assert pinned["with_its_own"] is pinned["without"] is None
    assert pinned["daily"] is not None
    assert pinned["daily"].folder == (
        f"/Volumes/${{var.catalog}}/${{var.schema}}/${{var.volume}}/wheelhouse/sales/{made.digest}"
    )
    assert pinned["daily"].filenames == ("rows-1.0-py3-none-any.whl",)


def test_wheels_come_after_those_that_they_need(tmp_path: Path) -> None:
    wheels = [
        write_wheel(tmp_path, "a", requires=["b", "z>=1; python_version > '3'", "elsewhere"]),
        write_wheel(tmp_path, "b", requires=["z"]),
        write_wheel(tmp_path, "c"),
        write_wheel(tmp_path, "z"),
    ]
    made = assemble(wheels, tmp_path / "out", target=WheelTarget())
    assert [name.partition("-")[0] for name in in_order(made)] == ["z", "b", "a", "c"]


def test_wheels_that_need_each_other_are_put_side_by_side(tmp_path: Path) -> None:
    wheels = [write_wheel(tmp_path, "a", requires=["b"]), write_wheel(tmp_path, "b", requires=["a"])]
    made = assemble(wheels, tmp_path / "out", target=WheelTarget())
    assert sorted(in_order(made)) == ["a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl"]
