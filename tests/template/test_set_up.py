"""The set-up document leads from nothing to a deploy: each step turns the lines of `doctor` that it names to `✔`."""

import json
import platform
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from lakewright.cli.app import run
from tests import github_api
from tests.git import commit
from tests.template.conftest import Rendered
from tests.template.rendering import Answers
from tests.unit.cli.deploying import Site, site
from tests.unit.project.repos import write

ANSWERS: Final[Answers] = {"staging": False}
PLACEHOLDER: Final = "https://CHANGE-ME.example.com"
ENVIRONMENTS: Final = ("dev", "prod", "prod-plan")

State = tuple[str, str]


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A repository as it is after `copier copy`: no commit, no GitHub, another CLI, no host, nothing on Databricks."""
    with site(tmp_path, monkeypatch, "flights") as found:
        monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
        monkeypatch.delenv("GITHUB_TOKEN")
        monkeypatch.setenv("DATABRICKS_TOKEN", "none")
        monkeypatch.chdir(found.root)
        monkeypatch.setattr("sys.argv", ["lakewright", "doctor", "--format", "json"])
        shutil.rmtree(found.root / ".git")
        found.cli.tell(version="1.0.0")
        found.github.permissions["actions"] = "read"
        found.github.oidc = {"use_default": False, "include_claim_keys": ["repo"]}
        targets = (found.root / "targets.yml").read_text(encoding="utf-8")
        write(found.root, {"targets.yml": targets.replace(found.workspace.url, PLACEHOLDER)})
        yield found


def steps(site: Site, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Callable[[], object]]:
    """What is done in each step, as far as `doctor` can see it."""
    targets = site.root / "targets.yml"

    def fill_in() -> None:
        text = targets.read_text(encoding="utf-8")
        targets.write_text(text.replace(PLACEHOLDER, site.workspace.url), encoding="utf-8")

    def publish() -> None:
        commit(site.root, {})
        monkeypatch.setenv("GITHUB_TOKEN", github_api.TOKEN)

    def install() -> None:
        site.cli.tell(version="1.22.1")
        monkeypatch.setenv("DATABRICKS_TOKEN", site.workspace.environment["DATABRICKS_TOKEN"])

    return {
        "1. On GitHub: the repository": publish,
        "2. On this machine: the Databricks CLI": install,
        "3. targets.yml: where the targets are": fill_in,
        "4. Databricks: who deploys, and who only looks": lambda: site.github.oidc.update(use_default=True),
        "5. Databricks: a volume, and grants": lambda: site.workspace.folders.update(
            {"/Workspace/bundles", *(f"/Volumes/{target}/flights/lakewright" for target in ("dev", "prod"))}
        ),
        "6. GitHub: the environments": lambda: site.github.environments.update(
            {name: {"DATABRICKS_CLIENT_ID"} for name in ENVIRONMENTS}
        ),
        "7. Deploy": lambda: site.wheelhouse("flights"),
    }


def examined(capsys: pytest.CaptureFixture[str]) -> set[State]:
    """What `doctor` says now: the state of each line."""
    capsys.readouterr()
    run()
    return {(each["state"], each["told"]) for each in json.loads(capsys.readouterr().out)}


def named(section: str, host: str) -> list["re.Pattern[str]"]:
    """The lines that a step says it turns to `✔`."""
    said = re.findall(r"`✔ ([^`]+)`", section)
    filled = [line.replace("OWNER/REPOSITORY", github_api.REPOSITORY).replace("HOST", host, 1) for line in said]
    return [re.compile(".*".join(map(re.escape, line.split("…")))) for line in filled]


def test_each_step_turns_what_it_names_to_done_and_every_check_has_its_step(
    rendered: Rendered, nothing: Site, *, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (rendered(ANSWERS) / "docs/set-up.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"(?ms)^## (\d\. [^\n]+)\n(.*?)(?=^## )", text))
    doing = steps(nothing, monkeypatch)
    assert list(sections) == list(doing)
    covered: set[State] = set()
    before = examined(capsys)
    assert {told for state, told in before if state == "right"} == {f"Python {platform.python_version()}"}
    for title, do in doing.items():
        do()
        after = examined(capsys)
        turned = {line for line in after - before if line[0] == "right"}
        wanted = named(sections[title], nothing.workspace.url)
        assert wanted, f"step {title} names no line of doctor"
        for pattern in wanted:
            assert any(pattern.fullmatch(told) for state, told in after if state == "right"), (title, pattern.pattern)
        assert turned, f"step {title} turns no line of doctor"
        assert {told for _, told in turned if not any(each.fullmatch(told) for each in wanted)} == set(), title
        covered |= turned
        before = after
    assert {state for state, _ in before} == {"right"}
    assert {told for _, told in before - covered} == {f"Python {platform.python_version()}"}
