import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.dependencies.index import Index
from lakewright.dependencies.lock import read_lock
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.resolve import resolve
from lakewright.errors.dependencies import DependencyError, RequiresPythonError
from lakewright.errors.wheels import NoWheelError, ResolutionError
from tests.wheel_files import PackageIndex, package_index, write_wheel

TARGET = WheelTarget("3.12")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[PackageIndex]:
    (tmp_path / "files").mkdir()
    with package_index(tmp_path / "files") as index:
        yield index


@pytest.fixture
def index(served: PackageIndex, tmp_path: Path) -> Index:
    return Index(urls=(served.url,), environment={**os.environ, "UV_CACHE_DIR": str(tmp_path / "uv")})


def test_of_all_wheels_the_one_that_fits_the_target_best_is_taken(served: PackageIndex, index: Index) -> None:
    for tag in (
        "py3-none-any",
        "cp311-cp311-manylinux_2_28_x86_64",
        "cp312-cp312-manylinux_2_17_x86_64",
        "cp312-cp312-manylinux_2_28_x86_64",
        "cp312-cp312-manylinux_2_39_x86_64",
        "cp312-cp312-manylinux_2_28_aarch64",
        "cp39-abi3-manylinux2014_x86_64",
    ):
        write_wheel(served.files, "rows", tag=tag)
    taken = {
        target: resolve(["rows"], target, index=index).files[0].filename
        for target in (TARGET, WheelTarget("3.12", "aarch64"), WheelTarget("3.10"), WheelTarget("3.13", "aarch64"))
    }
    assert taken == {
        TARGET: "rows-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
        WheelTarget("3.12", "aarch64"): "rows-1.0-cp312-cp312-manylinux_2_28_aarch64.whl",
        WheelTarget("3.10"): "rows-1.0-cp39-abi3-manylinux2014_x86_64.whl",
        WheelTarget("3.13", "aarch64"): "rows-1.0-py3-none-any.whl",
    }


def test_conflicting_pins_are_told_in_uvs_words(served: PackageIndex, index: Index) -> None:
    write_wheel(served.files, "sales", requires=["rows<2"])
    write_wheel(served.files, "rows", "1.0")
    write_wheel(served.files, "rows", "2.0")
    with pytest.raises(ResolutionError) as caught:
        resolve(["sales", "rows>=2"], TARGET, index=index)
    said = str(caught.value)
    assert said.startswith("the packages cannot be resolved for Python 3.12 on Linux x86_64:\n  Because")
    assert "sales" in said
    assert "rows<2" in said
    assert "hint:" not in said


def test_a_package_that_is_nowhere_is_named(served: PackageIndex, index: Index) -> None:
    write_wheel(served.files, "rows")
    with pytest.raises(ResolutionError, match="colums was not found"):
        resolve(["colums"], TARGET, index=index)


def test_a_package_that_needs_another_python_is_told_with_both(served: PackageIndex, index: Index) -> None:
    made = write_wheel(served.files, "plots", "1.0", requires_python=">=3.13")
    served.requires_python[made.name] = ">=3.13"
    with pytest.raises(RequiresPythonError, match=r"'plots' needs Python >=3\.13, the target has 3\.10"):
        resolve(["plots==1.0"], WheelTarget("3.10"), index=index)


def test_an_older_version_is_taken_where_the_newest_needs_another_python(served: PackageIndex, index: Index) -> None:
    write_wheel(served.files, "plots", "1.0")
    made = write_wheel(served.files, "plots", "2.0", requires_python=">=3.13")
    served.requires_python[made.name] = ">=3.13"
    assert resolve(["plots"], WheelTarget("3.10"), index=index).files[0].version == "1.0"


def test_a_withdrawn_version_is_passed_over(served: PackageIndex, index: Index) -> None:
    write_wheel(served.files, "rows", "1.0")
    served.yanked.add(write_wheel(served.files, "rows", "1.1").name)
    assert resolve(["rows"], TARGET, index=index).files[0].version == "1.0"


def test_a_package_for_other_machines_only_is_refused_by_name(served: PackageIndex, index: Index) -> None:
    write_wheel(served.files, "rows", tag="cp312-cp312-win_amd64")
    with pytest.raises((ResolutionError, NoWheelError), match="rows"):
        resolve(["rows"], TARGET, index=index)


def test_a_wheel_that_is_handed_in_is_taken_and_what_it_needs_is_resolved(
    served: PackageIndex, index: Index, tmp_path: Path
) -> None:
    write_wheel(served.files, "rows", "1.0")
    write_wheel(served.files, "sales", "9.0")
    own = write_wheel(tmp_path / "own", "sales", "1.0", requires=["rows"])
    lock = resolve(["sales"], TARGET, index=index, wheels=[own])
    assert [(file.package, file.version, file.is_local) for file in lock.files] == [
        ("rows", "1.0", False),
        ("sales", "1.0", True),
    ]
    assert Path(lock.files[1].url) == own


