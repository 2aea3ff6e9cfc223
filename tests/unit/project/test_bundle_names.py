from pathlib import Path

from lakewright.project.bundle_names import check_bundle_names
from lakewright.project.repository import Repository
from tests.unit.project.repos import write


def found(root: Path, **bundles: str) -> list[str]:
    write(root, {"targets.yml": "", **{f"pipelines/{name}/databricks.yml": text for name, text in bundles.items()}})
    return [str(each).replace(f"{root}/", "") for each in check_bundle_names(Repository(root).pipelines)]


def test_pipelines_of_one_bundle_name_are_each_found_at_the_line_of_it(tmp_path: Path) -> None:
    same = "bundle:\n  name: sales\n"
    first, second = found(tmp_path, a="bundle: {name: sales}", b=same, c="bundle: {name: c}")
    said = "error: the bundle of pipeline '{}' is called 'sales', as that of '{}' [bundle-name]"
    assert first == f"pipelines/a/databricks.yml:1: {said.format('a', 'b')}"
    assert second == f"pipelines/b/databricks.yml:2: {said.format('b', 'a')}"


def test_bundles_without_a_name_or_of_another_form_are_left_to_others(tmp_path: Path) -> None:
    assert (
        found(tmp_path, a="bundle: {}", b="bundle: {}", c="[", d="", e="bundle: {name: [x]}", f="bundle: sales") == []
    )
