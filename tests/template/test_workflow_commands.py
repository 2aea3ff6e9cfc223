"""Each command of the rendered workflows runs on this machine as it stands."""

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
import yaml

from lakewright.dependencies.current import current_wheelhouse
from tests.template.rendering import ENVIRONMENT, commit, render, run
from tests.workflows.rules import Workflow, read_workflows

HOSTS: Final = {
    f"{target}_host": f"https://acme-{target}.cloud.databricks.com" for target in ("dev", "staging", "prod")
}
# Stands in for the Databricks CLI: notes what it was told, where, and with which wheels.
RECORDER: Final = """\
#!/usr/bin/env python3
import json, os, pathlib, subprocess, sys, yaml
build = yaml.safe_load(pathlib.Path("databricks.yml").read_text())["artifacts"]["wheels"]["build"]
subprocess.run(build, shell=True, check=True)
built = sorted(path.name for path in pathlib.Path("dist").glob("*.whl"))
digest = json.loads(pathlib.Path("wheelhouse/current.json").read_text())["digest"]
environment = {name: value for name, value in os.environ.items() if name.startswith("DATABRICKS_")}
call = {"argv": sys.argv[1:], "folder": os.getcwd(), "python": sys.executable}
with pathlib.Path(os.environ["CALLS"]).open("a") as calls:
    calls.write(json.dumps({**call, "built": built, "digest": digest, "environment": environment}) + "\\n")
"""


@pytest.fixture(scope="module")
def repo(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose hosts are known, with a committed lock file."""
    destination = render(source, tmp_path_factory.mktemp("workflows") / "repo", HOSTS)
    run("uv", "lock", "--quiet", cwd=destination)
    commit(destination)
    return destination


def commands(workflow: Workflow, job: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The command of each step, its folder and its environment, as written."""
    definition = workflow.jobs[job]
    for step in definition["steps"]:
        if "run" in step:
            yield step["run"], step.get("working-directory", "."), {**definition.get("env", {}), **step.get("env", {})}


def run_job(repo: Path, workflow: Workflow, job: str, *, values: Mapping[str, str]) -> None:
    """Run the commands of a job in a clone, expressions replaced by values."""

    def resolve(text: str) -> str:
        for expression, value in values.items():
            text = text.replace(f"${{{{ {expression} }}}}", value)
        assert "${{" not in text, text
        return text

    for command, folder, environment in commands(workflow, job):
        assert "${{" not in command
        result = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=repo / resolve(folder),
            env={
                **ENVIRONMENT,
                **{name: resolve(value) for name, value in environment.items()},
                **values_of_runner(repo),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stdout}"


def values_of_runner(repo: Path) -> dict[str, str]:
    return {
        "CALLS": str(repo.parent / "calls"),
        "GITHUB_OUTPUT": str(repo.parent / "output"),
        "PATH": os.pathsep.join([str(repo.parent / "bin"), ENVIRONMENT["PATH"]]),
    }


def clone(repo: Path, destination: Path) -> Path:
    run("git", "clone", "--quiet", str(repo), str(destination), cwd=repo)
    return destination


@pytest.mark.parametrize("session", ["lint", "tests", "local"])
def test_a_pull_request_is_checked_by_commands_that_run_here(repo: Path, tmp_path: Path, session: str) -> None:
    workflow = read_workflows(repo)["pull-request.yml"]
    assert session in workflow.jobs["check"]["strategy"]["matrix"]["session"]
    run_job(clone(repo, tmp_path / "clone"), workflow, "check", values={"matrix.session": session})


@pytest.mark.parametrize(("result", "code"), [("success", 0), ("failure", 1), ("cancelled", 1), ("skipped", 1)])
def test_the_gate_opens_only_after_success(repo: Path, result: str, code: int) -> None:
    [(command, _, environment)] = commands(read_workflows(repo)["pull-request.yml"], "gate")
    assert environment == {"RESULT": "${{ needs.check.result }}"}
    assert subprocess.run(["bash", "-e", "-c", command], env={"RESULT": result}, check=False).returncode == code


def test_every_target_is_deployed_with_the_wheels_of_one_build(repo: Path, tmp_path: Path) -> None:
    recorder = tmp_path / "bin" / "databricks"
    recorder.parent.mkdir()
    recorder.write_text(RECORDER, encoding="utf-8")
    recorder.chmod(recorder.stat().st_mode | stat.S_IXUSR)
    workflows = read_workflows(repo)
    build = clone(repo, tmp_path / "build")
    run_job(build, workflows["deploy.yml"], "build", values={})
    name, _, pipelines = (tmp_path / "output").read_text(encoding="utf-8").partition("=")
    assert (name, json.loads(pipelines)) == ("pipelines", ["flights"])

    targets = list(yaml.safe_load((repo / "targets.yml").read_text(encoding="utf-8"))["targets"])
    for target in targets:
        deploy = clone(repo, tmp_path / target)
        shutil.copytree(build / "pipelines/flights/wheelhouse", deploy / "pipelines/flights/wheelhouse")
        values = {
            "inputs.target": target,
            "matrix.pipeline": "flights",
            "vars.DATABRICKS_CLIENT_ID": f"client of {target}",
        }
        run_job(deploy, workflows["deploy-target.yml"], "deploy", values=values)

    calls = [json.loads(line) for line in (tmp_path / "calls").read_text(encoding="utf-8").splitlines()]
    assert [call["argv"] for call in calls] == [["bundle", "deploy", "--target", target] for target in targets]
    assert [call["environment"]["DATABRICKS_CLIENT_ID"] for call in calls] == [
        f"client of {target}" for target in targets
    ]
    made = current_wheelhouse(build / "pipelines/flights")
    assert made is not None
    assert {"flights", "lakewright", "polars"} <= {wheel.name for wheel in made.wheels}
    assert [(call["digest"], call["built"]) for call in calls] == [(made.digest, [])] * len(targets)
    assert all(Path(call["folder"]).name == "flights" for call in calls)
    assert all(
        Path(call["python"]).is_relative_to(tmp_path / target) for call, target in zip(calls, targets, strict=True)
    )
