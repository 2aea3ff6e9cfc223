"""polars frames as Parquet."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

import polars as pl

from lakewright.io.files import check_whole, disk_error, put, size_of
from lakewright.model.record import Stored, StoredFile

Frame: TypeAlias = pl.DataFrame | pl.LazyFrame

LAZY: Final = "polars.LazyFrame"
EAGER: Final = "polars.DataFrame"

# polars words errors of the disk in its own exceptions.
_SYSTEM_ERROR: Final = re.compile(r"\(os error (\d+)\)")


def write(value: Frame, path: str) -> Stored:
    """Write a frame to `path`.parquet; a LazyFrame is computed here, in streaming fashion.

    Raises:
        OutputError: the file cannot be written.
    """
    file = f"{path}.parquet"
    # A place that cannot be written is found out here: behind it, an error is the disk's or the frame's own.
    put(file, b"")
    try:
        rows, schema = _sunk(value, file) if isinstance(value, pl.LazyFrame) else _written(value, file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise disk_error(file, _number(error)) or error from error
    return Stored(
        format="parquet",
        kind=LAZY if isinstance(value, pl.LazyFrame) else EAGER,
        files=(StoredFile(file, size_of(file)),),
        rows=rows,
        schema=tuple((name, str(kind)) for name, kind in schema.items()),
    )


def _number(error: Exception) -> int | None:
    """The system's number of an error."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    found = _SYSTEM_ERROR.search(str(error))
    return int(found[1]) if found else None


def _sunk(frame: pl.LazyFrame, file: str) -> tuple[int, pl.Schema]:
    frame.sink_parquet(file)
    kept = pl.scan_parquet(file)
    return int(kept.select(pl.len()).collect().item()), kept.collect_schema()


def _written(frame: pl.DataFrame, file: str) -> tuple[int, pl.Schema]:
    frame.write_parquet(file)
    return frame.height, frame.schema


def read(stored: Stored, kind: str) -> Frame:
    """The frame that `write` kept.

    Raises:
        OutputError: a file is gone.
    """
    check_whole(stored.files)
    paths = [file.path for file in stored.files]
    return pl.scan_parquet(paths) if kind == LAZY else pl.read_parquet(paths)


def convert(value: Frame, kind: str) -> Frame:
    """A frame in memory as the other type, or a frame of its own: polars can change one in place."""
    if isinstance(value, pl.LazyFrame):
        return value.collect() if kind == EAGER else value
    return value.lazy() if kind == LAZY else value.clone()
