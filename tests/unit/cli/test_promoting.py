"""`lakewright promote` and `rollback`: the same commit, the same bytes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.project.github import access, connected
from lakewright.project.pipelines_ever import pipelines_ever
from lakewright.project.records import recorded
from tests.git import commit, git
from tests.unit.cli.commands import Call
from tests.unit.cli.deploying import Site, bundle, bundle_of_code, site
from tests.unit.project.repos import write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with site(tmp_path, monkeypatch, "sales", "flights") as found:
        yield found


def running(here: Site, target: str = "prod") -> dict[str, tuple[str, str]]:
    with connected(access(here.root, here.github.environment)) as github:
        return {
            name: (each.revision, each.digest)
            for name, each in recorded(github, target, pipelines_ever(here.root)).items()
        }


def on_volume(here: Site, target: str, digest: str) -> dict[str, bytes]:
    above = f"/Volumes/{target}/sales/lakewright/wheelhouse/sales/{digest}/"
    return {path.removeprefix(above): content for path, content in here.workspace.files.items() if above in path}


def forget_wheelhouses(here: Site) -> None:
    for folder in here.root.glob("pipelines/*/wheelhouse"):
        shutil.rmtree(folder)


def test_what_runs_on_one_target_goes_to_the_next_whatever_is_checked_out(call: Call, here: Site) -> None:
    made = here.wheelhouse("sales")
    tested = here.change("sales", timeout_seconds=60)
    call("deploy", "sales", "--target", "dev")
    here.change("sales", timeout_seconds=99)
    forget_wheelhouses(here)
    ended = call("promote", "--from", "dev", "--to", "prod")
    assert ended.code == 0, ended.err
    assert f" ✔ sales → prod   + 1 new   {tested[:9]}   wheelhouse {made.digest[:12]}" in ended.out
    assert running(here) == running(here, "dev") == {"sales": (tested, made.digest)}
    there, arrived = (on_volume(here, target, made.digest) for target in ("dev", "prod"))
    # pip's file alone names the volume that it lies on.
    assert b"/Volumes/prod/" in arrived.pop("requirements.txt")
    assert b"/Volumes/dev/" in there.pop("requirements.txt")
    assert arrived == there
    assert [name for name in arrived if name.endswith(".whl")] == [f"wheels/{made.wheels[0].filename}"]
    assert [job["timeout_seconds"] for job in here.deployed()] == [60, 60]
    assert git(here.root, "worktree", "list").count("\n") == 0


def test_what_runs_there_already_is_left_alone(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    call("deploy", "sales", "--target", "dev")
    call("promote", "--from", "dev", "--to", "prod")
    here.cli.forget()
    ended = call("promote", "sales", "--from", "dev", "--to", "prod")
    assert (ended.code, ended.out) == (0, " = sales → prod   runs there already\n")
    assert here.words() == []


def test_nothing_is_promoted_that_was_not_deployed_or_has_no_wheelhouse(call: Call, here: Site) -> None:
    call("deploy", "sales", "--target", "dev")
    ended = call("promote", "sales", "flights", "--from", "dev", "--to", "prod")
    assert ended.code == 1
    assert "'sales' runs on 'dev' without a wheelhouse" in ended.err
    assert "no deploy of 'flights' to 'dev' is recorded" in ended.err
    assert running(here) == {}


@pytest.mark.parametrize(
    ("origin", "target", "message"),
    [
        ("prod", "dev", "'dev' does not come after 'prod': the order of promotion is 'dev', 'prod'"),
        ("dev", "dev", "'dev' does not come after 'dev'"),
        ("dve", "prod", "no target 'dve'; did you mean 'dev'?"),
    ],
)
def test_promotion_goes_one_way(call: Call, here: Site, *, origin: str, target: str, message: str) -> None:
    ended = call("promote", "--from", origin, "--to", target)
    assert ended.code == 2
    assert message in ended.err
    assert here.cli.calls == []


def test_what_is_deployed_must_be_known_to_promote_it(call: Call, here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    ended = call("promote", "--from", "dev", "--to", "prod")
    assert ended.code == 1
    assert "what runs on 'dev' is not known: there is no token" in ended.err
    assert here.cli.calls == []


def test_a_rollback_deploys_the_commit_before_with_its_own_wheels(call: Call, here: Site) -> None:
    old = here.wheelhouse("sales", "1.0")
    first = here.change("sales", timeout_seconds=60)
    call("deploy", "sales", "--target", "prod")
    here.wheelhouse("sales", "2.0")
    second = here.change("sales", timeout_seconds=99)
    call("deploy", "sales", "--target", "prod")
    forget_wheelhouses(here)
    ended = call("rollback", "sales", "--target", "prod")
    assert ended.code == 0, ended.err
    assert running(here) == {"sales": (first, old.digest)}
    assert [job["timeout_seconds"] for job in here.deployed()] == [60]
    again = call("rollback", "sales", "--target", "prod", "--ref", second[:10])
    assert again.code == 0
    assert [job["timeout_seconds"] for job in here.deployed()] == [99]


def test_a_commit_that_ran_elsewhere_can_be_gone_back_to(call: Call, here: Site) -> None:
    made = here.wheelhouse("sales")
    call("deploy", "sales", "--target", "dev")
    first = git(here.root, "rev-parse", "HEAD")
    here.change("sales", timeout_seconds=99)
    call("deploy", "sales", "--target", "prod")
    forget_wheelhouses(here)
    assert call("rollback", "sales", "--target", "prod", "--ref", first).code == 0
    assert running(here) == {"sales": (first, made.digest)}


def test_what_cannot_be_gone_back_to_is_said(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    call("deploy", "sales", "--target", "prod")
    only = call("rollback", "sales", "--target", "prod")
    assert (only.code, "no deploy of 'sales' to 'prod' before the present one" in only.err) == (1, True)
    never = here.change("flights", timeout_seconds=1)
    unknown = call("rollback", "sales", "--target", "prod", "--ref", never)
    assert unknown.code == 1
    assert f"no deploy of 'sales' at {never[:9]} is recorded" in unknown.err
    assert "The last ones to 'prod': " in unknown.err
    wrong = call("rollback", "sales", "--target", "prod", "--ref", "v9")
    assert (wrong.code, "there is no commit 'v9'" in wrong.err) == (2, True)


def test_wheels_that_are_nowhere_any_more_stop_a_rollback_before_it_begins(call: Call, here: Site) -> None:
    here.wheelhouse("sales", "1.0")
    call("deploy", "sales", "--target", "prod")
    here.wheelhouse("sales", "2.0")
    here.change("sales", timeout_seconds=99)
    call("deploy", "sales", "--target", "prod")
    forget_wheelhouses(here)
    here.workspace.files.clear()
    ended = call("rollback", "sales", "--target", "prod")
    assert ended.code == 1
    assert "of 'sales' is nowhere any more:\n    prod: there is no wheelhouse in /Volumes/prod/" in ended.err
    assert [job["timeout_seconds"] for job in here.deployed()] == [99]


def test_a_rollback_that_would_delete_needs_leave_too(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    call("deploy", "sales", "--target", "prod")
    more = {"max_concurrent_runs: 1}": "max_concurrent_runs: 1}\n    hourly: {name: hourly}"}
    commit(here.root, bundle("sales", more))
    call("deploy", "sales", "--target", "prod")
    refused = call("rollback", "sales", "--target", "prod")
    assert (refused.code, "delete jobs.hourly" in refused.err) == (1, True)
    assert call("rollback", "sales", "--target", "prod", "--allow-deletes").code == 0
    assert here.deployed("jobs.hourly") == []


def test_code_of_then_whose_packages_went_is_rolled_back_from_its_own_commit(
    call: Call, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What `cli/` holds is installed on this machine, and no part of the repository.
    write(here.root, {"cli/installed/package_of_then.py": "JOB = {'name': 'daily'}\n"})
    monkeypatch.setenv("PYTHONPATH", str(here.root / "cli/installed"))
    here.wheelhouse("sales", "1.0")
    old = commit(here.root, bundle_of_code("sales"))
    assert call("deploy", "sales", "--target", "prod").code == 0
    here.wheelhouse("sales", "2.0")
    here.change("sales", timeout_seconds=99)
    assert call("deploy", "sales", "--target", "prod", "--allow-deletes").code == 0
    monkeypatch.delenv("PYTHONPATH")
    ended = call("rollback", "sales", "--target", "prod")
    assert ended.code == 1
    assert "No module named 'package_of_then'" in ended.err
    assert f"git switch --detach {old[:9]} && uv sync --all-packages, then this command again." in ended.err
    assert [job["timeout_seconds"] for job in here.deployed()] == [99]
