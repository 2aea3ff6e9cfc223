"""The wheelhouse of a run, `wheelhouse.zip`, read as one of a pipeline: to be shown and tried out."""

from __future__ import annotations

import json
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.contents import MANIFEST, Wheelhouse
from lakewright.dependencies.current import from_manifest
from lakewright.dependencies.delivery import WHEELHOUSE
from lakewright.dependencies.manifest import FORMAT
from lakewright.dependencies.opened import opened
from lakewright.dependencies.wheelhouse import assemble
from lakewright.dependencies.zips import BROKEN
from lakewright.errors.wheels import WheelhouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

_AGAIN: Final = "Build it: `lakewright wheelhouse build ARCHIVE --out DIR`."


def find_run_wheelhouse(path: Path) -> Path | None:
    """The zip that a path means: itself, or the one in the folder of a run; None if it means none."""
    file = path / WHEELHOUSE if path.is_dir() else path
    return file if file.is_file() else None


def read_run_wheelhouse(file: Path) -> Wheelhouse:
    """The wheelhouse in a zip, as its manifest says it; `whole` tells whether that is true.

    Raises:
        WheelhouseError: it is damaged, or has no manifest of ours.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            content = json.loads(archive.read(MANIFEST))
    except KeyError as error:
        raise WheelhouseError(f"{file} has no {MANIFEST}", hint=_AGAIN) from error
    except (*BROKEN, ValueError) as error:
        raise WheelhouseError(f"{file} cannot be read: {error}", hint=_AGAIN) from error
    made = from_manifest(content, file, f"the {MANIFEST} of {file}", form=FORMAT)
    return replace(made, notes=tuple(content.get("notes", ())))


@contextmanager
def whole(wheelhouse: Wheelhouse) -> Iterator[Wheelhouse]:
    """A wheelhouse as a folder, as long as the context lasts: what is a zip is taken out and compared.

    Raises:
        WheelError: a wheel is damaged.
        WheelhouseError: its wheels are not those of its manifest.
    """
    if wheelhouse.path.is_dir():
        yield wheelhouse
        return
    with opened(wheelhouse.path) as wheels, TemporaryDirectory(prefix="lakewright-verify-") as place:
        made = assemble(wheels, Path(place), target=wheelhouse.target)
        if made.digest != wheelhouse.digest:
            message = f"the wheels of {wheelhouse.path} are not those that its {MANIFEST} names"
            raise WheelhouseError(message, hint=_AGAIN)
        yield made
