"""Files as runs need them: written whole or not at all, read whole; errors in the package's own words."""

from __future__ import annotations

import os
from typing import Final

from lakewright.errors.running import OutputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from lakewright.model.record import StoredFile

_OTHER_ROOT: Final = "or give the target another root."
_WAYS_OUT: Final = {
    "ENOSPC": f"Free some space, {_OTHER_ROOT}",
    "EDQUOT": f"Free some space, {_OTHER_ROOT}",
    "EFBIG": f"Free some space, {_OTHER_ROOT}",
    "EACCES": f"Grant the run write access there, {_OTHER_ROOT}",
    "EPERM": f"Grant the run write access there, {_OTHER_ROOT}",
    "EROFS": "The disk is read-only: give the target another root.",
    "ENOTDIR": f"A file stands where a folder is needed: move it, {_OTHER_ROOT}",
    "EEXIST": f"A file stands where a folder is needed: move it, {_OTHER_ROOT}",
    "EISDIR": f"A folder stands where a file is needed: move it, {_OTHER_ROOT}",
}


def put(path: str, content: bytes) -> None:
    """Write a small file; missing folders are made, and a file that cannot be written whole is removed.

    Raises:
        OutputError: the disk is full, or the place cannot be written.
    """
    try:
        descriptor = _opened(path)
        try:
            _write(descriptor, content)
        except BaseException:
            _remove_part(path)
            raise
        finally:
            os.close(descriptor)
    except OSError as error:
        raise unwritable(path, error) from error


def _opened(path: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        return os.open(path, flags, 0o644)
    except FileNotFoundError:
        make_folder(os.path.dirname(path))  # noqa: PTH120  text paths, as everywhere in io
        return os.open(path, flags, 0o644)


def _remove_part(path: str) -> None:
    """Remove a file that is not whole; a pipe or a device is no file of ours, and root could remove it."""
    # Only errors need it.
    from stat import S_ISLNK, S_ISREG

    mode = os.lstat(path).st_mode
    if S_ISREG(mode) or S_ISLNK(mode):
        os.unlink(path)  # noqa: PTH108  text paths, as everywhere in io


def _write(descriptor: int, content: bytes) -> None:
    written = os.write(descriptor, content)
    while written < len(content):
        written += os.write(descriptor, content[written:])


def get(path: str) -> bytes | None:
    """The whole content of a small file; None when it is not there."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  text paths, as everywhere in io
            return file.read()
    except FileNotFoundError:
        return None


def make_folder(path: str) -> None:
    """A folder, with those above it."""
    os.makedirs(path, exist_ok=True)  # noqa: PTH103  text paths, as everywhere in io


def remove(path: str) -> None:
    """Remove a file; nothing happens when it is not there.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        os.unlink(path)  # noqa: PTH108  text paths, as everywhere in io
    except FileNotFoundError:
        return
    except OSError as error:
        raise unwritable(path, error) from error


def remove_folder(path: str) -> None:
    """Remove a folder and all below it, as far as that can be done."""
    # Only what went wrong is removed.
    from shutil import rmtree

    rmtree(path, ignore_errors=True)


def size_of(path: str) -> int:
    """The size of a file in bytes."""
    return os.stat(path).st_size  # noqa: PTH116  text paths, as everywhere in io


def check_whole(files: Iterable[StoredFile]) -> None:
    """Raise unless the files are there as their commit record names them.

    Raises:
        OutputError: a file is gone, or not the one that was committed.
    """
    for file in files:
        try:
            found: int | None = size_of(file.path)
        except FileNotFoundError:
            found = None
        if found != file.size:
            state = "is gone" if found is None else f"has {found:,} bytes in place of {file.size:,}"
            raise OutputError(
                f"the output file {file.path} {state} although its commit record names it",
                hint="Run the upstream task again.",
            )


def disk_error(path: str, number: int | None) -> OutputError | None:
    """The error for a disk that takes no more, by the system's number; None for what reading can meet too."""
    from errno import EDQUOT, EFBIG, ENOSPC, EROFS

    if number not in {EDQUOT, EFBIG, ENOSPC, EROFS}:
        return None
    return unwritable(path, OSError(number, os.strerror(number)))


def unwritable(path: str, error: OSError) -> OutputError:
    """The error for a place that cannot be written."""
    # Only errors need their names.
    from errno import errorcode

    hint = _WAYS_OUT.get(errorcode.get(error.errno or 0, ""), "")
    return OutputError(f"cannot write {path}: {error.strerror or error}", hint=hint)
