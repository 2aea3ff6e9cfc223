"""Repositories on GitHub: one that holds no more than the workflows of a test, and a whole platform."""

import shutil
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from tests import files_api, github_api
from tests.template.rendering import commit, run, snapshot
from tests.workflows import identity
from tests.workflows.hub import Hub
from tests.workflows.machine import Machine
from tests.workflows.platform import Deployed, Platform, begin, make_platform
from tests.workflows.results import WorkflowRun

Publish: TypeAlias = Callable[..., Hub]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(folder=tmp_path / "machine")


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Puts workflows, by name without suffix, on GitHub."""

    def put(**workflows: str) -> Hub:
        work, origin = tmp_path / "local", tmp_path / "origin.git"
        for name, text in workflows.items():
            path = work / ".github" / "workflows" / f"{name}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        commit(work)
        run("git", "clone", "--quiet", "--bare", str(work), str(origin), cwd=tmp_path)
        return Hub(origin=origin, storage=tmp_path / "storage")

    return put


@pytest.fixture(scope="session")
def workspace() -> Iterator[files_api.FakeWorkspace]:
    """The workspace of all platforms: its address stands in the repository that is made once."""
    with files_api.server() as workspace:
        yield workspace


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, workspace: files_api.FakeWorkspace) -> Path:
    """A generated repository with two pipelines, made once in a test process."""
    folder = tmp_path_factory.mktemp("platform")
    source = snapshot(folder / "template")
    return make_platform(source, folder, workspace.url)


@contextmanager
def new_platform(base: Path, folder: Path, workspace: files_api.FakeWorkspace) -> Iterator[Platform]:
    """A platform of its own; the machine is that of all, which keeps the Python environment of its last job."""
    for kept in (workspace.files, workspace.folders, workspace.federated):
        kept.clear()
    workspace.requests.clear()
    with github_api.server() as github:
        platform = begin(base, folder, shared=base.parent / "machine", github=github, workspace=workspace)
        with identity.server(platform.hub.identities) as url:
            platform.hub.identity_url = url
            yield platform
    # Wheels are large, and pytest keeps what tests leave.
    shutil.rmtree(folder / "storage", ignore_errors=True)


@pytest.fixture
def platform(base: Path, tmp_path: Path, workspace: files_api.FakeWorkspace) -> Iterator[Platform]:
    """A platform of its own, on which nothing is deployed."""
    with new_platform(base, tmp_path, workspace) as platform:
        yield platform


@pytest.fixture(scope="session")
def first_deploy(
    base: Path, tmp_path_factory: pytest.TempPathFactory, workspace: files_api.FakeWorkspace
) -> tuple[WorkflowRun, Platform, Deployed]:
    """The deploy of a new platform, which is done once: how it went, where, and what is there since."""
    folder = tmp_path_factory.mktemp("deployed")
    with new_platform(base, folder, workspace) as platform:
        ran = platform.runs("deploy.yml", platform.hub.push())
        assert ran.result == "success", "\n".join(ran.failures())
        return ran, platform, Deployed.of(platform, folder / "jobs")


@pytest.fixture
def deployed(first_deploy: tuple[WorkflowRun, Platform, Deployed], platform: Platform) -> Platform:
    """A platform of its own, on which main is deployed to every target."""
    first_deploy[2].on(platform)
    return platform
