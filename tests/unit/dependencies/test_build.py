import os
import ssl
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.dependencies.build import build_wheel
from lakewright.dependencies.gather import gather
from lakewright.dependencies.hashing import sha256_of
from lakewright.dependencies.index import Index
from lakewright.dependencies.lock import Lock, LockedFile
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.resolve import resolve
from lakewright.dependencies.wheel import check_contents, read_wheel
from lakewright.errors.wheels import BuildError, NativeSourceError, OtherPackageError
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
    name = "{name}-{version}-{tag}.whl"
    info = "{name}-{version}.dist-info"
    files = {{
        "{name}/__init__.py": "",
        info + "/METADATA": "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
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


def with_back_end(
    folder: Path, *, tag: str = "py3-none-any", before: str = "pass", name: str = "rows", version: str = "1.0"
) -> Path:
    text = BACK_END.format(tag=tag, before=before, name=name, version=version)
    about = OWN_BACK_END.format(name=name).replace("1.0", version)
    return write(folder, {"pyproject.toml": about, "backend.py": text})


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


def offered_as_rows(served: PackageIndex, file: Path) -> LockedFile:
    url = served.url.replace("simple", f"files/{file.name}")
    return LockedFile(package="rows", version="1.0", url=url, sha256=sha256_of(file))


@pytest.mark.parametrize("inside", ["evil 1.0", "rows 2.0"])
@pytest.mark.parametrize("is_renamed", [True, False])
def test_what_is_built_from_source_is_the_package_that_was_resolved(
    served: PackageIndex, tmp_path: Path, inside: str, *, is_renamed: bool
) -> None:
    """Whoever runs an index can offer as one package what installs itself as another; uv sees it where names differ."""
    name, version = inside.split()
    source = with_back_end(tmp_path / "rows", name=name, version=version)
    offered = write_source(served.files, source, name, version=version)
    if is_renamed:
        offered = offered.rename(served.files / "rows-1.0.tar.gz")
    lock = Lock(target=TARGET, files=(offered_as_rows(served, offered),))
    error, said = (
        (BuildError, r"rows 1\.0 comes as source only(.|\n)*the wheel declares \w+ (evil|2\.0)")
        if is_renamed
        else (OtherPackageError, rf"^{inside}, built from {offered.name}, is not what was resolved: rows 1\.0")
    )
    with pytest.raises(error, match=said):
        gather(lock, cache=tmp_path / "cache", index=index_of(served, tmp_path))
    assert not list((tmp_path / "cache").rglob("*.whl"))


def test_a_wheel_under_the_name_of_another_package_is_refused(served: PackageIndex, tmp_path: Path) -> None:
    lock = Lock(target=TARGET, files=(offered_as_rows(served, write_wheel(served.files, "evil")),))
    with pytest.raises(OtherPackageError, match=r"^evil 1\.0 is not what was resolved: rows 1\.0"):
        gather(lock, cache=tmp_path / "cache", index=index_of(served, tmp_path))


def test_the_code_of_a_source_sees_no_token_of_this_process(served: PackageIndex, tmp_path: Path) -> None:
    """Neither when it is built, nor before, when it is asked what it depends on: of itself it tells nothing."""
    seen = tmp_path / "seen"
    told = f"import os; open({str(seen)!r}, 'a').write(''.join(f'{{n}}={{v}}\\n' for n, v in os.environ.items()))"
    source = with_back_end(tmp_path / "rows", before=told)
    (source / "pyproject.toml").write_text(OWN_BACK_END[OWN_BACK_END.index("[build-system]") :], encoding="utf-8")
    write_source(served.files, source, "rows", metadata_version="2.1")
    secrets = {"DATABRICKS_TOKEN": "hidden", "AWS_SECRET_ACCESS_KEY": "hidden", "UV_PUBLISH_TOKEN": "hidden"}
    needed = {"SSL_CERT_FILE": ssl.get_default_verify_paths().cafile or "", "NO_PROXY": "127.0.0.1"}
    environment = {**os.environ, "UV_CACHE_DIR": str(tmp_path / "uv"), **secrets, **needed}
    index = Index(urls=(served.url,), environment=environment)
    lock = resolve(["rows"], TARGET, index=index)
    asked = seen.read_text(encoding="utf-8")
    gather(lock, cache=tmp_path / "cache", index=index)
    built = seen.read_text(encoding="utf-8").removeprefix(asked)
    for variables in (asked, built):
        assert "hidden" not in variables
        assert "NO_PROXY=127.0.0.1\n" in variables
        assert "PATH=" in variables


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
