"""`FileIo`: an output at a place of the user's choice, for readers outside of the run."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Final

from lakewright.errors.authoring import SettingError
from lakewright.errors.running import FormatError
from lakewright.io import formats
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.files import disk_error, make_folder, put, unwritable
from lakewright.io.stored import read_stored
from lakewright.model.record import Stored, StoredFile
from lakewright.model.values import is_json

FORMATS: Final = (".parquet", ".json")


@dataclass(frozen=True)
class FileIo(IoManager):
    """One file, overwritten by each run.

    The output is first written whole under the run, and only then copied to `path`: an attempt that fails leaves the
    file of the run before. Tasks of the same run read the run's own copy. A task that is repeated for each element of a
    list keeps a file for each: `carriers.0.parquet`, `carriers.1.parquet` …

    Args:
        path: ends with `.parquet` (frames) or `.json` (JSON types); relative paths lie under the target's root.

    Raises:
        SettingError: the path ends otherwise.

    >>> FileIo("exports/carriers.parquet")
    FileIo(path='exports/carriers.parquet')
    """

    path: str

    def __post_init__(self) -> None:
        if not str(self.path).endswith(FORMATS):
            raise SettingError(f"FileIo({self.path!r}): the path must end with {' or '.join(FORMATS)}")

    def write(self, context: OutputContext, value: object) -> Stored:
        """Write the attempt's file, then the copy for others.

        Raises:
            FormatError: the format of the path cannot hold the value.
            OutputError: a file cannot be written.
        """
        stored = self._parquet(context, value) if str(self.path).endswith(".parquet") else self._json(context, value)
        place = os.path.join(context.target.root, self._place(context.element))  # noqa: PTH118  text paths, as everywhere in io
        _copy(stored.files[0].path, place)
        return stored._replace(files=(*stored.files, StoredFile(place, stored.files[0].size)))

    def _place(self, index: int | None) -> str:
        if index is None:
            return self.path
        stem, dot, suffix = str(self.path).rpartition(".")
        return f"{stem}.{index}{dot}{suffix}"

    def _parquet(self, context: OutputContext, value: object) -> Stored:
        row = formats.frame_type(formats.type_name(type(value)))
        if row is None:
            raise FormatError(
                f"task '{context.task}' returned {type(value).__name__}; {self.path} holds frames",
                hint="Return a frame, or end the path with .json.",
            )
        return formats.engine(row).write(value, f"{context.folder}/data")

    def _json(self, context: OutputContext, value: object) -> Stored:
        if not is_json(value):
            raise FormatError(
                f"{self.path} cannot hold the output of task '{context.task}': it is not made of JSON's own types",
                hint="Return text, numbers, booleans, None, and lists and dicts of them.",
            )
        content = json.dumps(value, indent=2, ensure_ascii=False).encode(errors="surrogatepass")
        file = f"{context.folder}/data.json"
        put(file, content)
        return Stored(format="json", kind=formats.type_name(type(value)), files=(StoredFile(file, len(content)),))

    def read(self, context: InputContext) -> object:
        """The run's own copy."""
        own = context.stored._replace(files=context.stored.files[:1])
        return read_stored(own, context.load, context.annotated)


def _copy(source: str, place: str) -> None:
    # Only outputs for others are copied.
    from shutil import copyfile

    try:
        make_folder(os.path.dirname(place) or ".")  # noqa: PTH120  text paths, as everywhere in io
        copyfile(source, place)
    except OSError as error:
        if (failed := disk_error(place, error.errno)) is not None:
            # Half a file is worse than none: nobody could tell.
            os.unlink(place)  # noqa: PTH108  text paths, as everywhere in io
            raise failed from error
        raise unwritable(place, error) from error
