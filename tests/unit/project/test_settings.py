"""A pipeline's own settings."""

from pathlib import Path

import pytest

from lakewright.errors.project import ProjectError
from lakewright.project.repository import PipelineFolder
from lakewright.project.settings import read_settings
from tests.unit.project.repos import write


def settings(folder: Path, text: str) -> tuple[str, ...]:
    write(folder, {"sales/pyproject.toml": text})
    return read_settings(PipelineFolder(folder / "sales")).modules


def test_jobs_are_by_default_in_the_module_jobs_of_the_package(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == ("sales.jobs",)
    assert read_settings(PipelineFolder(tmp_path / "other")).modules == ("other.jobs",)


def test_a_pipeline_may_name_its_modules(tmp_path: Path) -> None:
    assert settings(tmp_path, '[tool.lakewright]\nmodules = ["a.b", "c"]') == ("a.b", "c")


def test_a_misspelt_setting_is_an_error_with_the_one_meant(tmp_path: Path) -> None:
    with pytest.raises(
        ProjectError, match=r"pyproject\.toml:1: \[tool\.lakewright\] moduls: .*; did you mean 'modules'"
    ):
        settings(tmp_path, "[tool.lakewright]\nmoduls = []")


def test_a_value_of_another_type_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"\[tool\.lakewright\] modules: "):
        settings(tmp_path, "[tool.lakewright]\nmodules = 1")


def test_what_is_not_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"pyproject\.toml is not TOML"):
        settings(tmp_path, "[tool")
