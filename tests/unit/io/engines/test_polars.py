import subprocess
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lakewright.errors.running import OutputError
from lakewright.io.engines import polars as engine

# A limit cannot be given back, so a child sets it.
LIMITED: Final = """
import resource, sys
import polars as pl
from lakewright.errors.running import OutputError
from lakewright.io.engines.polars import write
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
frame = pl.DataFrame({{"a": range(100_000)}})
try:
    {way}, sys.argv[1])
except OutputError as error:
    print(error)
"""

EVERYTHING: Final = pl.DataFrame(
    {
        "int": [1, None],
        "float": [1.5, float("nan")],
        "text": ["ü", None],
        "bool": [True, None],
        "at": [datetime(2013, 1, 1, tzinfo=timezone.utc), None],
        "for": [timedelta(minutes=5), None],
        "price": [Decimal("1.10"), None],
        "kind": pl.Series(["a", None], dtype=pl.Categorical),
        "list": [[1, 2], None],
        "struct": [{"x": 1, "y": "a"}, None],
        "bytes": [b"\x00", None],
        "u8": pl.Series([1, None], dtype=pl.UInt8),
        "nothing": [None, None],
    }
)


def test_every_type_of_column_comes_back(tmp_path: Path) -> None:
    back = engine.read(engine.write(EVERYTHING, f"{tmp_path}/a"), engine.EAGER)
    assert_frame_equal(back.lazy().collect(), EVERYTHING)


@pytest.mark.parametrize("frame", [EVERYTHING, EVERYTHING.lazy(), pl.DataFrame(), pl.DataFrame({"a": []}).lazy()])
def test_what_was_written_is_told(tmp_path: Path, frame: pl.DataFrame | pl.LazyFrame) -> None:
    stored = engine.write(frame, f"{tmp_path}/deep/er/a")
    (file,) = stored.files
    assert file.path == f"{tmp_path}/deep/er/a.parquet"
    assert Path(file.path).stat().st_size == file.size
    eager = frame.lazy().collect()
    assert stored.rows == eager.height
    assert stored.schema == tuple((name, str(kind)) for name, kind in eager.schema.items())
    assert stored.kind == (engine.LAZY if isinstance(frame, pl.LazyFrame) else engine.EAGER)


def test_a_lazy_frame_is_computed_once_when_it_is_written(tmp_path: Path) -> None:
    computed: list[int] = []

    def counted(frame: pl.DataFrame) -> pl.DataFrame:
        computed.append(1)
        return frame

    lazy = pl.LazyFrame({"a": [1]}).map_batches(counted)
    stored = engine.write(lazy, f"{tmp_path}/a")
    for _ in range(2):
        engine.read(stored, engine.LAZY).lazy().collect()
    assert computed == [1]


def test_an_error_inside_a_lazy_frame_is_its_own(tmp_path: Path) -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="dep_tiem"):
        engine.write(pl.LazyFrame({"a": [1]}).select("dep_tiem"), f"{tmp_path}/a")


def test_a_lazy_frame_whose_source_is_gone_is_no_error_of_the_place(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone.parquet"):
        engine.write(pl.scan_parquet(tmp_path / "gone.parquet"), f"{tmp_path}/a")


def test_a_file_that_is_gone_is_an_error_also_for_a_lazy_reader(tmp_path: Path) -> None:
    stored = engine.write(EVERYTHING, f"{tmp_path}/a")
    Path(stored.files[0].path).unlink()
    with pytest.raises(OutputError, match=r"a.parquet is gone"):
        engine.read(stored, engine.LAZY)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").mkdir()
    for frame in (EVERYTHING, EVERYTHING.lazy()):
        with pytest.raises(OutputError, match=rf"cannot write {tmp_path}/a.parquet: "):
            engine.write(frame, f"{tmp_path}/a")


@pytest.mark.parametrize("way", ["write(frame", "write(frame.lazy()"])
def test_a_disk_that_takes_no_more_is_named_with_the_way_out(tmp_path: Path, way: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED.format(way=way), f"{tmp_path}/a"], capture_output=True, text=True, check=True
    )
    assert (
        done.stdout
        == f"cannot write {tmp_path}/a.parquet: File too large\n  Free some space, or give the target another root.\n"
    )


def test_frames_in_memory_change_their_type() -> None:
    assert isinstance(engine.convert(EVERYTHING, engine.LAZY), pl.LazyFrame)
    assert isinstance(engine.convert(EVERYTHING.lazy(), engine.EAGER), pl.DataFrame)
    copy = engine.convert(EVERYTHING, engine.EAGER)
    assert copy is not EVERYTHING
    assert_frame_equal(copy.lazy().collect(), EVERYTHING)
