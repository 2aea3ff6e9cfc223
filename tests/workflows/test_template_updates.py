"""What becomes of a newer version of the template: the workflow is executed, by the commands of the older version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import copier
import pytest

from lakewright.project.update_branch import BRANCH
from tests.files_api import FakeWorkspace
from tests.template.rendering import commit, run, snapshot
from tests.workflows.conftest import new_platform
from tests.workflows.platform import Platform
from tests.workflows.results import WorkflowRun

# GitHub takes no push of a workflow's token that changes workflows; people's own pushes are no run's.
REFUSES_WORKFLOWS: Final = """\
#!/bin/sh
test -n "$GITHUB_RUN_ID" || exit 0
while read -r _ new ref; do
  changed=$(git log --format= --name-only "$new" --not --all -- .github/workflows | head -n 1)
  test -z "$changed" && continue
  told="create or update workflow \\`$changed\\` without \\`workflows\\` permission"
  echo "refusing to allow a GitHub App to $told" >&2
  exit 1
done
"""
VERSION: Final = "framework/pyproject.toml"
RUNBOOK: Final = "template/docs/runbook.md.jinja"
FIRST_LINE: Final = "What to do when something fails"


@dataclass(frozen=True)
class Template:
    """The template, in a repository of its own."""

    folder: Path

    def release(self, version: str, edits: Mapping[str, tuple[str, str]]) -> None:
        """A version, in which files say something else; the framework says which it is."""
        old = run("git", "tag", "--list", "--sort=-v:refname", cwd=self.folder).splitlines()
        before = f'version = "{old[0].removeprefix("v")}"' if old else 'version = "0.1.0"'
        for name, (text, other) in {VERSION: (before, f'version = "{version}"'), **edits}.items():
            path = self.folder / name
            content = path.read_text(encoding="utf-8")
            assert text in content, f"{name} has no {text}"
            path.write_text(content.replace(text, other, 1), encoding="utf-8")
        commit(self.folder, version)
        run("git", "tag", f"v{version}", cwd=self.folder)

    def withdraw(self) -> None:
        """Be at the first version again."""
        run("git", "reset", "--quiet", "--hard", "v1.0.0", cwd=self.folder)
        for tag in run("git", "tag", "--list", cwd=self.folder).split():
            if tag != "v1.0.0":
                run("git", "tag", "--delete", tag, cwd=self.folder)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Template:
    template = Template(snapshot(tmp_path_factory.mktemp("versions") / "template"))
    commit(template.folder)
    template.release("1.0.0", {})
    return template


@pytest.fixture(scope="module")
def made(versions: Template) -> Path:
    """A repository made from the first version, locked and committed."""
    repo = versions.folder.with_name("repo")
    copier.run_copy(str(versions.folder), repo, defaults=True, quiet=True, vcs_ref="v1.0.0")
    run("uv", "lock", "--quiet", cwd=repo)
    commit(repo, "Start")
    return repo


@pytest.fixture
def template(versions: Template) -> Template:
    versions.withdraw()
    return versions


@pytest.fixture
def platform(made: Path, tmp_path: Path, workspace: FakeWorkspace) -> Iterator[Platform]:
    with new_platform(made, tmp_path, workspace) as platform:
        hook = platform.hub.origin / "hooks" / "pre-receive"
        hook.write_text(REFUSES_WORKFLOWS, encoding="utf-8")
        hook.chmod(0o755)
        yield platform


def updates(platform: Platform) -> WorkflowRun:
    ran = platform.runs("template-update.yml", platform.hub.schedule("41 5 * * 1"))
    assert ran.result == "success", "\n".join(ran.failures())
    return ran


def branch(platform: Platform) -> str:
    return platform.hub.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{BRANCH}")


def test_without_a_newer_version_nothing_happens(platform: Platform, template: Template) -> None:
    assert template.folder.is_dir()
    ran = updates(platform)
    assert "newest version" in ran.one("update").said
    assert (platform.github.pulls, platform.github.issues, branch(platform)) == ([], [], "")


def test_a_newer_version_is_one_pull_request_with_its_lock_and_what_people_add_to_it_stays(
    platform: Platform, template: Template
) -> None:
    template.release("1.1.0", {RUNBOOK: (FIRST_LINE, "What helps when something fails")})
    ran = updates(platform)
    [pull] = platform.github.pulls
    assert (pull["title"], pull["head"]["ref"], pull["base"]["ref"]) == ("Update to lakewright 1.1.0", BRANCH, "main")
    first = branch(platform)
    assert platform.hub.git("diff", "--name-only", "main", first).splitlines() == [
        ".copier-answers.yml",
        "docs/runbook.md",
        VERSION,
        "uv.lock",
    ]
    assert 'name = "lakewright"\nversion = "1.1.0"' in platform.hub.git("show", f"{first}:uv.lock")
    assert platform.hub.git("log", "-1", "--format=%cn", first) == "github-actions[bot]"
    assert ran.one("update").permissions == {"contents": "write", "issues": "write", "pull-requests": "write"}

    updates(platform)
    assert [each["id"] for each in platform.github.pulls] == [pull["id"]]
    assert branch(platform) == first
    assert platform.github.issues == []

    add_to_branch(platform, "docs/ours.md")
    theirs = branch(platform)
    template.release("1.2.0", {RUNBOOK: ("What helps when", "What helps if")})
    updates(platform)
    [issue] = platform.github.issues
    assert branch(platform) == theirs
    assert "somebody has worked on it" in issue["body"]
    assert f"Change {BRANCH} (Test)" in issue["body"]
    assert "1.2.0" in issue["title"]


def add_to_branch(platform: Platform, name: str) -> None:
    """Somebody adds a file to the pull request."""
    run("git", "fetch", "--quiet", "origin", cwd=platform.clone)
    run("git", "switch", "--quiet", "--create", BRANCH, f"origin/{BRANCH}", cwd=platform.clone)
    (platform.clone / name).write_text("# Ours\n", encoding="utf-8")
    platform.push(BRANCH)


def test_a_version_that_changes_workflows_is_an_issue_with_the_commands(platform: Platform, template: Template) -> None:
    drift = "template/.github/workflows/drift.yml.jinja"
    template.release("1.1.0", {drift: ('cron: "17 4 * * *"', 'cron: "18 4 * * *"')})
    updates(platform)
    [issue] = platform.github.issues
    assert "refusing to allow a GitHub App to create or update workflow `.github/workflows/drift.yml`" in issue["body"]
    assert "uv run --group update lakewright update" in issue["body"]
    assert (platform.github.pulls, branch(platform)) == ([], "")


def test_what_conflicts_is_one_issue_that_names_the_files(platform: Platform, template: Template) -> None:
    runbook = platform.read("docs/runbook.md").replace(FIRST_LINE, "What we do when something fails")
    platform.merge(platform.change("ours", {"docs/runbook.md": runbook}))
    template.release("1.1.0", {RUNBOOK: (FIRST_LINE, "What helps when something fails")})
    updates(platform)
    [issue] = platform.github.issues
    assert [line for line in issue["body"].splitlines() if line.startswith("- ")] == ["- `docs/runbook.md`"]

    template.release("1.2.0", {})
    updates(platform)
    [again] = platform.github.issues
    assert (again["number"], again["state"]) == (issue["number"], "open")
    assert "1.2.0" in again["title"]
    assert (platform.github.pulls, branch(platform)) == ([], "")
