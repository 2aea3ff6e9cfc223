"""polars frames as Parquet."""

from __future__ import annotations

import os

import polars as pl

from lakewright.errors.running import OutputError
from lakewright.io.paths import unwritable
from lakewright.model.record import Stored, StoredFile


def write(value: object, path: str) -> Stored:
    """Write a frame to `path`.parquet; a LazyFrame is computed here, in streaming fashion.

    Raises:
        OutputError: the file cannot be written.
    """
    file = f"{path}.parquet"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120  text paths, as everywhere in io
        if isinstance(value, pl.LazyFrame):
            value.sink_parquet(file)
            schema, rows = pl.read_parquet_schema(file), _rows(file)
        else:
            assert isinstance(value, pl.DataFrame)  # noqa: S101  formats.FRAMES names these two
            value.write_parquet(file)
            schema, rows = dict(value.schema), value.height
        size = os.stat(file).st_size  # noqa: PTH116  text paths, as everywhere in io
    except OSError as error:
        raise unwritable(file, error) from error
    return Stored(
        format="parquet",
        kind="polars.LazyFrame" if isinstance(value, pl.LazyFrame) else "polars.DataFrame",
        files=(StoredFile(file, size),),
        rows=rows,
        schema=tuple((name, str(kind)) for name, kind in schema.items()),
    )


def _rows(file: str) -> int:
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())


def read(stored: Stored, kind: str) -> object:
    """The frame that `write` kept.

    Raises:
        OutputError: a file is gone.
    """
    paths = [file.path for file in stored.files]
    missing = next((path for path in paths if not os.path.exists(path)), None)  # noqa: PTH110  text paths, as everywhere in io
    if missing:
        raise OutputError(
            f"the output file {missing} is gone although its commit record names it",
            hint="Run the upstream task again.",
        )
    if kind == "polars.LazyFrame":
        return pl.scan_parquet(paths)
    return pl.read_parquet(paths)


def convert(value: object, kind: str) -> object:
    """A DataFrame as it is, or lazily."""
    assert isinstance(value, pl.DataFrame)  # noqa: S101  only immutable frames are passed on in memory
    return value.lazy() if kind == "polars.LazyFrame" else value
