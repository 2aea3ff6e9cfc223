"""The probe on a workspace of this machine: deployed by the recording `databricks`, run through the real SDK."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from databricks.bundles.jobs import Job

from lakewright.errors.deploying import CliFailedError, WorkspaceError
from lakewright.errors.project import UsageError
from lakewright.project.bundle_cli import BundleCli, find_cli
from lakewright.project.probes import SCRIPT, Probe, open_probes
from lakewright.project.probing import Probing
from tests.recording.workspace import job_id
from tests.unit.cli.deploying import Site, site

WORDS = {"success": "SUCCESS", "failed": "FAILED", "timed_out": "TIMEDOUT", "cancelled": "CANCELED"}


def state(word: str) -> dict[str, object]:
    return {"state": {"life_cycle_state": "TERMINATED", "result_state": WORDS.get(word, word.upper())}}


def as_expected(probe: Probe) -> dict[str, object]:
    """A run of a workspace that behaves as the table says."""
    tasks = [
        {"task_key": task["task_key"], **state(probe.expected.get(task["task_key"], "success"))} for task in probe.tasks
    ]
    for task, definition in zip(tasks, probe.tasks, strict=True):
        if "for_each_task" in definition:
            stats = {"task_run_stats": {"succeeded_iterations": 2}}
            task["for_each_task"] = {"inputs": "[]", "task": {"task_key": "one"}, "stats": stats}
    return {**state(probe.expected.get("the run", "failed")), "tasks": tasks}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with site(tmp_path / "repository", monkeypatch) as found:
        found.workspace.runs |= {job_id(probe.key): as_expected(probe) for probe in open_probes()}
        yield found


@pytest.fixture
def cli(here: Site) -> BundleCli:  # noqa: ARG001  the path is its
    return find_cli(lambda _: None)


def test_where_the_platform_does_what_is_assumed_every_fact_is_right_and_nothing_is_left(
    here: Site, cli: BundleCli
) -> None:
    found = list(Probing.of(here.root, "dev").judge(cli))
    assert [(each.state, each.told, each.way_out) for each in found] == [("right", p.fact, "") for p in open_probes()]
    assert here.words() == [
        "bundle deploy --target dev",
        "bundle summary --target dev --output json",
        "bundle destroy --target dev --auto-approve",
    ]
    assert here.cli.workspace.everything() == []


def test_what_differs_is_named_task_by_task(here: Site, cli: BundleCli) -> None:
    gone = {"state": {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}, "tasks": []}
    here.workspace.runs[job_id("no_comparison")] = gone
    wrong = [each for each in Probing.of(here.root, "dev").judge(cli) if each.state == "wrong"]
    assert [(each.told, each.way_out) for each in wrong] == [
        ("a condition that cannot be evaluated fails", "compare: failed expected, nothing found")
    ]


def test_a_job_that_cannot_be_started_leaves_nothing_behind(here: Site, cli: BundleCli) -> None:
    del here.workspace.runs[job_id("timeout")]
    with pytest.raises(WorkspaceError, match=f"cannot start job {job_id('timeout')}"):
        list(Probing.of(here.root, "dev").judge(cli))
    assert here.words()[-1] == "bundle destroy --target dev --auto-approve"


def test_who_stops_listening_leaves_nothing_behind(here: Site, cli: BundleCli) -> None:
    found = Probing.of(here.root, "dev").judge(cli)
    next(found)
    found.close()
    assert here.cli.workspace.everything() == []


def test_a_deploy_that_fails_is_told_and_taken_back(here: Site, cli: BundleCli) -> None:
    here.cli.fails("deploy", "Error: no such host\n")
    with pytest.raises(CliFailedError, match="no such host"):
        list(Probing.of(here.root, "dev").judge(cli))
    assert here.words()[-1] == "bundle destroy --target dev --auto-approve"


def test_the_bundle_is_a_value_that_databricks_reads(here: Site, tmp_path: Path) -> None:
    probing = Probing.of(here.root, "prod")
    files = probing.files()
    assert files == probing.files()
    bundle = yaml.safe_load(files["databricks.yml"])
    assert bundle["targets"] == {
        "prod": {"mode": "development", "default": True, "workspace": {"host": here.workspace.url}}
    }
    for key, job in bundle["resources"]["jobs"].items():
        assert Job.from_dict(job).name == f"lakewright probe: {key}"
    assert "&id" not in files["databricks.yml"]
    probing.write(tmp_path / "out")
    assert {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir()} == files
    assert SCRIPT in files


def test_a_folder_with_something_in_it_is_left_alone(here: Site) -> None:
    with pytest.raises(UsageError, match="is there already"):
        Probing.of(here.root, "dev").write(here.root)
