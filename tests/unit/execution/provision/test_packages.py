"""Packages in the process of a task: where they stand among what else can be imported."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from lakewright.dependencies.opened import content_digest, opened
from lakewright.io.commit import write_record
from lakewright.io.paths import RunPaths
from lakewright.model.record import CommitRecord, Stored
from tests.made_wheels import make_wheel, make_wheelhouse

SCRIPT: Final = """
import sys
from lakewright.execution.provision.packages import provide
from lakewright.io.paths import RunPaths
for _ in range(2):
    provide(RunPaths(sys.argv[1], "j", "1"), "process_deps")
exec(sys.argv[2])
"""


class Process:
    """Runs code where the packages of a run are provided."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = RunPaths(str(folder / "root"), "j", "1")

    def made(self, *wheels: Path) -> Path:
        """Have the run made these packages."""
        file = make_wheelhouse(self.folder / "wheelhouse.zip", *wheels)
        with opened(file) as found:
            value = {"wheelhouse_path": str(file), "run_id": "1", "digest": content_digest(found)}
        stored = Stored(format="json", value=value)
        write_record(
            self.paths,
            CommitRecord(job="j", run_id="1", task="process_deps", attempt=1, stored=stored, finished_at=0.0),
        )
        return file

    def __call__(self, code: str) -> "subprocess.CompletedProcess[str]":
        # As the emulator starts a task: with all that this process finds, before Python's own modules.
        variables = {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(self.folder)}
        return subprocess.run(
            [sys.executable, "-c", SCRIPT, self.paths.root, code],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(tmp_path)


def test_packages_go_before_those_of_the_environment_and_behind_pythons_own(process: Process) -> None:
    files = {"json.py": "X = 'not yours'\n", "pytest.py": "X = 'from the run'\n"}
    process.made(make_wheel(process.folder, "hiding", files=files))
    ended = process("import json, pytest; print(hasattr(json, 'X'), pytest.X)")
    assert ended.stdout == "False from the run\n", ended.stderr


def test_processes_that_the_task_starts_find_them_too(process: Process) -> None:
    process.made(make_wheel(process.folder, "mine"))
    child = "import subprocess; subprocess.run([sys.executable, '-c', 'import mine; print(mine.VERSION)'])"
    assert process(child).stdout == "1.0\n"


def test_the_wheelhouse_is_known_to_who_ships_it(process: Process) -> None:
    made = process.made(make_wheel(process.folder, "mine"))
    assert process("import os; print(os.environ['LAKEWRIGHT_WHEELHOUSE'])").stdout == f"{made}\n"


def test_a_folder_is_on_the_path_once(process: Process) -> None:
    process.made(make_wheel(process.folder, "mine"))
    assert process("print(len([p for p in sys.path if 'lakewright-packages' in p]))").stdout == "1\n"


def test_without_packages_the_task_goes_on_and_it_is_said(process: Process) -> None:
    ended = process("print('runs')")
    assert ended.stdout == "runs\n"
    assert "'process_deps' has made no packages in this run; the task goes without them" in ended.stderr


def test_packages_that_are_gone_fail_the_task_with_the_way_on(process: Process) -> None:
    process.made(make_wheel(process.folder, "mine")).unlink()
    ended = process("print('runs')")
    assert ended.returncode == 1
    assert "GoneError: the packages of this run are gone" in ended.stderr
    assert "let it run process_deps, too." in ended.stderr
