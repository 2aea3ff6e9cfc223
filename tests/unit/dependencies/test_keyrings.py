"""The program `keyring`, with a keyring in a file of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lakewright.dependencies.fetch import fetch
from lakewright.dependencies.index import Index
from lakewright.dependencies.keyrings import of_keyring
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.resolve import resolve
from tests.made_wheels import write_zip
from tests.wheel_files import PackageIndex, package_index, write_wheel

SECRET = "s3cret-of-the-keyring"  # noqa: S105  of these tests' own server
PROGRAMS = Path(sys.executable).parent


@pytest.fixture
def served(tmp_path: Path) -> Iterator[PackageIndex]:
    write_wheel(tmp_path / "files", "rows")
    write_wheel(tmp_path / "files", "sales", requires=["rows"])
    with package_index(tmp_path / "files") as index:
        index.password = SECRET
        yield index


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "UV_CACHE_DIR": str(tmp_path / "uv"),
        "LAKEWRIGHT_CACHE": str(tmp_path / "cache"),
        "UV_KEYRING_PROVIDER": "subprocess",
    }


def keep(service: str, password: str, environment: Mapping[str, str]) -> None:
    command = [str(PROGRAMS / "keyring"), "set", service, "me"]
    subprocess.run(command, input=password, env=environment, text=True, check=True, capture_output=True)


def signing_in(served: PackageIndex) -> str:
    return served.url.replace("//", "//me@")


@pytest.mark.parametrize("service", ["http://{}/simple", "{}"])
def test_files_are_fetched_with_what_the_keyring_has(
    served: PackageIndex, environment: Mapping[str, str], tmp_path: Path, *, service: str
) -> None:
    keep(service.format(served.url.split("/")[2]), SECRET, environment)
    index = Index(urls=(signing_in(served),), environment=environment)
    lock = resolve(["sales"], WheelTarget("3.12"), index=index)
    assert len(fetch(lock.files, cache=tmp_path / "cache", index=index)) == 2
    assert SECRET not in lock.text + repr(index)


def test_a_keyring_is_asked_only_where_uv_is_told_to(served: PackageIndex, environment: Mapping[str, str]) -> None:
    keep(served.url, SECRET, environment)
    index = Index(urls=(signing_in(served),), environment=environment)
    assert of_keyring(index, f"{served.url}/rows.whl") == ("me", SECRET)
    untold = Index(urls=index.urls, environment={**environment, "UV_KEYRING_PROVIDER": "disabled"})
    assert of_keyring(untold, f"{served.url}/rows.whl") is None
    assert of_keyring(index, "http://elsewhere.example/rows.whl") is None


@pytest.mark.parametrize("accepted", [True, False])
def test_a_build_prints_no_password_of_the_keyring(
    served: PackageIndex, environment: Mapping[str, str], tmp_path: Path, *, accepted: bool
) -> None:
    keep(served.url, SECRET, environment)
    served.password = SECRET if accepted else "another"
    given = write_zip(tmp_path / "libs.zip", {"requirements.txt": "sales\n"})
    command = [str(PROGRAMS / "lakewright"), "wheelhouse", "build", str(given), "--out", str(tmp_path / "built")]
    variables = {**environment, "UV_DEFAULT_INDEX": signing_in(served)}
    ended = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert (ended.returncode == 0) is accepted, ended.stderr
    assert SECRET not in ended.stdout + ended.stderr
    made = [path.read_bytes() for path in (tmp_path / "built").rglob("*") if path.is_file()]
    assert bool(made) is accepted
    assert all(SECRET.encode() not in content for content in made)
