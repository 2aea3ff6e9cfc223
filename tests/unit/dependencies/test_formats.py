from collections.abc import Mapping
from pathlib import Path

import pytest

from lakewright.dependencies.archive import open_archive
from lakewright.dependencies.formats import Layout, recognise
from lakewright.errors.dependencies import LayoutError, NothingToBuildError
from tests.dependencies.hostile import zipped

PROJECT = "[project]\nname = 'mine'\nversion = '1'\n"


def recognised(
    tmp_path: Path, files: Mapping[str, str], *, root: str | None = None, with_tests: bool = False
) -> Layout:
    path = tmp_path / "given.zip"
    zipped({name: content.encode() for name, content in files.items()})(path)
    with open_archive(path) as archive:
        layout = recognise(archive, root=root, with_tests=with_tests)
        placed = [
            *layout.requirements, *layout.wheels, *layout.modules, *layout.data, *layout.ignored,
            *(name for files in layout.projects.values() for name in files),
        ]  # fmt: skip
        # Nothing is lost, and nothing counts twice.
        assert sorted(placed) == list(archive.members)
    return layout


def empty(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "")


FORMATS: Mapping[str, tuple[Mapping[str, str], str, tuple[str, ...]]] = {
    "requirements": (empty("requirements.txt"), "requirements_only", ("requirements_only",)),
    "modules": (empty("calculator.py", "utils/helpers.py"), "pure_python", ("pure_python",)),
    "a package": (empty("utils/__init__.py", "utils/a.py"), "pure_python", ("pure_python",)),
    "pyproject": ({"pyproject.toml": PROJECT, "src/mine/__init__.py": ""}, "packaged", ("packaged",)),
    "build system": ({"pyproject.toml": "[build-system]\nrequires = []\n", "mine.py": ""}, "packaged", ("packaged",)),
    "setup.py": (empty("setup.py", "mine/__init__.py"), "packaged", ("packaged",)),
    "setup.cfg": ({"setup.cfg": "[metadata]\nname = mine\n", "mine.py": ""}, "packaged", ("packaged",)),
    "wheels": (empty("a-1-py3-none-any.whl", "deep/er/b-1-py3-none-any.whl"), "existing_wheels", ("existing_wheels",)),
    "requirements and a project": (
        {"requirements.txt": "", "pyproject.toml": PROJECT},
        "mixed",
        ("requirements_only", "packaged"),
    ),
    "requirements and modules": (empty("requirements.txt", "a.py"), "mixed", ("requirements_only", "pure_python")),
    "wheels and requirements": (
        empty("requirements.txt", "a-1-py3-none-any.whl"),
        "mixed",
        ("requirements_only", "existing_wheels"),
    ),
    "wheels and modules": (empty("a.py", "a-1-py3-none-any.whl"), "mixed", ("existing_wheels", "pure_python")),
    "all": (
        {"requirements.txt": "", "mine/pyproject.toml": PROJECT, "a.py": "", "a-1-py3-none-any.whl": ""},
        "mixed",
        ("requirements_only", "packaged", "existing_wheels", "pure_python"),
    ),
    "nested": (
        empty("my-project-1.0/requirements.txt", "my-project-1.0/myproject/__init__.py", "__MACOSX/._a"),
        "nested",
        ("requirements_only", "pure_python"),
    ),
}


@pytest.mark.parametrize("case", FORMATS)
def test_a_format_is_told_by_what_is_there(tmp_path: Path, case: str) -> None:
    files, name, parts = FORMATS[case]
    layout = recognised(tmp_path, files)
    assert (layout.format, layout.parts) == (name, parts)


def test_one_folder_around_everything_is_taken_off_once(tmp_path: Path) -> None:
    layout = recognised(tmp_path, empty("outer/inner/a.py"))
    assert (layout.root, layout.inner("outer/inner/a.py")) == ("outer", "inner/a.py")


def test_a_package_is_not_taken_for_a_folder_around_it(tmp_path: Path) -> None:
    assert recognised(tmp_path, empty("utils/__init__.py", "utils/a.py")).root == ""


def test_the_root_may_be_said(tmp_path: Path) -> None:
    layout = recognised(tmp_path, empty("one/a.py", "two/b.py"), root="two/")
    assert (layout.modules, layout.ignored) == (("two/b.py",), {"one/a.py": "outside of the root 'two'"})
    assert recognised(tmp_path, empty("one/a.py"), root="").root == ""
    with pytest.raises(LayoutError, match="there is no folder 'three'"):
        recognised(tmp_path, empty("one/a.py"), root="three")


def test_projects_side_by_side_are_all_found(tmp_path: Path) -> None:
    files = {"a/pyproject.toml": PROJECT, "a/requirements.txt": "", "b/setup.py": "", "b/x.py": "", "c.py": ""}
    layout = recognised(tmp_path, files)
    assert layout.projects == {"a": ("a/pyproject.toml",), "b": ("b/setup.py", "b/x.py")}
    assert (layout.requirements, layout.modules) == (("a/requirements.txt",), ("c.py",))


def test_requirements_one_folder_down_count_if_there_is_one_such_file(tmp_path: Path) -> None:
    assert recognised(tmp_path, empty("a/requirements.txt", "b/x.py")).requirements == ("a/requirements.txt",)
    with pytest.raises(LayoutError, match=r"cannot be told: a/requirements\.txt, b/requirements\.txt"):
        recognised(tmp_path, empty("a/requirements.txt", "b/requirements.txt"))


