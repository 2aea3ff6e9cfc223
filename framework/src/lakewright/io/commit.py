"""Commit records on disk: the one thing that makes an output visible."""

from __future__ import annotations

from lakewright.errors.running import MissingOutputError, OutputError
from lakewright.io.files import check_whole, get, put, remove
from lakewright.model.record import CommitRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.io.paths import RunPaths


def write_record(paths: RunPaths, record: CommitRecord) -> None:
    """Make an attempt's output visible; a later attempt's record replaces an earlier one's.

    Raises:
        OutputError: it cannot be written.
    """
    put(paths.record(record.task), record.to_json().encode())


def read_record(paths: RunPaths, task: str) -> CommitRecord | None:
    """The record of a task; None when there is none, or only a torn one.

    Raises:
        OutputError: a newer release wrote it.
    """
    content = get(paths.record(task))
    if content is None:
        return None
    try:
        return CommitRecord.from_json(content.decode(errors="replace"))
    except ValueError as error:
        hint = "Run with the lakewright that wrote it, or start a new run."
        raise OutputError(f"{paths.record(task)}: {error}", hint=hint) from error


def read_whole(paths: RunPaths, task: str) -> CommitRecord | None:
    """As `read_record`, but None where files below the root are gone or short: a power cut may leave such a record.

    Raises:
        OutputError: a newer release wrote it.
    """
    record = read_record(paths, task)
    if record is None or record.stored is None:
        return record
    try:
        check_whole(file for file in record.stored.all_files if file.path.startswith(f"{paths.root}/runs/"))
    except OutputError:
        return None
    return record


def remove_record(paths: RunPaths, task: str) -> None:
    """Make a task's output invisible, before it is made again."""
    remove(paths.record(task))


def committed(paths: RunPaths, task: str) -> CommitRecord:
    """The record of a task that must have one.

    Raises:
        MissingOutputError: there is none.
    """
    record = read_record(paths, task)
    if record is None:
        raise MissingOutputError(task, run_id=paths.run_id, why=f"looked for {paths.record(task)}")
    return record
