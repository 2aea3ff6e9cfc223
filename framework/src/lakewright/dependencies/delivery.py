"""The result of a run, put to its place: one archive of wheels, and last the manifest that says it is whole."""

from __future__ import annotations

import shutil
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from lakewright.dependencies.contents import MANIFEST
from lakewright.dependencies.wheel_file import add_entry
from lakewright.errors.dependencies import DeliveryError, OutputExistsError, RunIdError
from lakewright.model.names import run_id_problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WHEELHOUSE: Final = "wheelhouse.zip"


def checked_run_id(run_id: str | None) -> str:
    """The id of a run, which becomes the name of its folder; a new one if there is none.

    Raises:
        RunIdError: it would be more than the name of one folder.
    """
    if run_id is None:
        return str(uuid4())
    problem = run_id_problem(run_id)
    if problem:
        raise RunIdError(run_id, problem)
    return run_id


def pack(wheels: Iterable[Path], manifest: str, place: Path) -> Path:
    """An archive with the wheels at its root, by name, and the manifest behind them; equal content is equal bytes."""
    made = place / WHEELHOUSE
    with zipfile.ZipFile(made, "x", zipfile.ZIP_STORED) as archive:
        for wheel in sorted(wheels, key=lambda each: each.name):
            add_entry(archive, wheel.name, wheel)
        add_entry(archive, MANIFEST, manifest.encode())
    return made


def check_free(folder: Path) -> None:
    """Nothing, if a run's folder is not there yet.

    Raises:
        OutputExistsError: it is.
    """
    if folder.exists():
        raise OutputExistsError(str(folder))


def deliver(archive: Path, manifest: str, folder: Path) -> Path:
    """The archive in a run's folder, which nobody else has; the manifest comes beside it when the archive is whole.

    Raises:
        OutputExistsError: another process has made the folder.
        DeliveryError: it cannot be written; nothing is left of it.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except FileExistsError as error:
        if folder.is_dir():
            raise OutputExistsError(str(folder)) from error
        raise DeliveryError(str(folder), error) from error
    except OSError as error:
        raise DeliveryError(str(folder), error) from error
    try:
        shutil.copyfile(archive, folder / WHEELHOUSE)
        (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    except BaseException as error:
        with suppress(OSError):
            shutil.rmtree(folder)
        if isinstance(error, OSError):
            raise DeliveryError(str(folder), error) from error
        raise
    return folder / WHEELHOUSE
