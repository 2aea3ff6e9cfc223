"""What a run knows beforehand."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from lakewright.emulator.plan import IsolatedPlan, plan
from lakewright.emulator.references import MissingValueError
from lakewright.errors.authoring import ParameterError
from lakewright.errors.running import RunError
from lakewright.io.files import put
from lakewright.io.paths import RunPaths

DEFINITION = {
    "name": "j",
    "parameters": [
        {"name": "day", "default": "{{job.start_time.iso_date}}"},
        {"name": "place", "default": "${var.catalog}"},
    ],
    "tasks": [{"task_key": "a", "python_wheel_task": {"package_name": "lakewright", "entry_point": "lakewright-run"}}],
}


def made(root: Path, **parameters: str) -> IsolatedPlan:
    return plan(
        DEFINITION,
        paths=RunPaths(str(root), "j", "1"),
        bundle={"var.catalog": "dev"},
        parameters=parameters,
        places={"/Volumes/${var.catalog}/s/v": "/here", "/Volumes": "/volumes"},
        started=datetime(2026, 11, 20, tzinfo=timezone.utc),
    )


def test_parameters_have_their_defaults_filled_in(tmp_path: Path) -> None:
    assert made(tmp_path).parameters == {"day": "2026-11-20", "place": "dev"}


def test_a_given_parameter_is_taken_as_it_is(tmp_path: Path) -> None:
    assert made(tmp_path, day="{{job.run_id}}").parameters["day"] == "{{job.run_id}}"


def test_an_unknown_parameter_is_an_error_that_suggests_one(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="job 'j' has no parameter 'dya'; did you mean 'day'"):
        made(tmp_path, dya="1")


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("/Volumes/dev/s/v", "/here"),
        ("/Volumes/dev/s/v/a/b", "/here/a/b"),
        ("/Volumes/dev/s/vv", "/volumes/dev/s/vv"),
        ("/Volumes/other/raw", "/volumes/other/raw"),
        ("/VolumesX", "/VolumesX"),
        ("see /Volumes/dev/s/v", "see /Volumes/dev/s/v"),
    ],
)
def test_a_path_of_the_platform_is_replaced_by_the_closest_folder(tmp_path: Path, *, text: str, placed: str) -> None:
    assert made(tmp_path).placed(text) == placed


def test_task_values_are_those_that_lie_in_the_run(tmp_path: Path) -> None:
    planned = made(tmp_path)
    put(planned.paths.value("a", "rows"), b"[1, 2]")
    assert planned.task_value("a", "rows") == [1, 2]
    with pytest.raises(MissingValueError, match="task 'a' has set no value 'cols'"):
        planned.task_value("a", "cols")


def test_a_run_needs_a_process_at_least(tmp_path: Path) -> None:
    planned = made(tmp_path)
    with pytest.raises(RunError, match="max_workers=0"):
        IsolatedPlan(job=planned.job, paths=planned.paths, parameters={}, started=planned.started, max_workers=0)
