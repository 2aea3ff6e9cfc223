import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from lakewright.dependencies.contents import requirements
from lakewright.dependencies.current import (
    BuiltFrom,
    current_wheelhouse,
    read_built_from,
    read_wheelhouse,
    remove_wheelhouses,
    set_current,
)
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.staging import PREFIX
from lakewright.dependencies.wheelhouse import assemble, check_files
from lakewright.errors.dependencies import RequiresPythonError
from lakewright.errors.wheels import DuplicateWheelError, WheelError, WheelhouseError, WheelTargetError
from tests.wheel_files import write_wheel

TARGET = WheelTarget("3.12")


def wheels_in(folder: Path) -> list[Path]:
    return [write_wheel(folder, "sales", requires=["rows"]), write_wheel(folder, "rows", "1.5")]


def every_file(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_wheelhouse_is_named_by_its_content_and_tells_what_is_in_it(tmp_path: Path) -> None:
    made = assemble(wheels_in(tmp_path / "wheels"), tmp_path / "out", target=TARGET)
    assert made.path == tmp_path / "out" / made.digest
    assert sorted(every_file(made.path)) == [
        "manifest.json",
        "pylock.toml",
        "requirements.txt",
        "sbom.cdx.json",
        "wheels/rows-1.5-py3-none-any.whl",
        "wheels/sales-1.0-py3-none-any.whl",
    ]
    assert read_wheelhouse(made.path) == made
    check_files(made)


def test_equal_wheels_give_equal_folders_wherever_they_are_built(tmp_path: Path) -> None:
    one = assemble(wheels_in(tmp_path / "a"), tmp_path / "first", target=TARGET)
    other = assemble(wheels_in(tmp_path / "b")[::-1], tmp_path / "second" / "below", target=TARGET)
    assert one.digest == other.digest
    assert every_file(one.path) == every_file(other.path)


def test_another_wheel_gives_another_digest(tmp_path: Path) -> None:
    one = assemble(wheels_in(tmp_path / "a"), tmp_path / "out", target=TARGET)
    changed = [*wheels_in(tmp_path / "b")[:1], write_wheel(tmp_path / "b", "rows", "1.5", files={"rows.py": ""})]
    assert assemble(changed, tmp_path / "out", target=TARGET).digest != one.digest


def test_what_does_not_fit_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    good = write_wheel(tmp_path / "wheels", "sales")
    for bad, error in (
        (write_wheel(tmp_path / "wheels", "rows", tag="cp312-cp312-win_amd64"), WheelTargetError),
        (write_wheel(tmp_path / "wheels", "rows", requires_python="<3.12"), RequiresPythonError),
        (write_wheel(tmp_path / "wheels", "rows", "1.2", said_version="1.3"), WheelError),
    ):
        with pytest.raises(error):
            assemble([good, bad], tmp_path / "out", target=TARGET)
    assert not (tmp_path / "out").exists()


def test_two_wheels_of_one_package_are_refused(tmp_path: Path) -> None:
    two = [write_wheel(tmp_path / "a", "rows", "1.0"), write_wheel(tmp_path / "b", "rows", "2.0")]
    with pytest.raises(DuplicateWheelError, match="more than one wheel of 'rows'"):
        assemble(two, tmp_path / "out", target=TARGET)
    same_version = [two[0], write_wheel(tmp_path / "c", "rows", "1.0", files={"rows.py": ""})]
    with pytest.raises(DuplicateWheelError):
        assemble(same_version, tmp_path / "out", target=TARGET)


def test_a_wheelhouse_that_is_there_is_taken_as_it_is(tmp_path: Path) -> None:
    first = assemble(wheels_in(tmp_path / "a"), tmp_path / "out", target=TARGET)
    before = {path: path.stat().st_mtime_ns for path in first.path.rglob("*")}
    assert assemble(wheels_in(tmp_path / "b"), tmp_path / "out", target=TARGET) == first
    assert {path: path.stat().st_mtime_ns for path in first.path.rglob("*")} == before


@pytest.mark.parametrize("harm", ["changed", "missing", "added", "digest"])
def test_a_wheelhouse_that_is_not_whole_is_told(tmp_path: Path, harm: str) -> None:
    made = assemble(wheels_in(tmp_path / "a"), tmp_path / "out", target=TARGET)
    wheel = made.files[0]
    if harm == "changed":
        wheel.unlink()
        wheel.write_bytes(b"other")
    elif harm == "missing":
        wheel.unlink()
    elif harm == "added":
        (wheel.parent / "more-1.0-py3-none-any.whl").write_bytes(b"")
    else:
        manifest = json.loads((made.path / "manifest.json").read_text(encoding="utf-8"))
        manifest["wheels"].pop()
        (made.path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(WheelhouseError, match="is not whole"):
        check_files(read_wheelhouse(made.path))


@pytest.mark.parametrize("harm", ["wheels/rows-1.5-py3-none-any.whl", "manifest.json", "pylock.toml"])
def test_a_wheelhouse_that_somebody_has_harmed_is_mended_by_the_next_build(tmp_path: Path, harm: str) -> None:
    made = assemble(wheels_in(tmp_path / "wheels"), tmp_path / "out", target=TARGET)
    before = every_file(made.path)
    (made.path / harm).unlink()
    assert assemble(wheels_in(tmp_path / "again"), tmp_path / "out", target=TARGET) == made
    assert every_file(made.path) == before


def test_what_is_being_built_is_not_removed_with_the_others(tmp_path: Path) -> None:
    made = assemble(wheels_in(tmp_path / "wheels"), tmp_path / "wheelhouse", target=TARGET)
    set_current(tmp_path, made)
    (tmp_path / "wheelhouse" / f"{PREFIX}x").mkdir()
    (tmp_path / "wheelhouse" / "old").mkdir()
    assert remove_wheelhouses(tmp_path, everything=False) == 1
    assert current_wheelhouse(tmp_path) == made
    assert remove_wheelhouses(tmp_path, everything=True) == 1
    assert [path.name for path in (tmp_path / "wheelhouse").iterdir()] == [f"{PREFIX}x"]


def test_fifty_builds_at_once_give_one_whole_wheelhouse(tmp_path: Path) -> None:
    wheels = wheels_in(tmp_path / "a")
    with ThreadPoolExecutor(50) as pool:
        made = list(pool.map(lambda _: assemble(wheels, tmp_path / "out", target=TARGET), range(50)))
    assert len({each.digest for each in made}) == 1
    check_files(made[0])
    assert [path.name for path in (tmp_path / "out").iterdir()] == [made[0].digest]


KILLED = """
import os, signal, sys
from pathlib import Path
from lakewright.dependencies.staging import staged
with staged(Path(sys.argv[1])) as folder:
    (folder / "half.whl").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_build_leaves_is_no_wheelhouse_and_goes_with_the_next_build(tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = subprocess.run([sys.executable, "-c", KILLED, str(out)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert [path.name[: len(PREFIX)] for path in out.iterdir()] == [PREFIX]
    made = assemble(wheels_in(tmp_path / "a"), out, target=TARGET)
    assert [path.name for path in out.iterdir()] == [made.digest]


def test_the_file_for_the_cluster_takes_no_index_and_checks_hashes(tmp_path: Path) -> None:
    made = assemble(wheels_in(tmp_path / "a"), tmp_path / "out", target=TARGET)
    lines = (made.path / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["--no-index", "--find-links ./wheels", "--require-hashes"]
    assert lines[3:] == [f"{each.name}=={each.version} --hash=sha256:{each.sha256}" for each in made.wheels]
    assert "--find-links /Volumes/a/b/c" in requirements(made.wheels, "/Volumes/a/b/c").splitlines()


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_pip_and_uv_install_from_it_wherever_they_stand(tmp_path: Path, installer: str) -> None:
    made = assemble(wheels_in(tmp_path / "a"), tmp_path / "out", target=WheelTarget(_this_python()))
    call = [sys.executable, "-m", "pip"] if installer == "pip" else ["uv", "pip"]
    goal = f"--target={tmp_path / 'site'}"
    command = [*call, "install", "--quiet", goal, "--no-deps", "-r", str(made.path / "requirements.txt")]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_PYTHON": sys.executable}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert {"rows", "sales"} <= {path.name for path in (tmp_path / "site").iterdir()}


def _this_python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def test_a_pipeline_without_a_wheelhouse_has_none(tmp_path: Path) -> None:
    assert current_wheelhouse(tmp_path) is None


def test_the_wheelhouse_that_counts_is_the_one_that_was_set(tmp_path: Path) -> None:
    first = assemble(wheels_in(tmp_path / "a"), tmp_path / "wheelhouse", target=TARGET)
    second = assemble([write_wheel(tmp_path / "b", "rows", "2.0")], tmp_path / "wheelhouse", target=TARGET)
    origin = BuiltFrom("abc", ("pipelines/sales",), ("python=3.12",))
    set_current(tmp_path, first)
    assert read_built_from(tmp_path) is None
    assert current_wheelhouse(tmp_path) == first
    set_current(tmp_path, replace(second, notes=("look",), runtime={"rows": "3.0"}), built_from=origin)
    found = current_wheelhouse(tmp_path)
    assert found == replace(second, notes=("look",))
    assert found is not None
    assert found.runtime == {"rows": "3.0"}
    assert read_built_from(tmp_path) == origin


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"digest": "0123"}'])
def test_a_wheelhouse_that_is_named_and_gone_is_an_error_with_the_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "wheelhouse").mkdir()
    (tmp_path / "wheelhouse" / "current.json").write_text(text, encoding="utf-8")
    with pytest.raises(WheelhouseError, match="lakewright wheelhouse build"):
        current_wheelhouse(tmp_path)


def test_a_wheel_that_is_edited_where_it_came_from_stays_in_the_wheelhouse_as_it_was(tmp_path: Path) -> None:
    wheels = wheels_in(tmp_path / "mirror")
    made = assemble(wheels, tmp_path / "out", target=TARGET)
    for wheel in wheels:
        wheel.write_bytes(b"built again in its place")
    check_files(made)
