"""GitHub's own parser takes every workflow: those of this repository, and those that the template makes."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.template.rendering import render, snapshot
from tests.workflows.rules import ROOT

SOURCE: Final = Path(__file__).parent / "parser"
# It does not know the payload of this event; GitHub documents it: `merge_group.base_sha`.
UNKNOWN_TO_IT: Final = "Context access might be invalid: merge_group"


@pytest.fixture(scope="session")
def parser() -> Path:
    """The parser as one file, kept in build/ until its versions change."""
    npm = shutil.which("npm")
    assert npm, "GitHub's parser comes from npm: install nodejs and npm"
    files = sorted(SOURCE.iterdir())
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    folder = ROOT / "build" / "github-parser" / digest
    if not (folder / "check.cjs").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy2(file, folder)
        for command in (["install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"], ["run", "build"]):
            subprocess.run([npm, *command], cwd=folder, check=True, capture_output=True)
    return folder / "check.cjs"


def findings(parser: Path, *files: Path) -> list[str]:
    told = subprocess.run(["node", str(parser), *map(str, files)], capture_output=True, text=True, check=True).stdout
    return [line for line in told.splitlines() if not line.endswith(UNKNOWN_TO_IT)]


def workflows(repo: Path) -> list[Path]:
    return sorted((repo / ".github" / "workflows").iterdir())


def test_it_has_nothing_to_say_of_our_own_workflows(parser: Path) -> None:
    assert findings(parser, *workflows(ROOT)) == []


def test_it_has_nothing_to_say_of_those_that_the_template_makes(parser: Path, tmp_path: Path) -> None:
    source = snapshot(tmp_path / "template")
    answers: tuple[dict[str, bool], ...] = ({}, {"staging": False, "attestations": True})
    for number, each in enumerate(answers):
        assert findings(parser, *workflows(render(source, tmp_path / str(number), each))) == []


def test_it_finds_what_is_wrong(parser: Path, tmp_path: Path) -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(text.replace("${{ matrix.python }}", "${{ matrix.pyhton }}"), encoding="utf-8")
    assert any("pyhton" in line for line in findings(parser, wrong))
