import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.dependencies.build import build_wheel
from lakewright.dependencies.gather import gather
from lakewright.dependencies.index import Index
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.resolve import resolve
from lakewright.dependencies.wheel import check_contents, read_wheel
from lakewright.errors.wheels import BuildError, NativeSourceError
from tests.unit.project.repos import write
from tests.wheel_files import PackageIndex, package_index, write_source, write_wheel

TARGET = WheelTarget(f"{sys.version_info.major}.{sys.version_info.minor}")
UV_BUILD = """
[project]
name = "{name}"
version = "1.0"
[build-system]
requires = ["uv_build>=0.11,<1"]
build-backend = "uv_build"
"""
SETUPTOOLS = """
[project]
name = "{name}"
version = "1.0"
[build-system]
requires = ["setuptools>=70"]
build-backend = "setuptools.build_meta"
"""
# A back end without anything to install: it lies in the project itself.
OWN_BACK_END = """
[project]
name = "{name}"
version = "1.0"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACK_END = """
import zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    {before}
    name = "{name}-1.0-{tag}.whl"
    info = "{name}-1.0.dist-info"
    files = {{
        "{name}/__init__.py": "",
        info + "/METADATA": "Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n",
        info + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: {tag}\\n",
        info + "/RECORD": "",
    }}
    with zipfile.ZipFile(folder + "/" + name, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name
"""


def project(folder: Path, text: str, name: str = "sales") -> Path:
    return write(
        folder,
        {"pyproject.toml": text.format(name=name), f"src/{name}/__init__.py": "", f"src/{name}/rates.csv": "1\n"},
    )


def with_back_end(folder: Path, *, tag: str = "py3-none-any", before: str = "pass", name: str = "rows") -> Path:
    text = BACK_END.format(tag=tag, before=before, name=name)
    return write(folder, {"pyproject.toml": OWN_BACK_END.format(name=name), "backend.py": text})


@pytest.mark.parametrize("text", [UV_BUILD, SETUPTOOLS], ids=["uv_build", "setuptools"])
def test_equal_sources_give_equal_bytes_wherever_and_whenever_they_are_built(tmp_path: Path, text: str) -> None:
    made = []
    for place in (tmp_path / "a", tmp_path / "b" / "deeper"):
        folder = project(place, text)
        os.utime(folder / "src" / "sales" / "__init__.py", (len(str(place)) * 10**7,) * 2)
        made.append(build_wheel(folder, place / "out", local=True))
    assert made[0].name == made[1].name
    assert made[0].read_bytes() == made[1].read_bytes()


def test_the_version_tells_the_content_and_the_wheel_agrees_with_itself(tmp_path: Path) -> None:
    folder = project(tmp_path, UV_BUILD)
    first = build_wheel(folder, tmp_path / "out", local=True)
    (folder / "src" / "sales" / "rates.csv").write_text("2\n", encoding="utf-8")
    second = build_wheel(folder, tmp_path / "out", local=True)
    assert first.name != second.name
    for made in (first, second):
        wheel = read_wheel(made)
        assert wheel.version.startswith("1.0+c")
        check_contents(wheel)
        with zipfile.ZipFile(made) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert archive.namelist()[-1].endswith(".dist-info/RECORD")
            assert "sales/rates.csv" in archive.namelist()


def test_without_a_local_version_the_version_stays(tmp_path: Path) -> None:
    assert build_wheel(project(tmp_path, UV_BUILD), tmp_path / "out").name == "sales-1.0-py3-none-any.whl"


def test_packages_beside_each_other_are_told_in_plain_words(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "sales",
        {"pyproject.toml": SETUPTOOLS.format(name="sales"), "one/__init__.py": "", "two/__init__.py": ""},
    )
    with pytest.raises(BuildError, match=r"several packages beside each other, \['one', 'two'\]") as caught:
        build_wheel(folder, tmp_path / "out")
    assert "Put them below src/" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_build_that_fails_shows_what_it_said_last(tmp_path: Path) -> None:
    folder = with_back_end(tmp_path / "rows", before="raise RuntimeError('no compiler for fortran')")
    with pytest.raises(BuildError, match="no compiler for fortran") as caught:
        build_wheel(folder, tmp_path / "out")
    assert len(str(caught.value).splitlines()) < 20
    assert not list((tmp_path / "out").iterdir())


@pytest.fixture
def served(tmp_path: Path) -> Iterator[PackageIndex]:
    (tmp_path / "files").mkdir()
    with package_index(tmp_path / "files") as index:
        yield index


def index_of(served: PackageIndex, tmp_path: Path) -> Index:
    return Index(urls=(served.url,), environment={**os.environ, "UV_CACHE_DIR": str(tmp_path / "uv")})


def test_a_pure_package_that_comes_as_source_is_built_once(served: PackageIndex, tmp_path: Path) -> None:
    write_source(served.files, with_back_end(tmp_path / "rows"), "rows")
    index = index_of(served, tmp_path)
    lock = resolve(["rows"], TARGET, index=index)
    first = gather(lock, cache=tmp_path / "cache", index=index)
    assert [path.name for path in first.wheels] == ["rows-1.0-py3-none-any.whl"]
    assert list(first.origins.values()) == ["built"]
    before = first.wheels[0].stat().st_mtime_ns
    assert gather(lock, cache=tmp_path / "cache", index=index) == first
    assert first.wheels[0].stat().st_mtime_ns == before


def test_a_native_package_that_comes_as_source_is_refused_by_name(served: PackageIndex, tmp_path: Path) -> None:
    source = with_back_end(
        tmp_path / "rows", tag=f"cp3{sys.version_info.minor}-cp3{sys.version_info.minor}-linux_x86_64"
    )
    write_source(served.files, source, "rows")
    index = index_of(served, tmp_path)
    lock = resolve(["rows"], TARGET, index=index)
    with pytest.raises(NativeSourceError, match=r"rows 1\.0 comes as source only and is not pure Python"):
        gather(lock, cache=tmp_path / "cache", index=index)
    assert not list((tmp_path / "cache").rglob("*.whl"))


def test_a_source_that_cannot_be_built_is_named_with_the_reason(served: PackageIndex, tmp_path: Path) -> None:
    source = with_back_end(tmp_path / "rows", before="raise RuntimeError('no compiler for fortran')")
    write_source(served.files, source, "rows")
    index = index_of(served, tmp_path)
    lock = resolve(["rows"], TARGET, index=index)
    with pytest.raises(BuildError, match=r"rows 1\.0 comes as source only") as caught:
        gather(lock, cache=tmp_path / "cache", index=index)
    assert "no compiler for fortran" in str(caught.value)


def test_a_wheel_is_taken_before_the_source(served: PackageIndex, tmp_path: Path) -> None:
    write_source(served.files, with_back_end(tmp_path / "rows", before="raise RuntimeError('built')"), "rows")
    write_wheel(served.files, "rows")
    index = index_of(served, tmp_path)
    lock = resolve(["rows"], TARGET, index=index)
    assert gather(lock, cache=tmp_path / "cache", index=index).origins == {}
