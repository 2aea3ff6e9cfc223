"""`lakewright wheelhouse`, in a repository with a lock."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.dependencies.current import current_wheelhouse
from lakewright.dependencies.staging import staged
from tests.unit.cli.commands import Call
from tests.unit.project.repos import write
from tests.unit.project.wheel_repos import Workspace, workspace
from tests.wheel_files import write_wheel


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path / "cache"))
    with workspace(tmp_path) as made:
        monkeypatch.syspath_prepend(made.root / "pipelines" / "sales" / "src")
        yield made


def test_a_build_says_what_it_made_and_the_next_one_that_nothing_changed(
    repo: Workspace, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.root)
    said = call("wheelhouse", "build", "sales")
    made = current_wheelhouse(repo.folder.path)
    assert made is not None
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == "sales   Python 3.12 on Linux x86_64"
    assert said.out.splitlines()[1].startswith(" ✔ 3 wheels · ")
    assert f"pipelines/sales/wheelhouse/{made.digest[:12]}…" in said.out
    assert " · unchanged · " in call("wheelhouse", "build").out


def test_programs_get_json(repo: Workspace, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.folder.path)
    (built,) = json.loads(call("wheelhouse", "build", "--format", "json").out)
    assert (built["pipeline"], built["new"], built["python"]) == ("sales", True, "3.12")
    (shown,) = json.loads(call("wheelhouse", "show", "--format=json").out)
    assert (shown["name"], shown["digest"]) == ("sales", built["digest"])
    (tried,) = json.loads(call("wheelhouse", "verify", "--format=json").out)
    assert tried["refused"] == []
    assert tried["imported"] == ["money", "rows", "sales"] or tried["not_tried"]


def test_show_and_verify_take_a_folder_too(repo: Workspace, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.root)
    call("wheelhouse", "build", "sales")
    made = current_wheelhouse(repo.folder.path)
    assert made is not None
    assert "rows" in call("wheelhouse", "show", str(made.path)).out
    monkeypatch.chdir(repo.root.parent)
    assert call("wheelhouse", "verify", str(made.path)).code == 0


def test_show_marks_what_the_runtime_has_and_tells_what_is_older(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path / "cache"))
    write_wheel(tmp_path / "files", "numpy", "1.0")
    with workspace(tmp_path, needs='"rows", "numpy", "py4j"', more='numpy = { index = "own" }') as made:
        monkeypatch.syspath_prepend(made.root / "pipelines" / "sales" / "src")
        monkeypatch.chdir(made.root)
        call("wheelhouse", "build")
        lines = {line.split()[0]: line.rstrip() for line in call("wheelhouse", "show").out.splitlines()}
        (told,) = json.loads(call("wheelhouse", "show", "--format=json").out)
    assert lines["numpy"].endswith("index  the runtime has 2.1.3")
    assert lines["py4j"].endswith("index  the runtime has its own")
    assert lines["rows"].endswith("index")
    assert told["marks"] == {"numpy": "the runtime has 2.1.3", "py4j": "the runtime has its own"}
    assert "numpy 1.0 is older than 2.1.3, which the runtime has: its own code may need that" in told["notes"]
    assert lines["!"] in [f" ! {note}" for note in told["notes"]]


def test_a_wheel_that_was_changed_fails_the_verification(
    repo: Workspace, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.root)
    call("wheelhouse", "build")
    made = current_wheelhouse(repo.folder.path)
    assert made is not None
    made.files[0].unlink()
    made.files[0].write_bytes(b"other")
    said = call("wheelhouse", "verify")
    assert said.code == 1
    assert "is not the wheel that was built" in said.err


def test_clean_keeps_the_one_that_counts_unless_all_are_meant(
    repo: Workspace, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.root)
    call("wheelhouse", "build")
    (repo.folder.path / "src" / "sales" / "more.py").write_text("MORE = 1\n", encoding="utf-8")
    call("wheelhouse", "build")
    assert call("wheelhouse", "clean").out == "sales: removed 1 wheelhouse\n"
    assert current_wheelhouse(repo.folder.path) is not None
    assert call("wheelhouse", "clean", "sales", "--all").out == "sales: removed 1 wheelhouse\n"
    assert current_wheelhouse(repo.folder.path) is None
    said = call("wheelhouse", "show")
    assert (said.code, "lakewright wheelhouse build sales" in said.err) == (2, True)


def test_an_archive_is_built_into_the_folder_that_is_said(tmp_path: Path, call: Call) -> None:
    with zipfile.ZipFile(tmp_path / "tools.zip", "w") as archive:
        archive.writestr("calculator.py", "def multiply(a, b): return a * b\n")
    assert (
        call("wheelhouse", "build", "tools.zip").err
        == "where does the wheelhouse of tools.zip go?\n  Say it: --out DIR.\n"
    )
    said = call("wheelhouse", "build", "tools.zip", "--out", "built", "--run-id", "r1", "--python", "3.11")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("tools.zip   Python 3.11 on Linux x86_64\n ✔ ")
    assert any(name.endswith(".whl") for name in zipfile.ZipFile("built/r1/wheelhouse.zip").namelist())


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ((), "--out is for archives: the wheelhouse of a pipeline lies in its own folder"),
        (("sales",), "--out is for archives: the wheelhouse of a pipeline lies in its own folder"),
        (("no-such.zip",), "there is no archive no-such.zip"),
        (("tools.zip", "sales"), "--out is for archives: the wheelhouse of a pipeline lies in its own folder"),
    ],
)
def test_a_folder_for_archives_is_taken_for_nothing_else(
    repo: Workspace, call: Call, monkeypatch: pytest.MonkeyPatch, *, sources: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(repo.root)
    zipfile.ZipFile("tools.zip", "w").close()
    told = call("wheelhouse", "build", *sources, "--out", "built")
    assert (told.code, told.err.splitlines()[0]) == (2, said)
    assert not Path("built").exists()
    assert not (repo.folder.path / "wheelhouse").exists()


def test_programs_get_json_of_an_archive_too(tmp_path: Path, call: Call) -> None:
    """What its manifest says, and where it is; nothing else is printed."""
    for name in ("one", "other"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr(f"{name}.py", "")
    said = call("wheelhouse", "build", "one.zip", "other.zip", "--out", "built", "--python", "3.11", "--format", "json")
    made = json.loads(said.out)
    assert [each["archive"] for each in made] == ["one.zip", "other.zip"]
    for each in made:
        assert each["path"] == f"built/{each['run_id']}/wheelhouse.zip"
        told = json.loads(Path(each["path"]).with_name("manifest.json").read_text(encoding="utf-8"))
        assert told.items() <= each.items()
        assert (told["python"], told["wheels"][0]["name"]) == ("3.11", "user-modules")


@pytest.mark.parametrize("place", ["built/r1", "built/r1/wheelhouse.zip"])
def test_what_was_built_of_an_archive_is_shown_and_verified(tmp_path: Path, call: Call, place: str) -> None:
    with zipfile.ZipFile(tmp_path / "tools.zip", "w") as archive:
        archive.writestr("calculator.py", "def multiply(a, b): return a * b\n")
    call("wheelhouse", "build", "tools.zip", "--out", "built", "--run-id", "r1")
    (shown,) = json.loads(call("wheelhouse", "show", place, "--format=json").out)
    told = json.loads(Path("built/r1/manifest.json").read_text(encoding="utf-8"))
    assert [shown[key] for key in ("digest", "python", "wheels")] == [
        told[key] for key in ("digest", "python", "wheels")
    ]
    (tried,) = json.loads(call("wheelhouse", "verify", place, "--format=json").out)
    assert (tried["digest"], tried["refused"]) == (shown["digest"], [])
    assert tried["imported"] == ["user_modules"] or tried["not_tried"]


def test_a_zip_that_is_no_wheelhouse_of_a_run_is_said(tmp_path: Path, call: Call) -> None:
    with zipfile.ZipFile(tmp_path / "tools.zip", "w") as archive:
        archive.writestr("calculator.py", "")
    (tmp_path / "text.zip").write_text("text", encoding="utf-8")
    assert "tools.zip has no manifest.json" in call("wheelhouse", "show", "tools.zip").err
    assert "text.zip cannot be read" in call("wheelhouse", "verify", "text.zip").err


def test_an_archive_is_built_as_strictly_as_it_is_asked(tmp_path: Path, call: Call) -> None:
    spark = write_wheel(tmp_path, "pyspark")
    with zipfile.ZipFile(tmp_path / "libs.zip", "w") as archive:
        archive.write(spark, spark.name)
    said = call("wheelhouse", "build", "libs.zip", "--out", "built", "--strict")
    assert (said.code, (tmp_path / "built").exists()) == (1, False)
    assert "pyspark 1.0 would take the place of the runtime's own Spark" in said.err
    assert call("wheelhouse", "build", "libs.zip", "--out", "built").code == 0


@pytest.mark.parametrize(
    "arguments", [("no-such-pipeline",), ("no-such.zip", "--out", "built"), ("--python", "3"), ("--platform", "sparc")]
)
def test_a_call_that_cannot_be_is_a_wrong_call(
    repo: Workspace, call: Call, monkeypatch: pytest.MonkeyPatch, *, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(repo.root)
    assert call("wheelhouse", "build", *arguments).code != 0
    assert not (repo.folder.path / "wheelhouse").exists()


SLOW = """
import time, pathlib
pathlib.Path({begun!r}).touch()
time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_ended_leaves_no_wheelhouse_and_nothing_beside_it(
    repo: Workspace, tmp_path: Path, how: signal.Signals
) -> None:
    begun = tmp_path / "begun"
    back_end = '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
    file = repo.root / "shared" / "money" / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("[build-system]")] + back_end, encoding="utf-8")
    write(repo.root / "shared" / "money", {"slow.py": SLOW.format(begun=str(begun))})
    source = str(repo.folder.path / "src")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("lakewright"), "wheelhouse", "build", "sales"],
        cwd=repo.root,
        env={**os.environ, "PYTHONPATH": source, "LAKEWRIGHT_CACHE": str(tmp_path / "cache"), "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, how)
    _, said = process.communicate(timeout=30)
    assert begun.exists(), said
    assert process.returncode != 0
    assert b"Traceback" not in said
    assert not (repo.folder.path / "wheelhouse").exists()
    if how is signal.SIGKILL:
        # Nobody can clean up after that but the next build.
        with staged(tmp_path / "cache"), staged(temporary):
            pass
    assert list(temporary.iterdir()) == []
    assert [path.name for path in (tmp_path / "cache").glob(".*")] == []
