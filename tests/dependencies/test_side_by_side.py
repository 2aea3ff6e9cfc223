"""Runs beside each other, and runs that end before their time."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE
from typing import Final

import pytest

from lakewright.dependencies import process_dependencies
from tests.dependencies.fixtures import write_zip
from tests.dependencies.handing_in import project
from tests.wheel_files import package_index, write_wheel

PROCESS: Final = """
import sys
from lakewright.dependencies import process_dependencies
print(process_dependencies(*sys.argv[1:]), flush=True)
"""
ROUNDS: Final = 20
BUILDS: Final = 50
MOMENTS: Final = 6


def start(given: Path, volume: Path, *run_id: str, scratch: Path) -> subprocess.Popen[str]:
    scratch.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", PROCESS, str(given), str(volume), *run_id]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=300)
    return process.returncode


def content(wheelhouse: Path) -> str:
    with zipfile.ZipFile(wheelhouse) as archive, archive.open(archive.namelist()[0]) as wheel:
        return zipfile.ZipFile(wheel).read("user_modules/who.py").decode()


def test_twins_with_one_name_and_other_content_get_each_their_own(tmp_path: Path) -> None:
    """Two processes, twenty times: the same file name, the same module, the same temporary folder."""
    for number in range(ROUNDS):
        given = [write_zip(tmp_path / f"{number}-{who}" / "deps.zip", {"who.py": f"{number}-{who}"}) for who in "ab"]
        twins = [start(each, tmp_path / "volume", scratch=tmp_path / "scratch") for each in given]
        for who, twin in zip("ab", twins, strict=True):
            said, errors = twin.communicate(timeout=300)
            assert twin.returncode == 0, errors
            assert content(Path(said.strip())) == f"{number}-{who}"
    assert len(list((tmp_path / "volume").iterdir())) == 2 * ROUNDS
    assert list((tmp_path / "scratch").iterdir()) == []


def test_of_two_runs_with_one_id_one_is_refused_and_the_other_whole(tmp_path: Path) -> None:
    for number in range(5):
        given = [write_zip(tmp_path / f"{number}-{who}" / "deps.zip", {"who.py": who}) for who in "ab"]
        twins = [start(each, tmp_path / "volume", f"run-{number}", scratch=tmp_path / "scratch") for each in given]
        ended = [twin.communicate(timeout=300) for twin in twins]
        codes = [twin.returncode for twin in twins]
        assert sorted(codes) == [0, 1], ended
        assert "OutputExistsError" in ended[codes.index(1)][1]
        assert content(tmp_path / "volume" / f"run-{number}" / "wheelhouse.zip") == "ab"[codes.index(0)]


def test_fifty_runs_on_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    given = [write_zip(tmp_path / str(number) / "deps.zip", {"who.py": str(number)}) for number in range(50)]
    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(lambda each: process_dependencies(each, tmp_path / "volume"), given))
    assert [content(Path(each)) for each in made] == [str(number) for number in range(50)]


def test_fifty_builds_at_once_share_an_index_a_cache_and_a_place(tmp_path: Path) -> None:
    """Each gets modules of its own, and of what all of them need the cache keeps one file."""
    write_wheel(tmp_path / "files", "rows")
    program = str(Path(sys.executable).with_name("lakewright"))
    with package_index(tmp_path / "files") as served:
        environment = {
            **os.environ,
            "LAKEWRIGHT_CACHE": str(tmp_path / "cache"),
            "TMPDIR": str(tmp_path / "scratch"),
            "UV_CACHE_DIR": str(tmp_path / "uv"),
            "UV_DEFAULT_INDEX": served.url,
        }
        (tmp_path / "scratch").mkdir()
        builds = []
        for number in range(BUILDS):
            given = {"who.py": str(number), "requirements.txt": "rows\n"}
            archive = write_zip(tmp_path / str(number) / "deps.zip", given)
            command = [program, "wheelhouse", "build", str(archive), "--out", str(tmp_path / "built")]
            command += ["--run-id", f"run-{number}"]
            builds.append(subprocess.Popen(command, env=environment, stdout=PIPE, stderr=PIPE, text=True))
        ended = [build.communicate(timeout=500) for build in builds]
    assert [(build.returncode, errors) for build, (_, errors) in zip(builds, ended, strict=True)] == [(0, "")] * BUILDS
    for number in range(BUILDS):
        with zipfile.ZipFile(tmp_path / "built" / f"run-{number}" / "wheelhouse.zip") as wheelhouse:
            names = [name for name in wheelhouse.namelist() if name.endswith(".whl")]
            (own,) = set(names) - {"rows-1.0-py3-none-any.whl"}
            assert len(names) == 2
            with wheelhouse.open(own) as wheel:
                assert zipfile.ZipFile(wheel).read("user_modules/who.py").decode() == str(number)
    assert list((tmp_path / "scratch").iterdir()) == []
    assert [path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()] == ["rows-1.0-py3-none-any.whl"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_leaves_all_or_nothing(tmp_path: Path, how: signal.Signals) -> None:
    """While it reads, builds and writes; what a killed process leaves in the temporary folder, the next run removes."""
    loose = {f"m{number}.py": f"x = {number}\n" * 1000 for number in range(300)}
    given = write_zip(tmp_path / "deps.zip", {**loose, **project("mine", below="mine")})
    volume, scratch = tmp_path / "volume", tmp_path / "scratch"
    begun = time.monotonic()
    assert finished(start(given, volume, "whole", scratch=scratch)) == 0
    took = time.monotonic() - begun
    for number in range(MOMENTS):
        process = start(given, volume, f"run-{number}", scratch=scratch)
        time.sleep(took * (number + 1) / MOMENTS)
        process.send_signal(how)
        finished(process)
        made = volume / f"run-{number}"
        if (made / "manifest.json").exists():
            # The manifest came last: all is there.
            told = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
            assert (made / "wheelhouse.zip").read_bytes() == (volume / "whole" / "wheelhouse.zip").read_bytes()
            assert told["wheels"]
        elif how == signal.SIGINT:
            assert not made.exists()
    assert finished(start(given, volume, "last", scratch=scratch)) == 0
    assert list(scratch.iterdir()) == []
