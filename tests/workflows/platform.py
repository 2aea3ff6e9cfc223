"""A platform as a user has it: a generated repository on GitHub, its workspaces, and people who change it."""

import shutil
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tests.databricks_cli import RecordingCli
from tests.files_api import FakeWorkspace
from tests.github_api import REPOSITORY, FakeGitHub
from tests.template.rendering import commit, render, run
from tests.workflows.hub import Environment, Event, Hub
from tests.workflows.machine import Machine
from tests.workflows.results import WorkflowRun
from tests.workflows.runner import run_workflow

TARGETS: Final = ("dev", "staging", "prod")
SHARED: Final = {
    "shared/geo/pyproject.toml": """\
[project]
name = "geo"
version = "0.1.0"
requires-python = ">=3.10,<3.14"

[build-system]
requires = ["uv_build>=0.11,<1"]
build-backend = "uv_build"
""",
    "shared/geo/src/geo/__init__.py": '"""Places."""\n\nFAR = 100\n"""Kilometres."""\n',
    "shared/geo/src/geo/py.typed": "",
}
WITHOUT_GEO: Final = 'dependencies = ["lakewright[polars]"]'
WITH_GEO: Final = 'dependencies = ["geo", "lakewright[polars]"]'


def make_platform(source: Path, folder: Path, host: str) -> Path:
    """A repository with two pipelines, `flights` and `sales`; `sales` needs a library, `geo`. Locked and committed."""
    repo = render(source, folder / "repo", {})
    targets = repo / "targets.yml"
    targets.write_text(
        targets.read_text(encoding="utf-8").replace("https://CHANGE-ME.example.com", host), encoding="utf-8"
    )
    for name, text in SHARED.items():
        path = repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    run("uv", "sync", "--all-packages", "--quiet", cwd=repo)
    run("uv", "run", "--no-sync", "lakewright", "new", "sales", cwd=repo)
    project = repo / "pipelines/sales/pyproject.toml"
    text = project.read_text(encoding="utf-8")
    assert WITHOUT_GEO in text
    text = text.replace(WITHOUT_GEO, WITH_GEO)
    project.write_text(
        text.replace("[tool.uv.sources]\n", "[tool.uv.sources]\ngeo = { workspace = true }\n"), encoding="utf-8"
    )
    run("uv", "lock", "--quiet", cwd=repo)
    commit(repo, "Start")
    return repo


@dataclass(slots=True, kw_only=True)
class Platform:
    """The repository, and all that its workflows meet.

    Attributes:
        clone: where people work.
        cli: what stands in for the Databricks CLI.
        github: the API that workflows talk to.
        workspace: the one that all targets are in.
        ran: the workflows that ran, in order.
    """

    clone: Path
    hub: Hub
    machine: Machine
    cli: RecordingCli
    github: FakeGitHub
    workspace: FakeWorkspace
    ran: list[WorkflowRun] = field(default_factory=list)

    def change(self, branch: str, files: Mapping[str, str | None]) -> str:
        """A branch on GitHub, off main, in which these files say this, or are gone."""
        run("git", "switch", "--quiet", "--force-create", branch, "origin/main", cwd=self.clone)
        for name, text in files.items():
            path = self.clone / name
            if text is None:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return self.push(branch)

    def push(self, branch: str) -> str:
        """What lies in the clone, as a branch on GitHub."""
        commit(self.clone, f"Change {branch}")
        run("git", "push", "--quiet", "--force", "origin", branch, cwd=self.clone)
        return branch

    def merge(self, branch: str) -> Event:
        """The branch is merged."""
        run("git", "fetch", "--quiet", "origin", cwd=self.clone)
        run("git", "switch", "--quiet", "--force-create", "main", "origin/main", cwd=self.clone)
        run("git", "merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", f"origin/{branch}", cwd=self.clone)
        run("git", "push", "--quiet", "origin", "main", cwd=self.clone)
        run("git", "fetch", "--quiet", "origin", cwd=self.clone)
        return self.hub.push()

    def assume(self, commands: Mapping[str, int]) -> None:
        """Do not run these commands, by pattern, and take them to end so: other tests run them."""
        self.machine = replace(self.machine, assumed=commands)

    def read(self, name: str) -> str:
        """A file of main."""
        return self.hub.git("show", f"main:{name}") + "\n"

    def runs(self, file: str, event: Event) -> WorkflowRun:
        """A workflow that an event sets off."""
        ran = run_workflow(self.hub, self.machine, event, file=file)
        self.ran.append(ran)
        return ran

    def checks(self, branch: str, *, fork: str | None = None, labels: tuple[str, ...] = ()) -> WorkflowRun:
        """The checks of a pull request."""
        return self.runs("pull-request.yml", self.hub.pull_request(branch, fork=fork, labels=labels))

    def deploys(self, branch: str) -> WorkflowRun:
        """A branch is merged, and deployed."""
        return self.runs("deploy.yml", self.merge(branch))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What is there once all has been deployed: jobs, files on volumes, records."""

    jobs: Path
    files: Mapping[str, bytes]
    deployments: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, platform: Platform, folder: Path) -> "Deployed":
        """What a platform has deployed, kept in a folder."""
        shutil.copytree(platform.cli.home / "workspace", folder)
        return cls(
            jobs=folder,
            files=dict(platform.workspace.files),
            deployments=tuple(deepcopy(platform.github.deployments)),
        )

    def on(self, platform: Platform) -> None:
        """Have it on another platform, as if that had deployed it."""
        shutil.copytree(self.jobs, platform.cli.home / "workspace")
        platform.workspace.files.update(self.files)
        platform.github.deployments = deepcopy(list(self.deployments))
        platform.github.next_id = 1 + max(each["id"] for each in self.deployments)


def begin(base: Path, folder: Path, *, shared: Path, github: FakeGitHub, workspace: FakeWorkspace) -> Platform:
    """A platform of its own, from the repository that was made once: what it does, no other one sees.

    Args:
        base: the repository that was made.
        folder: what is the platform's own.
        shared: what platforms share: the machine, with the Python environment of its last job.
        github: the API.
        workspace: where targets are.
    """
    origin = folder / "origin.git"
    run("git", "clone", "--quiet", "--bare", str(base), str(origin), cwd=folder)
    run("git", "clone", "--quiet", str(origin), str(folder / "clone"), cwd=folder)
    for name, value in (("user.name", "Test"), ("user.email", "test@example.com")):
        run("git", "config", name, value, cwd=folder / "clone")
    cli = RecordingCli.install(folder / "databricks")
    hub = Hub(origin=origin, storage=folder / "storage", name=REPOSITORY, api_url=github.url)
    for target in TARGETS:
        sign_in(hub, workspace, target, client=f"deployer-of-{target}", branches=("main",))
        sign_in(hub, workspace, f"{target}-plan", client=f"reader-of-{target}")
    github.tokens = hub.tokens
    machine = Machine(folder=shared, databricks=cli.folder)
    return Platform(clone=folder / "clone", hub=hub, machine=machine, cli=cli, github=github, workspace=workspace)


def sign_in(
    hub: Hub, workspace: FakeWorkspace, environment: str, *, client: str, branches: tuple[str, ...] | None = None
) -> None:
    """An environment on GitHub with its service principal, which trusts jobs of that environment."""
    hub.environments[environment] = Environment(vars={"DATABRICKS_CLIENT_ID": client}, branches=branches)
    workspace.federated[client] = f"repo:{hub.name}:environment:{environment}"