def test_requirements_further_down_are_named_as_not_read(tmp_path: Path) -> None:
    layout = recognised(tmp_path, empty("requirements.txt", "a.py", "a/b/requirements.txt", "requirements-dev.txt"))
    assert set(layout.ignored) == {"a/b/requirements.txt", "requirements-dev.txt"}
    assert "only requirements.txt is read" in layout.ignored["requirements-dev.txt"]


@pytest.mark.parametrize("settings", ["[tool.ruff]\nline-length = 100\n", ""])
def test_settings_of_tools_make_no_project(tmp_path: Path, settings: str) -> None:
    layout = recognised(tmp_path, {"pyproject.toml": settings, "setup.cfg": "[flake8]\n", "a.py": ""})
    assert (layout.format, set(layout.ignored)) == ("pure_python", {"pyproject.toml", "setup.cfg"})


@pytest.mark.parametrize("content", ["[project", "a = \n"])
def test_a_pyproject_that_is_no_toml_is_named(tmp_path: Path, content: str) -> None:
    with pytest.raises(LayoutError, match=r"mine/pyproject\.toml is no TOML: .*\((?:at|line) "):
        recognised(tmp_path, {"mine/pyproject.toml": content, "a.py": ""}, root="")


def test_a_number_that_no_one_writes_is_no_toml(tmp_path: Path) -> None:
    content = f"[project]\nversion = {'9' * 5_000}\n"
    with pytest.raises(LayoutError, match=r"mine/pyproject\.toml is no TOML"):
        recognised(tmp_path, {"mine/pyproject.toml": content, "a.py": ""}, root="")


def test_a_setup_cfg_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match=r"setup\.cfg cannot be read"):
        recognised(tmp_path, {"setup.cfg": "name\n", "a.py": ""})


IGNORED = {
    "__MACOSX/._a.py": "left behind by a tool",
    "x/__pycache__/a.cpython-312.pyc": "left behind by a tool",
    "x/.venv/lib/six-1.0-py3-none-any.whl": "left behind by a tool",
    ".DS_Store": "left behind by a tool",
    ".env": "hidden",
    "mine.egg-info/PKG-INFO": "describes a package",
    "test_a.py": "a test",
    "x/a_test.py": "a test",
    "conftest.py": "a test",
    "tests/data.csv": "a test",
    "tests/six-1.0-py3-none-any.whl": "a test",
    "x/inner.zip": "an archive in the archive",
    "mine-1.0.tar.gz": "an archive in the archive",
    "README.md": "a document",
    "LICENSE": "a document",
    "tox.ini": "settings of tools",
    "poetry.lock": "only requirements.txt is read",
}


@pytest.mark.parametrize("name", IGNORED)
def test_a_file_that_is_left_out_has_its_reason(tmp_path: Path, name: str) -> None:
    layout = recognised(tmp_path, empty("a.py", name))
    assert layout.modules == ("a.py",)
    assert layout.ignored[name].startswith(IGNORED[name])


def test_tests_are_carried_when_asked_for(tmp_path: Path) -> None:
    layout = recognised(tmp_path, empty("a.py", "test_a.py", "tests/b.py"), with_tests=True)
    assert layout.modules == ("a.py", "test_a.py", "tests/b.py")


def test_data_goes_along_with_modules_only(tmp_path: Path) -> None:
    assert recognised(tmp_path, empty("a.py", "x/table.csv", "config.json")).data == ("config.json", "x/table.csv")
    layout = recognised(tmp_path, empty("requirements.txt", "table.csv"))
    assert (layout.data, layout.ignored) == ((), {"table.csv": "there is no module beside it"})


def test_what_a_project_was_built_to_before_is_not_taken(tmp_path: Path) -> None:
    files = {"pyproject.toml": PROJECT, "dist/mine-0-py3-none-any.whl": "", "other-1-py3-none-any.whl": ""}
    layout = recognised(tmp_path, files)
    assert (layout.wheels, set(layout.ignored)) == (("other-1-py3-none-any.whl",), {"dist/mine-0-py3-none-any.whl"})


@pytest.mark.parametrize(
    "files",
    [empty("test_a.py", "tests/b.py"), empty("__pycache__/a.pyc"), empty("a.csv"), empty("inner.zip"), empty(".env")],
    ids=",".join,
)
def test_an_archive_without_anything_to_build_says_why_for_each_file(tmp_path: Path, files: Mapping[str, str]) -> None:
    with pytest.raises(NothingToBuildError) as caught:
        recognised(tmp_path, files)
    for name in files:
        assert f"\n  {name}: " in str(caught.value)
    assert "Put in a requirements.txt, Python files, a project" in str(caught.value)


def test_a_long_list_of_reasons_is_cut(tmp_path: Path) -> None:
    with pytest.raises(NothingToBuildError, match="and 5 more"):
        recognised(tmp_path, empty(*(f"test_{number}.py" for number in range(15))))


def test_a_folder_of_a_tool_is_accounted_for_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "code" / ".git").mkdir(parents=True)
    (tmp_path / "code" / "a.py").touch()
    with open_archive(tmp_path / "code") as archive:
        assert recognise(archive).ignored == {".git/": "left behind by a tool"}
