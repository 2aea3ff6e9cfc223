import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.dependencies.current import current_wheelhouse
from lakewright.dependencies.index import Index
from lakewright.dependencies.wheelhouse import check_files
from lakewright.errors.dependencies import DependencyError
from lakewright.errors.wheels import BuildError, FetchError, ResolutionError
from lakewright.project.wheels import Built, Wanted
from tests.unit.project.wheel_repos import Workspace, workspace
from tests.wheel_files import write_wheel


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with workspace(tmp_path) as made:
        monkeypatch.syspath_prepend(made.root / "pipelines" / "sales" / "src")
        yield made


def versions(built: Built) -> dict[str, str]:
    return {wheel.name: wheel.version for wheel in built.wheelhouse.wheels}


def test_a_pipeline_gets_what_is_locked_its_own_package_and_those_it_shares(repo: Workspace) -> None:
    built = repo.build()
    assert built.is_new
    assert versions(built).keys() == {"money", "rows", "sales"}
    assert versions(built)["rows"] == "2.0"
    assert versions(built)["sales"].startswith("0.1.0+c")
    assert {wheel.name: wheel.origin for wheel in built.wheelhouse.wheels} == {
        "money": "built",
        "rows": "index",
        "sales": "built",
    }
    assert current_wheelhouse(repo.folder.path) == built.wheelhouse
    check_files(built.wheelhouse)


def test_nothing_is_done_where_nothing_has_changed(repo: Workspace) -> None:
    first = repo.build()
    before = {path: path.stat().st_mtime_ns for path in repo.root.rglob("*")}
    asked = len(repo.served.asked)
    # An index that is closed and a cache that is empty would fail, were anything done.
    again = repo.build(index=Index(no_index=True), cache=repo.root.parent / "empty")
    assert again == Built(first.wheelhouse, is_new=False)
    assert {path: path.stat().st_mtime_ns for path in repo.root.rglob("*")} == before
    assert len(repo.served.asked) == asked


@pytest.mark.parametrize("gone", ["", "manifest.json", "wheels/rows-2.0-py3-none-any.whl"])
def test_what_somebody_has_removed_is_built_again(repo: Workspace, gone: str) -> None:
    first = repo.build()
    harmed = first.wheelhouse.path / gone
    shutil.rmtree(harmed) if harmed.is_dir() else harmed.unlink()
    again = repo.build()
    assert again == Built(first.wheelhouse, is_new=True)
    check_files(again.wheelhouse)


def test_a_changed_package_is_built_anew_under_another_version_and_the_others_stay(repo: Workspace) -> None:
    first = repo.build()
    (repo.root / "shared" / "money" / "src" / "money" / "__init__.py").write_text("EURO = 1\n", encoding="utf-8")
    second = repo.build()
    differ = {name for name, version in versions(second).items() if version != versions(first)[name]}
    assert differ == {"money"}
    assert second.wheelhouse.digest != first.wheelhouse.digest
    assert first.wheelhouse.path.is_dir()


def test_a_change_that_is_taken_back_gives_the_wheelhouse_from_before(repo: Workspace) -> None:
    first = repo.build()
    file = repo.folder.path / "src" / "sales" / "jobs.py"
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\nMORE = 1\n", encoding="utf-8")
    assert repo.build().wheelhouse.digest != first.wheelhouse.digest
    file.write_text(before, encoding="utf-8")
    assert repo.build().wheelhouse.digest == first.wheelhouse.digest


def test_equal_repositories_give_equal_digests_wherever_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = set()
    for name in ("one", "other/and/deeper"):
        with workspace(tmp_path / name) as made, monkeypatch.context() as patched:
            patched.syspath_prepend(made.root / "pipelines" / "sales" / "src")
            digests.add(made.build(Wanted(python="3.12")).wheelhouse.digest)
    assert len(digests) == 1


def test_what_is_locked_counts_although_there_is_something_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace(tmp_path, needs='"rows<2"') as made:
        monkeypatch.syspath_prepend(made.root / "pipelines" / "sales" / "src")
        assert versions(made.build())["rows"] == "1.0"


def test_a_lock_that_is_out_of_date_is_told_where_it_must_not_change(
    repo: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = repo.build()
    file = repo.folder.path / "pyproject.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"rows"', '"rows<2"'), encoding="utf-8")
    monkeypatch.setenv("UV_LOCKED", "1")
    with pytest.raises(ResolutionError, match="the lock of the repository does not serve 'sales'"):
        repo.build()
    assert current_wheelhouse(repo.folder.path) == first.wheelhouse


def test_a_build_that_fails_leaves_the_wheelhouse_from_before(repo: Workspace) -> None:
    first = repo.build()
    (repo.root / "shared" / "money" / "src" / "money" / "__init__.py").unlink()
    (repo.root / "shared" / "money" / "src" / "money" / "jobs.py").unlink()
    (repo.root / "shared" / "money" / "src" / "money").rmdir()
    with pytest.raises(BuildError, match="money cannot be built"):
        repo.build()
    assert current_wheelhouse(repo.folder.path) == first.wheelhouse
    assert sorted(path.name for path in (repo.folder.path / "wheelhouse").iterdir()) == sorted(
        [first.wheelhouse.digest, "current.json"]
    )


def test_without_an_index_files_come_from_the_folders_that_are_named(repo: Workspace) -> None:
    with pytest.raises(FetchError, match=r"has rows-2\.0"):
        repo.build(index=Index(no_index=True))
    mirror = Index(no_index=True, find_links=(str(repo.served.files),))
    assert versions(repo.build(index=mirror))["rows"] == "2.0"


def test_a_package_that_the_runtime_brings_can_be_left_out_with_what_only_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace(tmp_path, needs='"rows", "pyspark"', more='[tool.lakewright]\nprovided = ["pyspark"]') as made:
        monkeypatch.syspath_prepend(made.root / "pipelines" / "sales" / "src")
        built = made.build()
        assert versions(built).keys() == {"rows", "sales"}
        assert built.wheelhouse.notes == ()


def test_a_wheel_in_the_place_of_the_runtimes_spark_is_told_and_refused_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace(tmp_path, needs='"pyspark"') as made:
        monkeypatch.syspath_prepend(made.root / "pipelines" / "sales" / "src")
        notes = made.build().wheelhouse.notes
        assert any(note.startswith("pyspark 4.1.0 would take the place of the runtime's own Spark") for note in notes)
        with pytest.raises(DependencyError, match="pyspark"):
            made.build(Wanted(strict=True))


def test_another_python_gets_its_own_wheels(repo: Workspace) -> None:
    for tag in ("cp311-cp311-manylinux2014_x86_64", "cp312-cp312-manylinux2014_x86_64"):
        write_wheel(repo.served.files, "rows", "3.0", tag=tag)
    repo.lock("--upgrade")
    chosen = {
        python: [
            path.name for path in repo.build(Wanted(python=python)).wheelhouse.files if path.name.startswith("rows")
        ]
        for python in ("3.11", "3.12")
    }
    assert chosen == {
        "3.11": ["rows-3.0-cp311-cp311-manylinux2014_x86_64.whl"],
        "3.12": ["rows-3.0-cp312-cp312-manylinux2014_x86_64.whl"],
    }
