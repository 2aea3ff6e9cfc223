from pathlib import Path

import pytest

from lakewright.io.local import find_above, local_target


def test_in_a_pipeline_data_are_its_own_and_outputs_lie_at_the_root_of_the_repository(tmp_path: Path) -> None:
    folder = tmp_path / "pipelines" / "sales"
    module = folder / "src" / "sales" / "jobs.py"
    module.parent.mkdir(parents=True)
    for file in (tmp_path / "targets.yml", folder / "databricks.yml", module):
        file.touch()
    target = local_target(str(module))
    assert (target.name, target.catalog, target.schema) == ("local", "local", "sales")
    assert (target.data, target.root) == (str(folder / "data"), str(tmp_path / ".lakewright"))


def test_a_pipeline_without_a_repository_keeps_outputs_itself(tmp_path: Path) -> None:
    (tmp_path / "databricks.yml").touch()
    assert local_target(str(tmp_path / "jobs.py")).root == str(tmp_path / ".lakewright")


def test_a_script_outside_of_a_repository_has_data_beside_it_and_outputs_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    target = local_target(str(tmp_path / "jobs.py"))
    assert (target.data, target.root, target.schema) == (str(tmp_path / "data"), str(here / ".lakewright"), "local")
    assert local_target(None).data == str(here / "data")


def test_a_folder_of_the_name_is_no_file_of_it(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "targets.yml"
    inner.mkdir(parents=True)
    (tmp_path / "targets.yml").touch()
    assert find_above(inner, "targets.yml") == tmp_path
    assert find_above(tmp_path, "no-such-file.yml") is None
