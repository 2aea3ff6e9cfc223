from pathlib import Path

import pytest

from lakewright.project.vendored import MANIFEST, check_framework, digest, files_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a framework as a release made it."""
    for name in ("pyproject.toml", "src/lakewright/a.py", "src/lakewright/b.py"):
        path = tmp_path / "framework" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    folder = tmp_path / "framework"
    lines = [f"{digest(folder / name)}  {name}\n" for name in files_of(folder)]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
    return tmp_path


def test_what_a_release_made_has_no_findings(root: Path) -> None:
    assert check_framework(root) == ()


def test_an_edit_a_deletion_and_a_new_file_are_found_with_the_way_to_keep_them(root: Path) -> None:
    source = root / "framework/src/lakewright"
    (source / "a.py").write_text("# mine\n", encoding="utf-8")
    (source / "b.py").unlink()
    (source / "c.py").touch()
    found = check_framework(root)
    assert [finding.message for finding in found] == [
        "framework/src/lakewright/a.py was edited by hand",
        "framework/src/lakewright/b.py was deleted",
        "framework/src/lakewright/c.py is not of this version of the framework",
    ]
    assert {finding.severity for finding in found} == {"warning"}
    assert all("To keep it: write it in a library in shared/" in finding.hint for finding in found)
    assert found[0].location is not None
    assert found[0].location.file == "framework/src/lakewright/a.py"


@pytest.mark.parametrize("name", ["src/lakewright/__pycache__/a.pyc", "dist/x.whl", ".mypy_cache/x", "x.egg-info/P"])
def test_what_builds_leave_is_no_edit(root: Path, name: str) -> None:
    path = root / "framework" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    assert check_framework(root) == ()


def test_line_ends_of_another_system_are_no_edit(root: Path) -> None:
    path = root / "framework/src/lakewright/a.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_framework(root) == ()


def test_where_no_release_says_anything_nothing_is_found(root: Path) -> None:
    (root / "framework" / MANIFEST).unlink()
    (root / "framework/src/lakewright/a.py").write_text("# mine\n", encoding="utf-8")
    assert check_framework(root) == ()
