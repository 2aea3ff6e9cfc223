import zipfile
from pathlib import Path

import pytest

from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.wheel import check_contents, check_target, read_wheel
from lakewright.errors.dependencies import RequiresPythonError
from lakewright.errors.wheels import WheelError, WheelTargetError
from tests.wheel_files import damage_deflated, write_wheel


def test_a_wheel_says_what_it_is(tmp_path: Path) -> None:
    files = {"sales/__init__.py": "", "sales/rows.py": "", "_native.abi3.so": "", "sales-1.0.data/purelib/extra.py": ""}
    made = write_wheel(tmp_path, "sales", files=files, requires=["six>=1.16"], requires_python=">=3.10")
    wheel = read_wheel(made)
    assert (wheel.name, wheel.version, wheel.is_pure) == ("sales", "1.0", True)
    assert wheel.modules == ("_native", "extra", "sales")
    assert wheel.requires == ("six>=1.16",)
    check_contents(wheel)


@pytest.mark.parametrize(
    ("said", "problem"), [({"said_name": "other"}, "other 1.0"), ({"said_version": "2"}, "sales 2")]
)
def test_a_name_that_is_not_the_metadatas_is_refused(tmp_path: Path, said: dict[str, str], problem: str) -> None:
    made = write_wheel(tmp_path, "sales", **said)  # type: ignore[arg-type]  # names and texts of its keywords
    with pytest.raises(WheelError, match=f"metadata says {problem}"):
        read_wheel(made)


def test_a_renamed_wheel_is_refused(tmp_path: Path) -> None:
    made = write_wheel(tmp_path, "sales", tag="cp312-cp312-win_amd64")
    renamed = made.rename(tmp_path / "sales-1.0-py3-none-any.whl")
    with pytest.raises(WheelError, match="cp312-cp312-win_amd64, its name says otherwise"):
        read_wheel(renamed)


@pytest.mark.parametrize("name", ["sales.whl", "sales-1.0.whl", "sales-one-py3-none-any.whl"])
def test_a_name_that_is_no_wheels_is_refused(tmp_path: Path, name: str) -> None:
    made = write_wheel(tmp_path, "sales").rename(tmp_path / name)
    with pytest.raises(WheelError, match="no name of a wheel"):
        read_wheel(made)


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    made = write_wheel(tmp_path, "sales")
    made.write_bytes(made.read_bytes()[:-30])
    with pytest.raises(WheelError, match="cannot be read"):
        read_wheel(made)


def test_a_zip_without_metadata_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "sales-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("sales.py", "")
    with pytest.raises(WheelError, match="no folder of metadata"):
        read_wheel(made)


def test_a_file_that_is_not_as_recorded_is_refused(tmp_path: Path) -> None:
    made = write_wheel(tmp_path, "sales")
    content = made.read_bytes()
    assert b"VERSION = '1.0'" in content
    changed = tmp_path / "changed" / made.name
    changed.parent.mkdir()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(entry, b"import os" if entry.filename == "sales/__init__.py" else text)
    with pytest.raises(WheelError, match=r"'sales/__init__\.py' is not what its record says"):
        check_contents(read_wheel(changed))


def test_an_entry_that_leads_out_of_the_wheel_is_refused(tmp_path: Path) -> None:
    made = write_wheel(tmp_path, "sales", files={"../../evil.py": ""})
    with pytest.raises(WheelError, match="leads out of the wheel"):
        check_contents(read_wheel(made))


def test_a_record_without_hashes_is_taken(tmp_path: Path) -> None:
    made = write_wheel(tmp_path, "sales")
    bare = tmp_path / "bare" / made.name
    bare.parent.mkdir()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(bare, "w") as new:
        for entry in old.infolist():
            listing = entry.filename.endswith("/RECORD")
            new.writestr(entry, "sales/__init__.py,,\n" if listing else old.read(entry))
    check_contents(read_wheel(bare))


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("RECORD", "sales/__init__.py,sha256=a,1\n", "is not what its record says"),
        ("RECORD", "sales/__init__.py,sha256=\u00e9,1\n", "is not what its record says"),
        ("RECORD", f"{'a' * 200_000},,\n", "cannot be read: field larger than field limit"),
        ("WHEEL", "Tag: py3\n", "its tags cannot be read: "),
        ("WHEEL", f"Tag: {'.'.join(['py3'] * 500)}-{'.'.join(['none'] * 500)}-{'.'.join(['any'] * 500)}\n", "its tags"),
    ],
)
def test_metadata_that_cannot_be_understood_is_refused(tmp_path: Path, file: str, content: str, *, says: str) -> None:
    made = write_wheel(tmp_path, "sales")
    changed = tmp_path / "changed" / made.name
    changed.parent.mkdir()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, content if entry.filename.endswith(f"/{file}") else old.read(entry))
    with pytest.raises(WheelError, match=says):
        check_contents(read_wheel(changed))


def test_metadata_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, "rows", licence="MIT" * (2 << 20))
    with pytest.raises(
        WheelError, match=r"it cannot be read: rows-1.0.dist-info/METADATA has more than 4,194,304 bytes"
    ):
        read_wheel(wheel)


def test_metadata_that_cannot_be_unpacked_is_refused(tmp_path: Path) -> None:
    made = write_wheel(tmp_path, "sales")
    damaged = damage_deflated(made, tmp_path / "damaged" / made.name)
    with pytest.raises(WheelError, match="cannot be read"):
        read_wheel(damaged)


@pytest.mark.parametrize(
    "tag", ["cp311-cp311-manylinux2014_x86_64", "cp312-cp312-win_amd64", "cp312-cp312-manylinux2014_aarch64"]
)
def test_a_wheel_for_another_python_or_machine_is_refused(tmp_path: Path, tag: str) -> None:
    wheel = read_wheel(write_wheel(tmp_path, "sales", tag=tag))
    with pytest.raises(WheelTargetError, match=f"{tag}, the target is Python 3.12 on Linux x86_64"):
        check_target(wheel, WheelTarget("3.12"))


def test_a_wheel_that_excludes_the_python_is_refused_with_both_versions(tmp_path: Path) -> None:
    wheel = read_wheel(write_wheel(tmp_path, "sales", requires_python=">=3.13"))
    with pytest.raises(RequiresPythonError, match=r"'sales==1\.0' needs Python >=3\.13, the target has 3\.10"):
        check_target(wheel, WheelTarget("3.10"))


def test_a_wheel_that_needs_some_patch_release_is_taken(tmp_path: Path) -> None:
    check_target(read_wheel(write_wheel(tmp_path, "sales", requires_python=">=3.12.3,!=3.12.5")), WheelTarget("3.12"))
