"""Jobs with packages of their own, alike on threads, in processes and as an isolated run of their definition."""

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
from databricks.bundles.jobs import Job as BundleJob

from lakewright.databricks.jobs import job_definition
from lakewright.emulator.plan import plan
from lakewright.emulator.run import run
from lakewright.execution.plan import RunPlan
from lakewright.execution.resume import repaired, resumed
from lakewright.execution.rows import AttemptRow
from lakewright.execution.runner import run as run_here
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.target import TargetValues
from lakewright.pipelines.arguments import plan as traced_plan
from lakewright.pipelines.job import Job
from tests.contract import packed_tasks
from tests.contract.definitions import BUNDLE
from tests.dependencies.fixtures import FORMATS, write_format
from tests.made_wheels import make_wheel, make_wheelhouse

GoOn = Callable[[RunPlan, Sequence[AttemptRow]], RunPlan]
MODES: Final = ("local", "isolated")
CODE: Final = """
VERSION = {version!r}


def version():
    return VERSION


def add(left, right):
    return left + right
"""


@dataclass(frozen=True)
class Ran:
    """How a run went, whatever ran it."""

    paths: RunPaths
    states: Mapping[str, str]
    status: str
    leaf_status: str

    def value(self, task: str) -> Any:  # noqa: ANN401  whatever the task gave
        """The committed value of a task."""
        record = read_record(self.paths, task)
        assert record is not None
        return record.stored.value if record.stored else None

    def ended(self, *tasks: str) -> list[float]:
        """When tasks have given what counts."""
        records = [read_record(self.paths, task) for task in tasks]
        return [record.finished_at for record in records if record is not None]

    @property
    def left(self) -> list[str]:
        """The runs whose packages lie below the root, by their ids."""
        return sorted(each.name for each in Path(self.paths.root).glob(f"packages/{self.paths.job}/*"))


class Runner(Protocol):
    """Runs a job."""

    def __call__(self, job: Job[..., Any], run_id: str = "1", *, go_on: GoOn | None = None, **parameters: str) -> Ran:
        """How the run went."""


