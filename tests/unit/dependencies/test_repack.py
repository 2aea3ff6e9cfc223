import zipfile
from pathlib import Path

import pytest

from lakewright.dependencies.repack import repack
from lakewright.dependencies.wheel import check_contents, read_wheel
from tests.wheel_files import write_wheel


def again(wheel: Path, out: Path, *, generator: str = "other 2.0") -> Path:
    """The same wheel as another tool on another day writes it: other order, times, compression and header."""
    out.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(out / wheel.name, "w") as target:
        for name in reversed(source.namelist()):
            content = source.read(name).replace(b"Generator: tests", f"Generator: {generator}".encode())
            info = zipfile.ZipInfo(name, (2026, 11, 30, 12, 0, 0))
            target.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return out / wheel.name


def repacked(wheel: Path, out: Path, *, local: bool = False) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    return repack(read_wheel(wheel), out, local=local)


@pytest.mark.parametrize("local", [True, False])
def test_equal_content_is_equal_bytes_whatever_built_it(tmp_path: Path, *, local: bool) -> None:
    one = write_wheel(tmp_path / "one", "rows", files={"rows/b.py": "B = 1\n", "rows/a.py": "A = 1\n"})
    first = repacked(one, tmp_path / "first", local=local)
    second = repacked(again(one, tmp_path / "two"), tmp_path / "second", local=local)
    assert (first.name, first.read_bytes()) == (second.name, second.read_bytes())


def test_other_content_is_another_version_where_the_version_tells_the_content(tmp_path: Path) -> None:
    wheels = [write_wheel(tmp_path / text, "rows", files={"rows.py": f"A = {text}\n"}) for text in "12"]
    made = [read_wheel(repacked(wheel, tmp_path / "out", local=True)) for wheel in wheels]
    assert len({wheel.version for wheel in made}) == 2
    for wheel in made:
        assert wheel.version.startswith("1.0+c")
        assert f"-{wheel.version}-" in wheel.filename
        check_contents(wheel)


def test_a_version_that_told_its_content_before_is_not_told_twice(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path / "one", "rows")
    first = repacked(wheel, tmp_path / "first", local=True)
    assert repacked(first, tmp_path / "second", local=True).name.count("+") == 1


def test_a_program_stays_one_and_the_text_below_the_headers_as_it_is(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path / "one", "rows", files={"rows-1.0.data/scripts/go": "#!python\n"})
    script = zipfile.ZipInfo("rows/run.sh", (2026, 1, 1, 0, 0, 0))
    script.external_attr = 0o100755 << 16
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(script, "#!/bin/sh\n")
    made = repacked(wheel, tmp_path / "out")
    with zipfile.ZipFile(made) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        (metadata,) = (name for name in modes if name.endswith("METADATA"))
        assert archive.read(metadata).endswith(b"\n\nA package.\n")
    assert [name for name, mode in modes.items() if mode & 0o111] == ["rows/run.sh"]
