"""Frames in places that are no outputs of tasks: object stores, volumes, folders."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import polars as pl

from lakewright.errors.project import MissingExtraError
from lakewright.errors.running import OutputError
from lakewright.io.files import make_folder, unwritable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.model.storage import Storage


class Format(NamedTuple):
    """How a format is read and written.

    Attributes:
        read: a frame from an address, with options of the store's client.
        write: a frame to one.
        package: what must be installed for it beside polars, which is also the name of our extra for it.
        only_files: whether it is read and written as a whole, which only files of this machine can be.
    """

    read: Callable[..., pl.LazyFrame]
    write: Callable[..., object]
    package: str = ""
    only_files: bool = False


def _write_delta(frame: pl.LazyFrame, uri: str, *, storage_options: dict[str, str] | None) -> None:
    frame.collect().write_delta(uri, mode="overwrite", storage_options=storage_options)


def _read_json(path: str, **_: object) -> pl.LazyFrame:
    return pl.read_json(path).lazy()


def _write_json(frame: pl.LazyFrame, path: str, **_: object) -> None:
    frame.collect().write_json(path)


FORMATS: Final[Mapping[str, Format]] = {
    "parquet": Format(pl.scan_parquet, pl.LazyFrame.sink_parquet),
    "csv": Format(pl.scan_csv, pl.LazyFrame.sink_csv),
    "ndjson": Format(pl.scan_ndjson, pl.LazyFrame.sink_ndjson),
    "json": Format(_read_json, _write_json, only_files=True),
    "delta": Format(pl.scan_delta, _write_delta, package="deltalake"),
}


def scan(storage: Storage, uri: str) -> pl.LazyFrame:
    """The frame that lies in a storage.

    Args:
        storage: its format and options.
        uri: its address on the target.

    Raises:
        MissingExtraError: the format needs a package that is not installed.
        OutputError: the format cannot be read from there.
    """
    return _usable(storage.format, uri).read(uri, storage_options=_given(storage.options))


def write(frame: object, storage: Storage, uri: str) -> None:
    """Write a frame, in place of what is there.

    Args:
        frame: a polars frame; a LazyFrame is computed in streaming fashion.
        storage: its format and options.
        uri: its address on the target.

    Raises:
        MissingExtraError: the format needs a package that is not installed.
        OutputError: it is no frame, or the place cannot be written.
    """
    if not isinstance(frame, (pl.DataFrame, pl.LazyFrame)):
        kind = type(frame).__name__
        raise OutputError(f"a bucket takes polars frames, not {kind}", hint="Make it one: polars.DataFrame(…).")
    usable = _usable(storage.format, uri)
    try:
        if _is_file(uri):
            make_folder(os.path.dirname(uri))  # noqa: PTH120  text paths, as everywhere in io
        usable.write(frame.lazy(), uri, storage_options=_given(storage.options))
    except OSError as error:
        raise unwritable(uri, error) from error


def _usable(name: str, uri: str) -> Format:
    found = FORMATS[name]
    if found.package and find_spec(found.package) is None:
        raise MissingExtraError(found.package, extra=name, purpose=f"the format '{name}' of {uri}")
    if found.only_files and not _is_file(uri):
        message = f"'{name}' is read and written as a whole, which {uri} cannot be"
        raise OutputError(message, hint="Take ndjson, with one object a line: it is read in parts.")
    return found


def _is_file(uri: str) -> bool:
    return "://" not in uri


def _given(options: Mapping[str, str]) -> dict[str, Any] | None:
    # Without options polars looks for credentials by itself.
    return dict(options) or None
