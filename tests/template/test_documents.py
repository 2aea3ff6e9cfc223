"""What a rendered repository says of itself is so."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.template.conftest import Rendered
from tests.template.rendering import Answers, run

LINK: Final = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
NOX: Final = re.compile(r"nox -s ([a-z]+(?: [a-z]+)*)")
ANSWERS: Final[tuple[Answers, ...]] = (
    {},
    {"staging": False, "compute": "job_cluster", "codeowners": "@acme/data", "pipeline": "sales"},
)


def pages(repo: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(repo.rglob("*.md")):
        if "framework" not in path.relative_to(repo).parts:
            yield path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("answers", ANSWERS)
def test_links_lead_somewhere(rendered: Rendered, answers: Answers) -> None:
    broken = [
        f"{path.name}: {link}"
        for path, text in pages(rendered(answers))
        for link in LINK.findall(text)
        if not (path.parent / link).exists()
    ]
    assert broken == []


def test_commands_exist(rendered: Rendered) -> None:
    repo = rendered({})
    sessions = set(re.findall(r"^[*-] (\w+) ->", run("nox", "--list", cwd=repo), re.MULTILINE))
    named = {name for _, text in pages(repo) for names in NOX.findall(text) for name in names.split()}
    assert named <= sessions
    assert {"local", "tests", "lint", "new"} <= named


def test_the_first_screen_of_the_readme_has_the_two_commands(rendered: Rendered) -> None:
    first = (rendered({}) / "README.md").read_text(encoding="utf-8").splitlines()[:10]
    assert [line for line in first if line.startswith(("python3", "nox"))] == [
        "python3 -m pip install nox uv",
        "nox -s local",
    ]


@pytest.mark.parametrize("answers", ANSWERS)
def test_the_set_up_pushes_to_main_only_until_that_is_protected(rendered: Rendered, answers: Answers) -> None:
    text = (rendered(answers) / "docs/set-up.md").read_text(encoding="utf-8")
    before, _, after = text.partition("protect `main`")
    assert "gh repo create OWNER/REPOSITORY --private --source=. --push\n" in before
    pushes = [line for line in after.splitlines() if "git push" in line]
    assert pushes == ["git push --set-upstream origin set-up && gh pr create --fill"]
    assert after.index("git switch --create set-up && git add --all && git commit ") < after.index(pushes[0])


@pytest.mark.parametrize("answers", ANSWERS)
def test_who_looks_for_drift_may_read_the_wheels_that_were_deployed(rendered: Rendered, answers: Answers) -> None:
    text = (rendered(answers) / "docs/set-up.md").read_text(encoding="utf-8")
    granted = [line for line in text.splitlines() if line.endswith(" TO `APPLICATION_ID_OF_THE_ONE_THAT_LOOKS`;")]
    assert [re.sub(r" ON .*", "", line) for line in granted] == ["GRANT USE CATALOG", "GRANT USE SCHEMA, READ VOLUME"]


def test_the_databricks_cli_has_one_version(rendered: Rendered) -> None:
    repo = rendered({})
    bundle = yaml.safe_load((repo / "pipelines/flights/databricks.yml").read_text(encoding="utf-8"))["bundle"]
    workflows = [path.read_text(encoding="utf-8") for path in (repo / ".github" / "workflows").iterdir()]
    version = re.compile(r"setup-cli@.*\n +with:\n +version: (\S+)\n")
    installed = [found for text in workflows for found in version.findall(text)]
    framework = (repo / "framework/pyproject.toml").read_text(encoding="utf-8")
    [pinned] = re.findall(r"databricks-bundles==([\d.]+)", framework)
    assert bundle["databricks_cli_version"] == f"== {pinned}"
    assert installed == len(installed) * [pinned]
    assert len(installed) > 3
    assert pinned in (repo / "docs/runbook.md").read_text(encoding="utf-8")


def test_uv_has_one_version(rendered: Rendered) -> None:
    workflows = (rendered({}) / ".github" / "workflows").iterdir()
    versions = {
        version
        for path in workflows
        for version in re.findall(r'^ +version: "(.*)"', path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(versions) == 1
