"""`lakewright drift` and `destroy`: what is there, and should not be."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.git import commit
from tests.unit.cli.commands import Call
from tests.unit.cli.deploying import Site, bundle, bundle_of_code, site
from tests.unit.project.repos import write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> Iterator[Site]:
    with site(tmp_path, monkeypatch, "sales", "flights") as found:
        for name in ("sales", "flights"):
            found.wheelhouse(name)
        assert call("deploy", "--target", "prod").code == 0
        (found.root / "summary.md").unlink()
        found.cli.forget()
        yield found


def remove(here: Site, name: str) -> None:
    shutil.rmtree(here.root / "pipelines" / name)
    commit(here.root)


def test_what_was_merged_since_is_no_drift(call: Call, here: Site) -> None:
    here.change("sales", timeout_seconds=60)
    ended = call("drift", "--target", "prod")
    assert ended.code == 0, ended.err
    assert [line.split("   ")[:2] for line in ended.out.splitlines()] == [
        ["flights → prod", "no change"],
        ["sales → prod", "no change"],
    ]


def test_a_change_by_hand_is_found_field_by_field(call: Call, here: Site) -> None:
    here.cli.workspace.edit("jobs.daily", max_concurrent_runs=9)
    ended = call("drift", "sales", "--target", "prod")
    assert ended.code == 1
    assert "sales → prod   ~ 1 changed   (deployed: " in ended.out
    assert "        max_concurrent_runs   9 → 1\n" in ended.out
    assert "| ~ | `jobs.daily` | `max_concurrent_runs` | `9` | `1` |" in here.summary
    told = json.loads(call("drift", "sales", "--target", "prod", "--format", "json").out)
    assert [each["pipeline"] for each in told["pipelines"]] == ["sales"]


def test_a_job_that_somebody_deleted_is_drift(call: Call, here: Site) -> None:
    here.cli.workspace.delete("jobs.daily")
    ended = call("drift", "sales", "--target", "prod")
    assert (ended.code, "  +   jobs.daily\n" in ended.out) == (1, True)


def test_one_issue_is_opened_kept_up_to_date_and_closed(call: Call, here: Site) -> None:
    def drift() -> str:
        return call("drift", "--target", "prod", "--issue").err.splitlines()[-1]

    assert (drift(), here.github.issues) == ("no issue is open", [])
    here.cli.workspace.edit("jobs.daily", max_concurrent_runs=9)
    told = drift()
    (issue,) = here.github.issues
    assert told == f"open issue: {issue['html_url']}"
    assert issue["title"] == "Drift on prod: 2 pipelines"
    assert issue["body"].startswith("### flights → prod · ~ 1 changed\n")
    assert "lakewright deploy flights sales --target prod" in issue["body"]
    here.cli.workspace.edit("jobs.daily", max_concurrent_runs=5)
    assert drift() == told
    assert "| `5` | `1` |" in issue["body"]
    call("deploy", "--target", "prod")
    assert drift() == f"closed issue: {issue['html_url']}"
    assert (issue["state"], issue["body"]) == ("closed", "Nothing differs any more.\n")
    here.cli.workspace.edit("jobs.daily", max_concurrent_runs=7)
    assert drift().startswith("open issue: ")
    assert [each["state"] for each in here.github.issues] == ["closed", "open"]


def test_the_issues_of_other_targets_are_left_alone(call: Call, here: Site) -> None:
    other = {
        "number": 900,
        "id": 900,
        "title": "x",
        "state": "open",
        "html_url": "x",
        "labels": [{"name": "drift:staging"}],
    }
    here.github.issues.append({**other, "body": ""})
    here.cli.workspace.edit("jobs.daily", max_concurrent_runs=9)
    assert call("drift", "--target", "prod", "--issue").code == 1
    assert [each["title"] for each in here.github.issues] == ["x", "Drift on prod: 2 pipelines"]


def test_a_pipeline_whose_drift_cannot_be_told_is_no_good_news(call: Call, here: Site) -> None:
    here.cli.denies(pipeline="sales")
    ended = call("drift", "--target", "prod", "--issue")
    assert ended.code == 1
    assert "✘ sales → prod   no plan" in ended.out
    (issue,) = here.github.issues
    assert issue["title"] == "Drift on prod: 1 pipeline"
    assert "CAN_VIEW on the jobs" in issue["body"]


def test_without_permission_for_issues_that_is_said(call: Call, here: Site) -> None:
    here.cli.workspace.edit("jobs.daily", max_concurrent_runs=9)
    here.github.permissions["issues"] = "read"
    ended = call("drift", "--target", "prod", "--issue")
    assert ended.code == 1
    assert "issues=write" in ended.err
    assert "max_concurrent_runs   9 → 1" in ended.out


def test_a_removed_pipeline_is_taken_away_from_the_commit_that_was_deployed(call: Call, here: Site) -> None:
    remove(here, "sales")
    ended = call("destroy", "sales", "--target", "prod", "--yes")
    assert ended.code == 0, ended.err
    assert here.words() == ["bundle destroy --target prod --auto-approve"]
    assert len(here.deployed()) == 1
    assert "sales is taken away from prod" in ended.out
    here.cli.forget()
    assert call("drift", "--target", "prod").code == 0
    assert [call.pipeline for call in here.cli.calls if call.words != "--version"] == ["flights"]


def test_a_pipeline_is_taken_away_though_the_packages_went_that_its_code_needs(
    call: Call, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What `cli/` holds is installed on this machine, and no part of the repository.
    write(here.root, {"cli/installed/package_of_then.py": "JOB = {'name': 'daily'}\n"})
    monkeypatch.setenv("PYTHONPATH", str(here.root / "cli/installed"))
    commit(here.root, bundle_of_code("sales"))
    assert call("deploy", "sales", "--target", "prod").code == 0
    remove(here, "sales")
    monkeypatch.delenv("PYTHONPATH")
    here.cli.forget()
    ended = call("destroy", "sales", "--target", "prod", "--yes")
    assert ended.code == 0, ended.err
    assert here.words() == ["bundle destroy --target prod --auto-approve"] * 2
    assert "its code needs what is not installed here any more" in ended.err
    assert len(here.deployed()) == 1


def test_the_jobs_of_a_renamed_folder_stay_with_the_new_one(call: Call, here: Site) -> None:
    remove(here, "sales")
    [text] = bundle("sales").values()
    commit(here.root, {"pipelines/orders/databricks.yml": text})
    ended = call("destroy", "sales", "--target", "prod", "--yes")
    assert ended.code == 0, ended.err
    assert here.words() == []
    assert len(here.deployed()) == 2
    assert "sales is orders now, with the same bundle: its jobs on prod stay" in ended.out
    here.cli.forget()
    assert call("drift", "--target", "prod").code == 0
    assert [call.pipeline for call in here.cli.calls if call.words != "--version"] == ["flights"]


def test_without_yes_it_is_said_what_would_be_deleted(call: Call, here: Site) -> None:
    remove(here, "sales")
    ended = call("destroy", "sales", "--target", "prod")
    assert ended.code == 2
    assert "this deletes what 'sales' has on 'prod', as it was at " in ended.err
    assert here.words() == []


def test_a_pipeline_that_is_still_there_is_not_taken_away_unless_forced(call: Call, here: Site) -> None:
    refused = call("destroy", "sales", "--target", "prod", "--yes")
    assert refused.code == 2
    assert "pipelines/sales is still there" in refused.err
    assert len(here.deployed()) == 2
    assert call("destroy", "sales", "--target", "prod", "--yes", "--force").code == 0
    assert len(here.deployed()) == 1


def test_without_a_record_the_last_commit_that_had_it_counts(
    call: Call, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove(here, "sales")
    commit(here.root, {"README.md": "more"})
    monkeypatch.delenv("GITHUB_TOKEN")
    ended = call("destroy", "sales", "--target", "prod", "--yes")
    assert ended.code == 0
    assert "the last commit that had 'sales' counts" in ended.err
    assert "not recorded: there is no token" in ended.err
    assert len(here.deployed()) == 1


def test_a_pipeline_that_never_was_cannot_be_taken_away(call: Call, here: Site) -> None:
    ended = call("destroy", "salse", "--target", "prod", "--yes")
    assert ended.code == 1
    assert "there never was a pipeline 'salse'" in ended.err
    assert here.words() == []