class Here:
    """A folder of the test as target: its root, and its data with the archive."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.data = folder / "data"
        # Folders of installed packages are kept on the machine; those of a test go with it.
        self.temporary = folder / "tmp"
        self.temporary.mkdir()

    def archive(self, version: str, name: str = packed_tasks.ARCHIVE) -> Path:
        """An archive with a wheel of this version."""
        wheel = make_wheel(self.data / version, "mine", version, files={"mine.py": CODE.format(version=version)})
        return make_wheelhouse(self.data / name, wheel)

    def local(self, job: Job[..., Any], run_id: str = "1", *, go_on: GoOn | None = None, **parameters: str) -> Ran:
        """A run in this process."""
        target = TargetValues(root=str(self.root), data=str(self.data))
        planned = traced_plan(job.body, parameters, target=target)
        planned = replace(planned, paths=replace(planned.paths, run_id=run_id))
        result = run_here(go_on(planned, ()) if go_on else planned)
        return Ran(result.paths, result.states, result.status, result.leaf_status)

    def isolated(self, job: Job[..., Any], run_id: str = "1", *, go_on: GoOn | None = None, **parameters: str) -> Ran:
        """A run of the generated definition."""
        content: Any = job_definition(job.definition)
        planned = plan(
            BundleJob.from_dict(content).as_dict(),
            paths=RunPaths(str(self.root), job.name, run_id),
            bundle={**BUNDLE, "var.data": str(self.data)},
            parameters=parameters,
            places={"/Volumes/cat/sch/vol": str(self.root), "/Volumes": f"{self.root}/volumes"},
        )
        if go_on:
            traced = go_on(replace(traced_plan(job.body, planned.parameters), paths=planned.paths), ())
            planned = replace(planned, kept=traced.kept, tried=traced.tried)
        result = run(planned)
        return Ran(planned.paths, result.states, result.status, result.leaf_status)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    place = Here(tmp_path)
    monkeypatch.setenv("TMPDIR", str(place.temporary))
    return place


@pytest.fixture(params=MODES)
def ran(request: pytest.FixtureRequest, here: Here) -> Runner:
    way: Callable[..., Ran] = {"local": here.local, "isolated": here.isolated}[request.param]
    return way


def test_each_task_imports_the_packages_of_its_run_in_a_process_of_its_own(here: Here, ran: Runner) -> None:
    here.archive("1.0")
    done = ran(packed_tasks.placed)
    assert done.states == dict.fromkeys(("process_deps", "found", "cleanup_deps", "job_status"), "success")
    told = done.value("found")
    assert told["pid"] != os.getpid()
    assert told["file"] == told["child"]
    assert told["path"] == f"{here.root}/packages/placed/1/wheelhouse.zip"
    assert told["run"] == "1"
    assert told["size"] > 0


def test_the_folder_of_the_run_is_gone_and_those_of_others_stay(here: Here, ran: Runner) -> None:
    here.archive("1.0")
    kept = ran(packed_tasks.placed, "1", cleanup_enabled="false")
    assert kept.left == ["1"]
    assert ran(packed_tasks.placed, "2").left == ["1"]


def test_a_task_that_fails_fails_the_run_on_the_platform_too_and_all_is_cleaned_up(here: Here, ran: Runner) -> None:
    here.archive("1.0")
    done = ran(packed_tasks.broken)
    assert done.states == {
        "process_deps": "success",
        "found": "success",
        "failing": "failed",
        "cleanup_deps": "success",
        "job_status": "upstream_failed",
    }
    assert (done.status, done.leaf_status) == ("failed", "failed")
    assert done.left == []


@pytest.mark.parametrize("go_on", [resumed, repaired])
def test_a_run_that_was_cleaned_up_makes_its_packages_again_when_it_goes_on(
    here: Here, ran: Runner, *, go_on: GoOn
) -> None:
    """On another machine too, where nobody has installed them; what was done with them stays done."""
    here.archive("1.0")
    gate = here.data / "gate"
    first = ran(packed_tasks.gated, gate=str(gate))
    assert (first.states["blocked"], first.left) == ("failed", [])
    before = first.ended("found", "process_deps", "cleanup_deps")
    shutil.rmtree(here.temporary)
    here.temporary.mkdir()
    gate.touch()
    again = ran(packed_tasks.gated, go_on=go_on, gate=str(gate))
    assert again.states == dict.fromkeys(("process_deps", "found", "blocked", "cleanup_deps", "job_status"), "success")
    assert (again.value("blocked"), again.left) == ("1.0", [])
    after = again.ended("found", "process_deps", "cleanup_deps")
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, False]


def test_what_waits_for_packages_by_way_of_others_alone_waits_for_them_again(here: Here, ran: Runner) -> None:
    here.archive("1.0")
    gate = here.data / "gate"
    first = ran(packed_tasks.followed, gate=str(gate))
    assert (first.states["blocked"], first.states["follow_up"]) == ("failed", "excluded")
    before = first.ended("found")
    shutil.rmtree(here.temporary)
    here.temporary.mkdir()
    gate.touch()
    again = ran(packed_tasks.followed, go_on=resumed, gate=str(gate))
    assert (again.value("blocked"), again.states["follow_up"], again.left) == ("1.0", "excluded", [])
    assert again.ended("found") != before


@pytest.mark.parametrize("go_on", [resumed, repaired])
def test_packages_that_are_still_there_are_not_made_again(here: Here, ran: Runner, *, go_on: GoOn) -> None:
    here.archive("1.0")
    gate = here.data / "gate"
    first = ran(packed_tasks.gated, gate=str(gate), cleanup_enabled="false")
    assert first.left == ["1"]
    before = first.ended("process_deps")
    gate.touch()
    again = ran(packed_tasks.gated, go_on=go_on, gate=str(gate), cleanup_enabled="false")
    assert (again.value("blocked"), again.left) == ("1.0", ["1"])
    assert again.ended("process_deps") == before


def test_where_there_is_no_archive_nothing_runs_but_cleaning_up(here: Here, ran: Runner) -> None:
    done = ran(packed_tasks.placed)
    assert done.states == {
        "process_deps": "failed",
        "found": "upstream_failed",
        "cleanup_deps": "success",
        "job_status": "upstream_failed",
    }
    assert done.leaf_status == "failed"
    assert here.root.exists()
    assert done.left == []


def test_the_archive_and_the_place_of_packages_come_with_the_run(here: Here, ran: Runner, tmp_path: Path) -> None:
    base = tmp_path / "elsewhere"
    for version in ("1.0", "2.0"):
        archive = here.archive(version, f"{version}.zip")
        done = ran(
            packed_tasks.chosen,
            version,
            archive=str(archive),
            volume_base_path=f"{base}/",
            cleanup_enabled="no",
        )
        assert done.value("called") == version
    assert sorted(each.name for each in base.iterdir()) == ["1.0", "2.0"]
    assert (base / "1.0" / "wheelhouse.zip").is_file()


def test_two_builds_of_one_version_are_told_apart(here: Here, ran: Runner) -> None:
    for build, run_id in (("old", "1"), ("new", "2")):
        wheel = make_wheel(here.data / build, "mine", "1.0", files={"mine.py": CODE.format(version=build)})
        archive = make_wheelhouse(here.data / f"{build}.zip", wheel)
        assert ran(packed_tasks.chosen, run_id, archive=str(archive)).value("called") == build


def test_repeated_tasks_have_them_for_each_element(here: Here, ran: Runner) -> None:
    here.archive("1.0")
    done = ran(packed_tasks.repeated)
    assert done.leaf_status == "success"
    assert [done.value(f"called.{index}") for index in range(3)] == [3, 7, 11]


def test_an_alert_runs_without_packages_where_they_could_not_be_made(here: Here, ran: Runner) -> None:
    archive = here.archive("1.0")
    assert ran(packed_tasks.watched, "1").states["alert"] == "excluded"
    archive.write_bytes(b"this is no archive")
    done = ran(packed_tasks.watched, "2")
    assert (done.states["process_deps"], done.states["alert"]) == ("failed", "success")
    assert done.value("alert") is False


# What is called, with which arguments, and what it gives.
USES: Final[Mapping[str, tuple[str, str, list[object], str]]] = {
    "requirements_only": ("requests.utils", "quote", ["a b"], r"a%20b"),
    "pure_python": ("user_modules.calculator", "multiply", [6, 7], r"42"),
    "packaged": ("testpkg.core", "process_data", [[1, 2]], r"\[2, 4\]"),
    "existing_wheels": ("simplepkg", "hello", [], r"Hello from simplepkg"),
    "mixed": ("myapp.api", "version", [], r"2\.\d+\.\d+"),
    "nested": ("user_modules.myproject.utils", "bundle", [], r".*/lakewright-packages-.*/certifi/cacert\.pem"),
}


def test_there_is_a_use_for_each_format() -> None:
    assert USES.keys() == FORMATS.keys()


@pytest.mark.parametrize("form", FORMATS)
def test_a_job_runs_with_an_archive_of_each_format(here: Here, form: str, tmp_path: Path) -> None:
    archive = write_format(form, tmp_path / "given")
    module, function, arguments, expected = USES[form]
    done = here.isolated(
        packed_tasks.using,
        input_zip_path=str(archive),
        module=module,
        function=function,
        arguments=json.dumps(arguments),
    )
    assert done.states == dict.fromkeys(("process_deps", "used", "cleanup_deps", "job_status"), "success")
    told = done.value("used")
    assert re.fullmatch(expected, str(told["value"]))
    assert "/lakewright-packages-" in told["file"]
    assert done.left == []


def test_ten_runs_at_once_each_have_their_own(here: Here) -> None:
    archives = {str(number): str(here.archive(f"{number}.0", f"{number}.zip")) for number in range(10)}

    def one(number: str) -> object:
        done = here.isolated(packed_tasks.chosen, number, archive=archives[number])
        assert done.leaf_status == "success"
        return done.value("called")

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(one, archives)) == [f"{number}.0" for number in archives]
