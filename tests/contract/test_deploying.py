"""A rendered repository with its own environment and real wheels: deployed, changed, and rolled back."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import files_api, github_api
from tests.databricks_cli import RecordingCli
from tests.git import commit
from tests.template.rendering import ENVIRONMENT, render, run, snapshot


@dataclass(frozen=True)
class Generated:
    """A generated repository, and what its commands meet."""

    repo: Path
    cli: RecordingCli
    environment: dict[str, str]

    def lakewright(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["uv", "run", "--no-sync", "lakewright", *words]
        return subprocess.run(command, cwd=self.repo, env=self.environment, capture_output=True, text=True, check=False)

    def done(self, *words: str) -> str:
        ended = self.lakewright(*words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def deploy(self) -> str:
        """Build and deploy what lies there; the digest of its wheelhouse."""
        self.done("wheelhouse", "build", "flights")
        self.done("deploy", "flights", "--target", "prod")
        current = self.repo / "pipelines" / "flights" / "wheelhouse" / "current.json"
        return str(json.loads(current.read_text(encoding="utf-8"))["digest"])

    @property
    def job(self) -> dict[str, Any]:
        (deployed,) = self.cli.workspace.everything()
        job: dict[str, Any] = deployed.remote["jobs.delays"]
        return job

    @property
    def digests(self) -> set[str]:
        """Of the wheelhouses that the job runs with."""
        return set(re.findall(r"/wheelhouse/flights/([0-9a-f]{64})/", json.dumps(self.job)))


@pytest.fixture
def generated(tmp_path: Path) -> Iterator[Generated]:
    repo = render(snapshot(tmp_path / "source"), tmp_path / "repo", {})
    with files_api.server() as workspace, github_api.server() as github:
        targets = repo / "targets.yml"
        text = re.sub(r"host: \S+", f"host: {workspace.url}", targets.read_text(encoding="utf-8"))
        targets.write_text(text, encoding="utf-8")
        run("uv", "sync", "--all-packages", "--no-default-groups", "--group=deploy", "--quiet", cwd=repo)
        commit(repo)
        cli = RecordingCli.install(tmp_path / "cli")
        environment = {**ENVIRONMENT, **workspace.environment, **github.environment}
        environment["PATH"] = f"{cli.folder}:{environment['PATH']}"
        yield Generated(repo, cli, environment)


def test_a_generated_job_is_deployed_changed_and_rolled_back_with_the_wheels_of_its_commit(
    generated: Generated,
) -> None:
    first = generated.deploy()
    before = generated.job
    assert generated.digests == {first}
    jobs = generated.repo / "pipelines" / "flights" / "src" / "flights" / "jobs.py"
    jobs.write_text(
        jobs.read_text(encoding="utf-8").replace("@job(", "@job(max_concurrent_runs=3, ", 1), encoding="utf-8"
    )
    commit(generated.repo)
    stale = generated.lakewright("deploy", "flights", "--target", "prod")
    assert (stale.returncode, "has changed since its wheelhouse was built" in stale.stderr) == (1, True)
    second = generated.deploy()
    assert (generated.digests, generated.job["max_concurrent_runs"]) == ({second}, 3)
    # Its own definition, from its own commit, with its own wheels: nothing differs.
    assert "flights → prod   no change" in generated.done("drift", "--target", "prod")
    generated.done("rollback", "flights", "--target", "prod")
    assert generated.job == before
    told = generated.done("plan", "flights", "--target", "prod")
    assert f'        wheelhouse   "{first[:12]}" → "{second[:12]}"\n' in told
    assert "        max_concurrent_runs   1 → 3\n" in told
