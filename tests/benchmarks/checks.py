"""What the checks of a pull request cost: one pipeline of a hundred has changed, and the workflow is executed."""

import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests import files_api, github_api
from tests.benchmarks.measure import SECONDS, Row
from tests.template.rendering import commit, run, snapshot
from tests.workflows import identity
from tests.workflows.platform import Platform, begin, make_platform
from tests.workflows.results import WorkflowRun

PIPELINES: Final = 100
LIMIT: Final = 90.0
MODEL: Final = "sales"
JOBS: Final = "pipelines/p_007/src/p_007/jobs.py"


def measure() -> Iterator[Row]:
    """By the clock and in CPU seconds, of all jobs one after the other: on GitHub most of them run side by side."""
    with tempfile.TemporaryDirectory() as name, files_api.server() as workspace, github_api.server() as github:
        folder = Path(name)
        base = make_platform(snapshot(folder / "template"), folder, workspace.url)
        multiply(base)
        (folder / "own").mkdir()
        platform = begin(base, folder / "own", shared=folder / "machine", github=github, workspace=workspace)
        with identity.server(platform.hub.identities) as platform.hub.identity_url:
            checked(platform, 3)
            start, before = time.perf_counter(), cpu()
            ran = checked(platform, 4)
            clock, seconds = time.perf_counter() - start, cpu() - before
    what = f"the checks of a pull request, one pipeline of {PIPELINES}, warm"
    assert [job.matrix["group"]["pipelines"] for job in ran["check"]] == ["p_007"]
    yield Row(name=what, ours=seconds, limit=LIMIT, unit=SECONDS)
    yield Row(name=f"{what}, by the clock", ours=clock, unit=SECONDS)


def multiply(repo: Path) -> None:
    """As many pipelines as there are to be, after the model of one; locked and committed."""
    for number in range(PIPELINES - 2):
        name = f"p_{number:03}"
        shutil.copytree(repo / "pipelines" / MODEL, repo / "pipelines" / name)
        (repo / "pipelines" / name / "src" / MODEL).rename(repo / "pipelines" / name / "src" / name)
        for path in (repo / "pipelines" / name).rglob("*"):
            if path.suffix in {".py", ".toml", ".yml"}:
                text = path.read_text(encoding="utf-8").replace(MODEL, name)
                path.write_text(
                    text.replace(f'name = "{name}"', f'name = "{name.replace("_", "-")}"'), encoding="utf-8"
                )
    run("uv", "lock", "--quiet", cwd=repo)
    commit(repo, "A hundred")


def checked(platform: Platform, value: int) -> WorkflowRun:
    """A pull request that changes a setting of one job."""
    text = platform.read(JOBS)
    ran = platform.checks(
        platform.change("setting", {JOBS: text.replace("@job(", f"@job(max_concurrent_runs={value}, ", 1)})
    )
    assert ran.result == "success", "\n".join(ran.failures())
    return ran


def cpu() -> float:
    """The CPU seconds of this process and of all that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
