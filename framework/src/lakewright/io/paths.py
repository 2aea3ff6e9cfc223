"""Where a run keeps what: one place for the layout under a target's root.

    <root>/runs/<job>/<run>/<task>[.<index>]/<attempt>/…    files of one attempt
    <root>/runs/<job>/<run>/records/<task>[.<index>].json   its commit record
    <root>/runs/<job>/<run>/values/<task>/<name>.json       task values
    <root>/runs/<job>/<run>/logs/<task>.log                 what the task printed

Plain text paths: volumes and local disks share them, and `pathlib` costs ten milliseconds at import.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from lakewright.errors.running import OutputError


@dataclass(frozen=True, slots=True)
class RunPaths:
    """The folders of one run of one job."""

    root: str
    job: str
    run_id: str

    @property
    def folder(self) -> str:
        """All that the run keeps."""
        return f"{self.root}/runs/{self.job}/{self.run_id}"

    def attempt(self, name: str, attempt: int) -> str:
        """The folder of one attempt of a task (`name` includes the index of a mapped item)."""
        return f"{self.folder}/{name}/{attempt}"

    def record(self, name: str) -> str:
        """The commit record of a task."""
        return f"{self.folder}/records/{name}.json"

    def value(self, name: str, key: str) -> str:
        """One task value."""
        return f"{self.folder}/values/{name}/{key}.json"

    def log(self, name: str) -> str:
        """The log of a task."""
        return f"{self.folder}/logs/{name}.log"


def put(path: str, content: bytes) -> None:
    """Write a small object whole; missing folders are made.

    Raises:
        OutputError: the disk is full, or the place cannot be written.
    """
    try:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120  no pathlib on the worker's path
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            written = os.write(descriptor, content)
            while written < len(content):
                written += os.write(descriptor, content[written:])
        finally:
            os.close(descriptor)
    except OSError as error:
        raise unwritable(path, error) from error


def get(path: str) -> bytes | None:
    """The whole content of a small object; None when it is not there."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  no pathlib on the worker's path
            return file.read()
    except FileNotFoundError:
        return None


def unwritable(path: str, error: OSError) -> OutputError:
    """The error for a place that cannot be written."""
    hint = {
        "ENOSPC": "Free some space, or give the target another root.",
        "EACCES": "Grant the run write access there, or give the target another root.",
        "EROFS": "The disk is read-only: give the target another root.",
    }.get(_errno_name(error), "")
    return OutputError(f"cannot write {path}: {error.strerror or error}", hint=hint)


def _errno_name(error: OSError) -> str:
    import errno

    return errno.errorcode.get(error.errno or 0, "")
