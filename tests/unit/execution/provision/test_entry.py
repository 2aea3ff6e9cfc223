"""Making and removing packages in jobs that are written by hand."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from lakewright.execution.provision import entry
from tests.made_wheels import make_wheel, make_wheelhouse

# Stands for Databricks' own module: widgets, and a line of a file for each task value.
RUNTIME: Final = """
import json, os
from types import SimpleNamespace


def get(name):
    return json.loads(os.environ["WIDGETS"])[name]


def put(key, value):
    with open(os.environ["VALUES"], "a") as file:
        file.write(f"{key}={value}\\n")


dbutils = SimpleNamespace(
    widgets=SimpleNamespace(get=get), jobs=SimpleNamespace(taskValues=SimpleNamespace(set=put))
)
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_wheelhouse(tmp_path / "libs.zip", make_wheel(tmp_path, "mine"))


class Platform:
    """Runs the entry points as on the platform, with widgets and task values."""

    def __init__(self, folder: Path) -> None:
        self.values = folder / "values"
        package = folder / "path" / "databricks" / "sdk"
        package.mkdir(parents=True)
        for place in (package.parent, package):
            (place / "__init__.py").touch()
        (package / "runtime.py").write_text(RUNTIME, encoding="utf-8")
        self._path = str(folder / "path")

    def __call__(self, *arguments: str, **widgets: object) -> "subprocess.CompletedProcess[str]":
        variables = {
            "PYTHONPATH": os.pathsep.join([self._path, *sys.path]),
            "DATABRICKS_RUNTIME_VERSION": "16.4",
            "WIDGETS": json.dumps(widgets, default=str),
            "VALUES": str(self.values),
        }
        return subprocess.run(
            [sys.executable, "-m", "lakewright.execution.provision", *arguments],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


def test_widgets_say_what_to_do_and_task_values_what_was_done(
    platform: Platform, archive: Path, tmp_path: Path
) -> None:
    ended = platform("process", input_zip_path=archive, output_volume_path=f"{tmp_path}/out/", run_id="42")
    assert ended.returncode == 0, ended.stderr
    made = tmp_path / "out" / "42" / "wheelhouse.zip"
    assert made.is_file()
    assert platform.values.read_text() == f"wheelhouse_path={made}\nrun_id=42\n"


def test_without_widgets_argv_says_it(platform: Platform, archive: Path, tmp_path: Path) -> None:
    ended = platform("process", str(archive), str(tmp_path / "out"))
    assert ended.returncode == 0, ended.stderr
    (run,) = (tmp_path / "out").iterdir()
    assert platform.values.read_text() == f"wheelhouse_path={run}/wheelhouse.zip\nrun_id={run.name}\n"


def test_every_wheel_and_step_is_in_the_log(platform: Platform, archive: Path, tmp_path: Path) -> None:
    said = platform("process", str(archive), str(tmp_path / "out"), "--run-id", "42").stderr
    assert "INFO lakewright.dependencies: run 42: reading " in said
    assert "mine 1.0" in said
    assert f"wrote {tmp_path}/out/42/wheelhouse.zip: 1 wheels" in said


def test_a_failure_is_the_one_that_came_up_and_there_was_one_try(platform: Platform, tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"this is no archive")
    ended = platform("process", input_zip_path=bad, output_volume_path=tmp_path / "out", run_id="1")
    assert ended.returncode == 1
    assert ended.stderr.count("run 1: reading") <= 1
    assert ended.stderr.count("lakewright.errors.archives.NotAnArchiveError: ") == 1
    assert not platform.values.exists()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("enabled", "left"), [("true", []), ("1", []), ("yes", []), ("false", ["42"])])
def test_cleaning_up_takes_the_folder_of_the_run_if_it_is_to(
    platform: Platform, tmp_path: Path, *, enabled: str, left: list[str]
) -> None:
    (tmp_path / "out" / "42").mkdir(parents=True)
    options = ("--volume-base-path", f"{tmp_path}/out", "--run-id", "42", "--cleanup-enabled", enabled)
    assert platform("clean-up", *options).returncode == 0
    assert [each.name for each in (tmp_path / "out").iterdir()] == left


def test_cleaning_up_without_a_run_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "42").mkdir()
    assert not entry.clean_up(["--volume-base-path", str(tmp_path)])
    assert (tmp_path / "42").is_dir()


def test_arguments_that_are_missing_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        entry.process(["only.zip"])
    assert "output_volume_path must be given, as widgets or as arguments" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["proces"]])
def test_a_step_that_there_is_not_is_told_with_those_that_there_are(arguments: list[str]) -> None:
    with pytest.raises(ValueError, match="name a step: process or clean-up"):
        entry.main(arguments)
