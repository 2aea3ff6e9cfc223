"""A release moves the fragments into the changelog, and says which files the framework has."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Final

import pytest

from lakewright.project.vendored import MANIFEST, check_framework
from scripts.release import NOTHING_YET, manifest, notes, release
from tests.template.rendering import render, run, snapshot

ROOT: Final = Path(__file__).parents[1]
DAY: Final = dt.date(2026, 12, 1)


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """This repository's own files, released as 7.0.0."""
    tree = snapshot(tmp_path / "tree")
    shutil.copytree(ROOT / "changes", tree / "changes")
    (tree / "CHANGELOG.md").write_text(f"# Changelog\n\nHow to read it.\n\n{NOTHING_YET}", encoding="utf-8")
    release(tree, "7.0.0", day=DAY)
    return tree


def test_every_fragment_is_in_the_changelog_once_and_gone_from_its_folder(released: Path) -> None:
    changelog = (released / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.startswith("# Changelog\n\nHow to read it.\n\n## 7.0.0 (2026-12-01)\n\n### Added\n\n- ")
    assert [path.name for path in (released / "changes").iterdir()] == ["README.md"]
    for path in (ROOT / "changes").glob("*.*.md"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert changelog.count(f"- {first}\n") == 1


def test_a_later_release_stands_first_and_each_has_its_notes(released: Path) -> None:
    (released / "changes" / "x.fixed.md").write_text("Mended.\n", encoding="utf-8")
    release(released, "7.0.1", day=DAY)
    changelog = (released / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.index("## 7.0.1") < changelog.index("## 7.0.0")
    assert notes(changelog, "7.0.1") == "### Fixed\n\n- Mended.\n"
    with pytest.raises(SystemExit, match=r"has no version 8\.0\.0"):
        notes(changelog, "8.0.0")


def test_a_repository_from_a_release_finds_hand_edits_in_its_framework(released: Path, tmp_path: Path) -> None:
    repo = render(released, tmp_path / "repo", {})
    assert 'version = "7.0.0"' in (repo / "framework" / "pyproject.toml").read_text(encoding="utf-8")
    assert check_framework(repo) == ()
    run("sha256sum", "--check", "--quiet", MANIFEST, cwd=repo / "framework")
    edited = repo / "framework/src/lakewright/py.typed"
    edited.write_text("mine\n", encoding="utf-8")
    assert [finding.code for finding in check_framework(repo)] == ["edited-framework"]


def test_the_manifest_here_is_that_of_the_framework_or_absent() -> None:
    file = ROOT / "framework" / MANIFEST
    says = f"the framework has changed since the release: git rm framework/{MANIFEST}"
    assert not file.exists() or file.read_text(encoding="utf-8") == manifest(ROOT / "framework"), says
