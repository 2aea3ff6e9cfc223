"""`lakewright deploy`: what it refuses, what it does, and what is kept of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.dependencies.current import BuiltFrom, set_current
from lakewright.project.github import access, connected
from lakewright.project.pipelines_ever import pipelines_ever
from lakewright.project.records import recorded
from lakewright.project.wheel_inputs import inputs_digest
from tests.git import commit, git
from tests.unit.cli.commands import Call
from tests.unit.cli.deploying import Site, bundle, site
from tests.unit.project.repos import write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with site(tmp_path, monkeypatch, "sales", "flights") as found:
        yield found


def records(here: Site, target: str = "prod") -> dict[str, tuple[str, str]]:
    with connected(access(here.root, here.github.environment)) as github:
        return {
            name: (each.revision, each.digest)
            for name, each in recorded(github, target, pipelines_ever(here.root)).items()
        }


def test_a_deploy_plans_uploads_applies_that_plan_and_records_it(call: Call, here: Site) -> None:
    made = here.wheelhouse("sales")
    head = git(here.root, "rev-parse", "HEAD")
    ended = call("deploy", "sales", "--target", "prod")
    assert ended.code == 0, ended.err
    assert here.words() == ["bundle plan --target prod --output json", "bundle deploy --target prod"]
    assert here.cli.calls[-1].argv[-2] == "--plan"
    assert f"/Volumes/prod/sales/lakewright/wheelhouse/sales/{made.digest}/manifest.json" in here.workspace.files
    assert records(here) == {"sales": (head, made.digest)}
    assert f" ✔ sales → prod   + 1 new   {head[:9]}   wheelhouse {made.digest[:12]}   " in ended.out
    assert "$ databricks bundle deploy --target prod --plan " in ended.err
    assert "| + | `jobs.daily` | create | | |" in here.summary
    assert f"✔ {head[:9]} · wheelhouse {made.digest[:12]} · recorded" in here.summary


def test_a_commit_that_was_overtaken_takes_nothing_back_on_a_shared_target(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    overtaken = git(here.root, "rev-parse", "HEAD")
    newest = here.change("sales", timeout_seconds=60)
    for target in ("dev", "prod"):
        assert call("deploy", "sales", "--target", target).code == 0
    kept = records(here)
    git(here.root, "switch", "--quiet", "--detach", overtaken)
    here.cli.forget()
    ended = call("deploy", "sales", "flights", "--target", "prod")
    assert f" = sales → prod   runs {newest[:9]}, which came after {overtaken[:9]}; to go back: " in ended.out
    assert f"lakewright rollback sales --target prod --ref {overtaken[:9]}\n" in ended.out
    assert f"### sales → prod\n\n= runs {newest[:9]}" in here.summary
    assert (here.words(), records(here)) == ([], kept)
    assert "'flights' has no wheelhouse" in ended.err
    # What is in development is a copy of one's own, and one's own matter.
    assert call("deploy", "sales", "--target", "dev").code == 0
    assert records(here, "dev")["sales"][0] == overtaken


def test_the_same_bytes_need_no_second_upload_and_give_no_change(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    call("deploy", "sales", "--target", "prod")
    here.workspace.requests.clear()
    assert " ✔ sales → prod   no change   " in call("deploy", "sales", "--target", "prod").out
    assert here.workspace.sent() == []


def test_without_a_wheelhouse_only_a_target_in_development_takes_what_lies_in_dist(call: Call, here: Site) -> None:
    refused = call("deploy", "sales", "--target", "prod")
    assert refused.code == 1
    assert "'sales' has no wheelhouse, and 'prod' runs nothing else" in refused.err
    assert "lakewright wheelhouse build sales" in refused.err
    assert here.words() == []
    assert call("deploy", "sales", "--target", "dev").code == 0
    assert here.words() == ["bundle plan --target dev --output json", "bundle deploy --target dev"]
    assert "--plan" not in here.cli.calls[-1].argv


def test_a_wheelhouse_of_other_sources_is_refused_on_a_shared_target(call: Call, here: Site) -> None:
    made = here.wheelhouse("sales")
    project = write(here.root, {"pipelines/sales/src/sales/__init__.py": "version = 1"}) / "pipelines" / "sales"
    built_from = BuiltFrom(inputs_digest(here.root, [project], facts=()), ("pipelines/sales",), ())
    set_current(project, made, built_from=built_from)
    commit(here.root)
    assert call("deploy", "sales", "--target", "prod").code == 0
    commit(here.root, {"pipelines/sales/src/sales/__init__.py": "version = 2"})
    refused = call("deploy", "sales", "--target", "prod")
    assert refused.code == 1
    assert "'sales' has changed since its wheelhouse was built" in refused.err
    assert call("deploy", "sales", "--target", "dev").code == 0


def test_deletes_are_refused_before_anything_is_changed(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    call("deploy", "sales", "--target", "prod")
    before, kept = here.deployed(), records(here)
    commit(here.root, bundle("sales", {"daily:": "hourly:"}))
    here.cli.forget()
    here.workspace.requests.clear()
    refused = call("deploy", "sales", "--target", "prod")
    assert refused.code == 1
    assert "a deploy of 'sales' to 'prod' would lose what is there:\n    delete jobs.daily" in refused.err
    assert "--allow-deletes" in refused.err
    assert (here.words(), here.workspace.requests) == (["bundle plan --target prod --output json"], [])
    assert (here.deployed(), records(here)) == (before, kept)
    allowed = call("deploy", "sales", "--target", "prod", "--allow-deletes")
    assert allowed.code == 0
    assert here.words()[-1] == "bundle deploy --target prod --auto-approve"
    assert (here.deployed(), len(here.deployed("jobs.hourly"))) == ([], 1)


def test_a_label_of_any_pull_request_since_the_last_deploy_allows_deletes(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    call("deploy", "sales", "--target", "prod")
    labelled = commit(here.root, bundle("sales", {"daily:": "hourly:"}))
    commit(here.root, {"README.md": "more"})
    arguments = ("deploy", "sales", "--target", "prod", "--deletes-label", "allow-deletes")
    assert call(*arguments).code == 1
    address = "https://github.com/acme/flights/pull/7"
    here.github.brought[labelled] = [{"labels": [{"name": "allow-deletes"}], "html_url": address}]
    allowed = call(*arguments)
    assert allowed.code == 0
    assert f"deletes are allowed by the label 'allow-deletes' of {address}" in allowed.err
    here.github.permissions["pull-requests"] = ""
    commit(here.root, bundle("sales"))
    unknown = call(*arguments)
    assert unknown.code == 1
    assert "whether a pull request has the label 'allow-deletes' is not known" in unknown.err


def test_a_deploy_that_breaks_off_says_how_far_it_came_and_the_next_covers_it(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    here.cli.fails("deploy", "Error: 503 TEMPORARILY_UNAVAILABLE\n")
    broken = call("deploy", "sales", "--target", "prod")
    assert broken.code == 1
    assert " ✘ sales → prod\n" in broken.out
    assert "the deploy of 'sales' to 'prod' did not come to its end" in broken.err
    assert "TEMPORARILY_UNAVAILABLE" in broken.err
    assert "lakewright plan sales --target prod" in broken.err
    assert records(here) == {}
    assert "### sales → prod · ✘ failed" in here.summary
    here.cli.heals()
    assert call("deploy", "sales", "--target", "prod").code == 0
    assert records(here).keys() == {"sales"}


def test_one_pipeline_that_fails_does_not_stop_the_others(call: Call, here: Site) -> None:
    here.cli.fails("deploy", "Error: no\n", pipeline="flights")
    ended = call("deploy", "--target", "dev")
    assert ended.code == 1
    assert " ✘ flights → dev\n" in ended.out
    assert " ✔ sales → dev   + 1 new" in ended.out
    assert records(here, "dev").keys() == {"sales"}


def test_smoke_runs_each_job_and_one_that_fails_is_no_success(call: Call, here: Site) -> None:
    ended = call("deploy", "sales", "--target", "dev", "--smoke")
    assert ended.code == 0
    assert here.words()[-1] == "bundle run --target dev daily"
    assert "ran 'daily'" in ended.out
    before = records(here, "dev")
    here.change("sales", timeout_seconds=60)
    here.cli.fails("run", "Error: task load failed\n")
    failed = call("deploy", "sales", "--target", "dev", "--smoke")
    assert failed.code == 1
    assert "'sales' is deployed to 'dev', but a run afterwards failed" in failed.err
    assert records(here, "dev") == before
    # What ran before is the last that is on record; a rollback without a commit would go behind that.
    assert f"lakewright rollback sales --target dev --ref {before['sales'][0][:9]}\n" in failed.err
    here.github.deployments.clear()
    assert "rollback" not in call("deploy", "sales", "--target", "dev", "--smoke").err


def test_strict_takes_warnings_for_errors_before_anything_is_changed(call: Call, here: Site) -> None:
    here.cli.tell(warnings=["unknown field: tgas"])
    assert call("deploy", "sales", "--target", "dev").code == 0
    here.cli.forget()
    refused = call("deploy", "sales", "--target", "dev", "--strict")
    assert refused.code == 1
    assert "Warnings are not allowed in strict mode" in refused.err
    assert here.words() == ["bundle validate --target dev --strict"]


def test_what_is_not_committed_goes_to_a_shared_target_only_when_asked(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    write(here.root, bundle("sales", {"max_concurrent_runs: 1": "max_concurrent_runs: 2"}))
    refused = call("deploy", "sales", "--target", "prod")
    assert (refused.code, here.words()) == (1, [])
    assert "what runs on 'prod' must be a commit" in refused.err
    assert call("deploy", "sales", "--target", "dev").code == 0
    allowed = call("deploy", "sales", "--target", "prod", "--allow-dirty")
    assert allowed.code == 0
    assert "not recorded, so the next merge deploys it again: it is no commit" in allowed.err
    assert records(here) == {}


def test_without_github_a_deploy_works_and_says_that_it_is_not_recorded(
    call: Call, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    ended = call("deploy", "sales", "--target", "dev")
    assert ended.code == 0
    assert "not recorded, so the next merge deploys it again: there is no token for GitHub" in ended.err
    assert len(here.deployed()) == 1


def test_a_copy_of_ones_own_takes_no_place_in_the_records_of_the_workflow(
    call: Call, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sales", "flights"):
        here.wheelhouse(name)
    assert call("deploy", "--target", "dev").code == 0
    known = records(here, "dev")
    here.change("sales", timeout_seconds=9)
    monkeypatch.delenv("GITHUB_ACTIONS")
    ended = call("deploy", "sales", "--target", "dev")
    assert ended.code == 0
    assert "a copy of your own" in ended.out
    assert "recorded" not in ended.err
    assert records(here, "dev") == known
    assert call("destroy", "sales", "--target", "dev", "--yes", "--force").code == 0
    assert records(here, "dev") == known
    assert call("deploy", "sales", "--target", "prod").code == 0
    assert "sales" in records(here)


def test_a_record_that_github_refuses_is_told_and_the_deploy_stays(call: Call, here: Site) -> None:
    here.github.commits = set()
    ended = call("deploy", "sales", "--target", "dev")
    assert ended.code == 0
    assert "No ref found for" in ended.err
    assert "**not recorded**" in here.summary
    here.github.permissions["deployments"] = "read"
    assert "deployments=write" in call("deploy", "sales", "--target", "dev").err


def test_a_hidden_state_is_no_reason_to_deploy_everything_twice(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    call("deploy", "sales", "--target", "prod")
    for file in here.cli.workspace.folder.glob("*.json"):
        file.unlink()
    ended = call("deploy", "sales", "--target", "prod")
    assert ended.code == 1
    assert "and yet everything would be created" in ended.err
    assert here.deployed() == []


def test_a_volume_that_cannot_be_written_stops_the_deploy_before_it_begins(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    here.workspace.denied = "/Volumes/prod"
    ended = call("deploy", "sales", "--target", "prod")
    assert ended.code == 1
    assert "WRITE VOLUME" in ended.err
    assert here.deployed() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "mode: development, default: true, workspace: {host: ",
            "workspace: {hosts: ",
            "targets.dev has no workspace.host",
        ),
        ("variables: {catalog: dev}", "variables: {}", "has no value for 'catalog'"),
    ],
)
def test_a_target_that_says_too_little_is_refused(call: Call, here: Site, *, old: str, new: str, message: str) -> None:
    text = (here.root / "targets.yml").read_text(encoding="utf-8")
    assert old in text
    write(here.root, {"targets.yml": text.replace(old, new)})
    ended = call("deploy", "sales", "--target", "dev")
    assert ended.code == 1
    assert message in ended.err
    assert here.cli.calls == []
