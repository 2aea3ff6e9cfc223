"""Reading wheelhouses, and which of them a pipeline runs with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.contents import (
    CURRENT,
    FOLDER,
    FORMAT,
    MANIFEST,
    WheelEntry,
    Wheelhouse,
    manifest,
    to_json,
)
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.staging import staged
from lakewright.errors.wheels import WheelhouseError

if TYPE_CHECKING:
    from pathlib import Path

AGAIN: Final = "Build it: `lakewright wheelhouse build PIPELINE`."


def read_wheelhouse(folder: Path) -> Wheelhouse:
    """The wheelhouse in a folder, as its manifest says it; `check_files` tells whether that is true.

    Raises:
        WheelhouseError: there is none.
    """
    file = folder / MANIFEST
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise WheelhouseError(f"{file} has the format {content['format']!r}, not {FORMAT!r}", hint=AGAIN)
        return Wheelhouse(
            path=folder,
            digest=content["digest"],
            target=WheelTarget(content["python"], content["platform"]),
            wheels=tuple(WheelEntry(**each) for each in content["wheels"]),
            notes=tuple(content["notes"]),
        )
    except FileNotFoundError as error:
        raise WheelhouseError(f"{folder} is no wheelhouse: it has no {MANIFEST}", hint=AGAIN) from error
    except (KeyError, TypeError, ValueError) as error:
        raise WheelhouseError(f"{file} is no manifest of a wheelhouse: {error}", hint=AGAIN) from error


def current_wheelhouse(folder: Path) -> Wheelhouse | None:
    """The wheelhouse that a pipeline runs with; None if none was built.

    Args:
        folder: the pipeline's.

    Raises:
        WheelhouseError: what was built is gone or damaged.
    """
    place = folder / FOLDER
    file = place / CURRENT
    if not file.is_file():
        return None
    try:
        digest = str(json.loads(file.read_text(encoding="utf-8"))["digest"])
    except (KeyError, TypeError, ValueError) as error:
        raise WheelhouseError(f"{file} does not say which wheelhouse counts: {error}", hint=AGAIN) from error
    return read_wheelhouse(place / digest)


def set_current(folder: Path, wheelhouse: Wheelhouse, *, inputs: str = "") -> None:
    """Have a pipeline run with a wheelhouse.

    Args:
        folder: the pipeline's.
        wheelhouse: one in its folder of wheelhouses.
        inputs: what it was built from, as a digest.
    """
    place = folder / FOLDER
    content = {**manifest(wheelhouse), "inputs": inputs}
    with staged(place) as scratch:
        made = scratch / CURRENT
        made.write_text(to_json(content), encoding="utf-8")
        made.replace(place / CURRENT)
