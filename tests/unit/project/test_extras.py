"""What a pipeline's packages lack of the framework."""

from pathlib import Path

import pytest

from lakewright.project.check import check_pipeline
from lakewright.project.repository import Repository
from tests.unit.project.repos import JOBS, repository, write

PACKED = JOBS.replace("@job", '@job(dependencies="libs.zip")')
PROJECT = """
[project]
name = "sales"
version = "1.0"
dependencies = ["{}"]
"""


def found(tmp_path: Path, name: str, source: str, *, needs: str) -> list[tuple[str, str]]:
    root = repository(tmp_path, **{name: source})
    write(root / "pipelines" / name, {"pyproject.toml": PROJECT.format(needs)})
    return [(each.code, each.severity) for each in check_pipeline(Repository(root).pipeline(name))]


@pytest.mark.parametrize(
    ("name", "needs"),
    [("ext_a", "lakewright"), ("ext_b", "lakewright[polars]"), ("ext_c", "wheelhouse"), ("ext_d", "other[wheelhouse]")],
)
def test_a_job_that_makes_packages_without_the_extra_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, name: str, needs: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    assert found(tmp_path, name, PACKED, needs=needs) == [("missing-extra", "warning")]


@pytest.mark.parametrize(
    ("name", "source", "needs"),
    [
        ("ext_e", PACKED, "lakewright[wheelhouse]"),
        ("ext_f", PACKED, "lakewright [polars, Wheelhouse] >= 0.1"),
        ("ext_g", JOBS, "lakewright"),
    ],
)
def test_a_pipeline_that_names_the_extra_or_needs_none_is_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, name: str, source: str, needs: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    assert found(tmp_path, name, source, needs=needs) == []


def shared(tmp_path: Path, **packages: str) -> None:
    """Packages of the workspace, each with a line of what it needs."""
    write(tmp_path, {"pyproject.toml": '[tool.uv.workspace]\nmembers = ["pipelines/*", "shared/*"]\n'})
    for name, needs in packages.items():
        text = f'[project]\nname = "{name}"\nversion = "1.0"\n{needs}\n'
        write(tmp_path / "shared" / name, {"pyproject.toml": text})


def test_a_package_of_the_workspace_may_bring_the_extra_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by way of another one, of an extra of its own, and in a circle."""
    monkeypatch.syspath_prepend(tmp_path)
    shared(
        tmp_path,
        sales_core='dependencies = ["base[packed]"]',
        base='dependencies = ["sales-core"]\n[project.optional-dependencies]\npacked = ["lakewright[wheelhouse]"]',
    )
    assert found(tmp_path, "ext_h", PACKED, needs="Sales.Core>=1") == []


def test_what_no_package_of_the_pipeline_asks_for_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    shared(
        tmp_path,
        other='dependencies = ["lakewright[wheelhouse]"]',
        base='dependencies = []\n[project.optional-dependencies]\npacked = ["lakewright[wheelhouse]"]',
    )
    assert found(tmp_path, "ext_i", PACKED, needs="base") == [("missing-extra", "warning")]
