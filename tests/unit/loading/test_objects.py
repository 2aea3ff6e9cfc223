import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.errors.authoring import SettingError
from lakewright.errors.project import LoadError
from lakewright.loading.objects import load, load_file, load_module

JOBS = """
class Settings:
    class Deep:
        value = 42


def clean() -> int:
    return 1
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path; modules that come from it are forgotten in the end."""
    known, path = set(sys.modules), list(sys.path)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]
    sys.path[:] = path


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_an_object_is_found_by_its_module_and_qualified_name(folder: Path) -> None:
    write(folder, "sound.py", JOBS)
    assert load("sound:clean")() == 1
    assert load("sound:Settings.Deep.value") == 42


def test_a_name_that_is_not_there_is_told_the_one_that_is_meant(folder: Path) -> None:
    file = write(folder, "misnamed.py", JOBS)
    with pytest.raises(LoadError, match="there is no 'claen' in") as caught:
        load("misnamed:claen")
    assert str(file) in str(caught.value)
    assert "did you mean 'clean'?" in str(caught.value)


@pytest.mark.parametrize("name", ["nowhere", "nowhere.jobs", "package_here.nowhere"])
def test_a_module_that_is_not_there_is_told_from_one_that_is_broken(folder: Path, name: str) -> None:
    write(folder, "package_here/__init__.py", "")
    with pytest.raises(LoadError, match=f"there is no module '{name}' in this environment"):
        load_module(name)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("x = 1\nimport nothing_of_that_name", r"ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("x = 1\nraise ValueError('no connection')", "ValueError: no connection"),
        ("x = 1\nraise SystemExit(3)", "SystemExit: 3"),
        ("x = 1\ny = = 2", "SyntaxError: invalid syntax"),
        ("x = 1\nimport json; json.loads('{')", "JSONDecodeError: Expecting property name"),
    ],
)
def test_a_module_that_does_not_import_is_told_with_its_line_and_cause(folder: Path, code: str, message: str) -> None:
    name = f"broken_{abs(hash(code))}"
    file = write(folder, f"{name}.py", code)
    with pytest.raises(LoadError, match=message) as caught:
        load_module(name)
    assert str(caught.value).startswith(f"{file}:2: importing module '{name}' failed: ")
    assert caught.value.__cause__ is not None


def test_a_package_that_is_not_installed_is_told_where_it_belongs(folder: Path) -> None:
    write(folder, "misses_a_package.py", "import pandaz")
    with pytest.raises(
        LoadError, match=r"No module named 'pandaz'\n  Is it spelled so\? .*`dependencies` of the pipeline"
    ):
        load_module("misses_a_package")


def test_a_broken_neighbour_does_not_matter(folder: Path) -> None:
    write(folder, "pipeline/__init__.py", "")
    write(folder, "pipeline/broken.py", "raise ValueError")
    write(folder, "pipeline/tasks.py", JOBS)
    assert load("pipeline.tasks:clean")() == 1


def test_what_a_module_got_wrong_itself_is_told_as_such_with_its_line(folder: Path) -> None:
    file = write(folder, "wrongly_set.py", "from lakewright import Retry\n\nretry = Retry(-1)\n")
    with pytest.raises(SettingError) as caught:
        load_module("wrongly_set")
    assert str(caught.value) == f"{file}:3: Retry: retries=-1 is not a whole number, 0 or more"


def test_a_file_is_imported_under_its_stem_and_once(folder: Path) -> None:
    file = write(folder, "a_script.py", JOBS)
    module = load_file(str(file))
    assert module.clean() == 1
    assert load_file(str(file)) is module
    assert sys.modules["a_script"] is module


def test_a_file_finds_what_stands_beside_it(folder: Path) -> None:
    write(folder, "scripts/beside.py", JOBS)
    file = write(folder, "scripts/main_script.py", "from beside import clean")
    assert load_file(str(file)).clean() == 1


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(LoadError, match=r"there is no file nowhere\.py"):
        load_file("nowhere.py")


@pytest.mark.parametrize("name", ["json", "time", "threading"])
def test_a_file_that_has_the_name_of_another_module_is_refused(folder: Path, name: str) -> None:
    before = sys.modules[name]
    file = write(folder, f"{name}.py", JOBS)
    with pytest.raises(LoadError, match=f"has the name of another module, '{name}'"):
        load_file(str(file))
    assert sys.modules[name] is before


def test_another_script_of_the_same_name_takes_its_place(folder: Path) -> None:
    first = load_file(str(write(folder, "one/same_script.py", "value = 1")))
    second = load_file(str(write(folder, "two/same_script.py", "value = 2")))
    assert (first.value, second.value) == (1, 2)


def test_nothing_is_left_of_a_file_that_does_not_import(folder: Path) -> None:
    path = list(sys.path)
    file = write(folder, "scripts/broken_script.py", "raise ValueError('no')")
    with pytest.raises(LoadError, match=r"broken_script\.py:1: importing module 'broken_script' failed"):
        load_file(str(file))
    assert "broken_script" not in sys.modules
    assert sys.path == path
