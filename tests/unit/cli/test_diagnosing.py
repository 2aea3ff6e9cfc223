"""`lakewright doctor`: what is right, what is wrong with the way out, and what could not be looked at."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.dependencies.platforms import WheelTarget
from lakewright.project.probes import open_probes
from tests.recording.workspace import job_id
from tests.unit.cli.commands import Call
from tests.unit.cli.deploying import Site, site
from tests.unit.project.repos import write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with site(tmp_path, monkeypatch, "sales") as found:
        monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
        found.github.permissions["actions"] = "read"
        found.github.environments = {name: {"DATABRICKS_CLIENT_ID"} for name in ("dev", "prod", "prod-plan")}
        found.workspace.folders |= {f"/Volumes/{target}/sales/lakewright" for target in ("dev", "prod")}
        found.workspace.folders.add("/Workspace/bundles")
        yield found


def wrong(call: Call, *arguments: str) -> dict[str, str]:
    """What is wrong, with the way out."""
    found = json.loads(call("doctor", *arguments, "--format", "json").out)
    return {each["told"]: each["way_out"] for each in found if each["state"] == "wrong"}


def test_where_all_is_as_it_must_be_nothing_is_to_mend(call: Call, here: Site) -> None:
    here.wheelhouse("sales")
    ended = call("doctor")
    assert ended.code == 0, ended.out
    assert "✘" not in ended.out
    assert re.search(r"^ ✔ Python 3\.\d+\.\d+$", ended.out, re.MULTILINE)
    for line in (
        "this machine\n",
        " ✔ Databricks CLI 1.22.1, as databricks-bundles\n",
        f" ✔ sales: 1 wheel for {WheelTarget('3.12')}\n",
        "\nGitHub\n ✔ repository acme/flights\n",
        " ✔ environment 'prod-plan' with DATABRICKS_CLIENT_ID\n",
        f"\nprod\n ✔ {here.workspace.url}, signed in as deployer@example.com\n",
        " ✔ sales: /Volumes/prod/sales/lakewright\n",
        " ✔ sales: /Workspace/bundles\n",
    ):
        assert line in ended.out
    assert ended.out.endswith("\nnothing is wrong\n")


def test_the_policy_that_lets_workflows_in_has_the_subject_that_github_sends(call: Call, here: Site) -> None:
    told = call("doctor", "--target", "prod").out
    subject = "repo:acme@11/flights@22:environment:prod"
    assert f"jobs in 'prod' sign in as {subject}; its service principal needs this once:" in told
    command = next(line for line in told.splitlines() if "federation-policy create" in line and f'{subject}"' in line)
    policy = json.loads(command.partition("--json '")[2].rstrip("'"))
    assert policy == {"oidc_policy": {"issuer": "https://token.actions.githubusercontent.com", "subject": subject}}
    here.github.oidc = {"use_default": True}
    assert "sign in as repo:acme/flights:environment:prod;" in call("doctor", "--target", "prod").out


@pytest.mark.usefixtures("here")
def test_on_a_server_of_ones_own_the_policy_names_its_issuer(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example.com")
    told = call("doctor", "--target", "prod").out
    assert '"issuer": "https://github.example.com/_services/token"' in told
    assert "githubusercontent" not in told


def test_a_repository_with_subjects_of_its_own_is_told_how_to_go_back(call: Call, here: Site) -> None:
    here.github.oidc = {"use_default": False, "include_claim_keys": ["repo"]}
    (way_out,) = wrong(call).values()
    assert way_out.endswith("actions/oidc/customization/sub -F use_default=true")


def test_environments_that_are_missing_come_with_the_command_that_makes_them(call: Call, here: Site) -> None:
    here.github.environments = {"dev": set(), "prod": {"DATABRICKS_CLIENT_ID"}}
    found = wrong(call)
    assert found == {
        "environment 'dev' has no variable DATABRICKS_CLIENT_ID": (
            "gh variable set DATABRICKS_CLIENT_ID --env dev --body APPLICATION_ID"
        ),
        "there is no environment 'prod-plan'": (
            "gh api --method PUT repos/acme/flights/environments/prod-plan\n"
            "gh variable set DATABRICKS_CLIENT_ID --env prod-plan --body APPLICATION_ID"
        ),
    }


def test_a_cli_of_another_version_and_stale_wheels_are_wrong(call: Call, here: Site) -> None:
    here.cli.tell(version="1.21.0")
    (message,) = wrong(call)
    assert "is version 1.21.0; databricks-bundles 1.22.1" in message
    here.cli.tell(version="1.22.1")
    made = here.wheelhouse("sales")
    (made.path / "manifest.json").unlink()
    (message,) = wrong(call)
    assert "is no wheelhouse: it has no manifest.json" in message


def test_places_that_are_missing_come_with_what_makes_them(call: Call, here: Site) -> None:
    here.workspace.folders.clear()
    found = wrong(call, "--target", "prod")
    assert found["sales: there is no volume /Volumes/prod/sales/lakewright"] == (
        "CREATE SCHEMA IF NOT EXISTS `prod`.`sales`;\nCREATE VOLUME IF NOT EXISTS `prod`.`sales`.`lakewright`;"
    )
    assert found["sales: there is no folder /Workspace/bundles"].startswith(
        "databricks workspace mkdirs /Workspace/bundles"
    )
    here.workspace.denied = "/"
    assert len([told for told in wrong(call, "--target", "prod") if "may not look at" in told]) == 2


def test_a_sign_in_that_fails_says_how_to_sign_in(call: Call, here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_TOKEN", "another")
    ended = call("doctor", "--target", "prod")
    assert ended.code == 1
    assert f"On a laptop: databricks auth login --host {here.workspace.url}" in ended.out
    assert " – its volumes and folders were not looked at\n" in ended.out
    assert "another" not in ended.out.replace("another one", "")


def test_a_placeholder_is_named_at_its_line_and_the_other_targets_are_looked_at(call: Call, here: Site) -> None:
    text = (here.root / "targets.yml").read_text(encoding="utf-8")
    first, _, rest = text.partition(here.workspace.url)
    write(here.root, {"targets.yml": f"{first}https://CHANGE-ME{rest}"})
    ended = call("doctor")
    assert ended.code == 1
    assert ' ✘ targets.yml:7: targets.dev.workspace.host is still the placeholder "https://CHANGE-ME"\n' in ended.out
    assert f"\nprod\n ✔ {here.workspace.url}, signed in as" in ended.out


def test_without_a_token_or_permission_the_rest_is_looked_at(
    call: Call, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.github.permissions["actions"] = ""
    told = call("doctor", "--target", "prod")
    assert told.code == 0
    assert " – the subject of its tokens is not known: GitHub refuses" in told.out
    assert " – environment 'prod' could not be looked at: GitHub refuses" in told.out
    monkeypatch.delenv("GITHUB_TOKEN")
    told = call("doctor", "--target", "prod")
    assert told.code == 0
    assert "\nGitHub\n – not looked at: there is no token for GitHub\n" in told.out
    assert "signed in as deployer@example.com" in told.out
    assert told.out.endswith("\nnothing is wrong, 2 not looked at\n")


def test_an_unknown_target_is_a_wrong_call(call: Call, here: Site) -> None:
    ended = call("doctor", "--target", "prd")
    assert (ended.code, here.cli.calls) == (2, [])
    assert "did you mean 'prod'?" in ended.err


def test_wheelhouses_are_put_on_the_volume_of_a_target(call: Call, here: Site) -> None:
    made = here.wheelhouse("sales")
    place = f"/Volumes/dev/sales/lakewright/wheelhouse/sales/{made.digest}"
    first = call("wheelhouse", "upload", "sales", "--target", "dev")
    assert (first.code, first.out) == (0, f" ✔ sales → dev   sent 5 files · {place}\n")
    assert f"{place}/manifest.json" in here.workspace.files
    assert call("wheelhouse", "upload", "--target", "dev").out == f" ✔ sales → dev   already there · {place}\n"


def test_the_probe_tells_of_each_fact_whether_it_holds(call: Call, here: Site) -> None:
    for probe in open_probes():
        here.workspace.runs[job_id(probe.key)] = {"state": {"life_cycle_state": "TERMINATED", "result_state": "FAILED"}}
    ended = call("doctor", "--probe", "--target", "dev")
    assert ended.code == 1
    first = " ✘ a task is judged once all its direct parents have ended\n     bad: failed expected, nothing found\n"
    assert ended.out.startswith(f"dev\n{first}")
    assert ended.out.endswith(f"\n{len(open_probes())} things to mend\n")
    assert "$ databricks bundle destroy --target dev --auto-approve" in ended.err


def test_the_bundle_of_the_probe_can_be_written_and_left_at_that(call: Call, here: Site, tmp_path: Path) -> None:
    out = tmp_path / "probe"
    assert call("doctor", "--probe", "--target", "dev", "--out", str(out)).code == 0
    assert sorted(file.name for file in out.iterdir()) == ["databricks.yml", "probe_task.py"]
    assert here.cli.calls == []


@pytest.mark.parametrize("targets", [(), ("--target", "dev", "--target", "prod")], ids=["none", "two"])
def test_a_probe_wants_one_target(call: Call, here: Site, targets: tuple[str, ...]) -> None:
    ended = call("doctor", "--probe", *targets)
    assert (ended.code, here.cli.calls) == (2, [])
    assert "--probe wants one target" in ended.err


def test_a_folder_without_a_probe_is_a_wrong_call(call: Call, here: Site) -> None:
    ended = call("doctor", "--out", "x")
    assert (ended.code, here.cli.calls) == (2, [])
    assert "--out is for the bundle of --probe" in ended.err