def test_without_an_index_packages_come_from_the_folders_that_are_named(served: PackageIndex, tmp_path: Path) -> None:
    write_wheel(tmp_path / "mirror", "rows", "1.0")
    write_wheel(served.files, "rows", "2.0")
    environment = {**os.environ, "UV_CACHE_DIR": str(tmp_path / "uv")}
    index = Index(urls=(served.url,), no_index=True, find_links=(str(tmp_path / "mirror"),), environment=environment)
    lock = resolve(["rows"], TARGET, index=index)
    assert [(file.version, file.is_local) for file in lock.files] == [("1.0", True)]
    assert served.asked == []


def test_settings_that_somebody_put_into_the_temporary_folder_have_no_say(
    served: PackageIndex, index: Index, tmp_path: Path
) -> None:
    write_wheel(served.files, "rows", "1.0")
    (tmp_path / "stranger").mkdir()
    (tmp_path / "temporary").mkdir()
    with package_index(tmp_path / "stranger") as stranger, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
        write_wheel(stranger.files, "rows", "6.6")
        (tmp_path / "temporary" / "uv.toml").write_text(f"[[index]]\nurl = '{stranger.url}'\n", encoding="utf-8")
        assert resolve(["rows"], TARGET, index=index).files[0].version == "1.0"
        assert stranger.asked == []


def test_what_uv_says_of_an_index_holds_no_credential(served: PackageIndex, index: Index) -> None:
    served.password = "s3cret"  # noqa: S105  of this test's own server
    write_wheel(served.files, "rows")
    url = served.url.replace("//", "//me:hunter2@")
    with pytest.raises(ResolutionError) as caught:
        resolve(["rows"], TARGET, index=Index(urls=(url,), environment=index.environment))
    assert "hunter2" not in str(caught.value)


LOCKED = """\
lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "rows"
version = "1.0"
marker = "python_full_version < '3.11'"
wheels = [{ url = "https://index/rows-1.0-py3-none-any.whl", hashes = { sha256 = "AA" } }]

[[packages]]
name = "rows"
version = "2.0"
marker = "python_full_version >= '3.11' and platform_machine == 'x86_64'"
sdist = { url = "https://index/rows-2.0.tar.gz", hashes = { sha256 = "BB" } }

[[packages]]
name = "sales"
directory = { path = "pipelines/sales", editable = true }
""".replace("AA", "a" * 64).replace("BB", "b" * 64)


def test_of_a_lock_for_all_machines_the_targets_part_counts(tmp_path: Path) -> None:
    older = read_lock(LOCKED, WheelTarget("3.10"), base=tmp_path)
    newer = read_lock(LOCKED, WheelTarget("3.12"), base=tmp_path)
    arm = read_lock(LOCKED, WheelTarget("3.12", "aarch64"), base=tmp_path)
    assert [(file.filename, file.sha256) for file in older.files] == [("rows-1.0-py3-none-any.whl", "a" * 64)]
    assert [(file.filename, file.is_wheel) for file in newer.files] == [("rows-2.0.tar.gz", False)]
    assert arm.files == ()
    assert older.projects == (tmp_path / "pipelines" / "sales",)


def test_a_password_is_hidden_whatever_is_in_it() -> None:
    index = Index(urls=("https://me:sec@ret@packages.example/simple",), environment={})
    assert index.hidden("of https://me:sec@ret@packages.example/a: 403") == "of https://****@packages.example/a: 403"


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("url = 'https://index/%2e%2e%2f%2e%2e%2fevil.tar.gz'", "'../../evil.tar.gz' is no name of a file"),
        ("url = 'https://index/%2Fetc%2Fevil.tar.gz'", "'/etc/evil.tar.gz' is no name of a file"),
        ("url = 'https://index/rows.tar.gz', name = '../evil.tar.gz'", "'../evil.tar.gz' is no name of a file"),
        ("url = 'https://index/.bashrc'", "'.bashrc' is no name of a file"),
        ("url = 'https://index/'", "'' is no name of a file"),
        ("url = 'https://index/rows.tar.gz', hashes = { sha256 = '../../evil' }", "'../../evil' is no sha256 of rows"),
    ],
)
def test_a_lock_cannot_name_files_outside_of_the_cache(tmp_path: Path, file: str, says: str) -> None:
    text = f"lock-version = '1.0'\n[[packages]]\nname = 'rows'\nversion = '1.0'\nsdist = {{ {file} }}\n"
    with pytest.raises(DependencyError) as caught:
        read_lock(text, TARGET, base=tmp_path)
    assert str(caught.value).startswith(f"rows 1.0 cannot be taken from where it lies: {says}")


def test_a_file_whose_address_does_not_end_in_its_name_is_known_by_the_name(tmp_path: Path) -> None:
    file = f"name = 'rows-1.0-py3-none-any.whl', url = 'https://index/blob?id=7', hashes = {{ sha256 = '{'A' * 64}' }}"
    text = f"lock-version = '1.0'\n[[packages]]\nname = 'rows'\nversion = '1.0'\nwheels = [{{ {file} }}]\n"
    (found,) = read_lock(text, TARGET, base=tmp_path).files
    assert (found.filename, found.is_wheel, found.sha256) == ("rows-1.0-py3-none-any.whl", True, "a" * 64)


@pytest.mark.parametrize("text", ["lock-version = ", "name = 'x'", 'lock-version = "2.0"'])
def test_what_is_no_lock_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DependencyError, match="lock"):
        read_lock(text, TARGET, base=tmp_path)
