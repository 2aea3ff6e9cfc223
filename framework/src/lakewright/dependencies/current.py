"""Reading wheelhouses, and which of them a pipeline runs with."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
    from collections.abc import Mapping
    from pathlib import Path

AGAIN: Final = "Build it: `lakewright wheelhouse build PIPELINE`."


class BuiltFrom(NamedTuple):
    """What a wheelhouse was built from.

    Attributes:
        inputs: the digest of the lock, of the sources and of the facts.
        projects: folders whose wheels were built, relative to the repository.
        facts: what was asked of the build.
    """

    inputs: str
    projects: tuple[str, ...]
    facts: tuple[str, ...]


def read_wheelhouse(folder: Path) -> Wheelhouse:
    """The wheelhouse in a folder, as its manifest says it; `check_files` tells whether that is true.

    Raises:
        WheelhouseError: there is none.
    """
    file = folder / MANIFEST
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WheelhouseError(f"{folder} is no wheelhouse: it has no {MANIFEST}", hint=AGAIN) from error
    except ValueError as error:
        raise WheelhouseError(f"{file} is no manifest of a wheelhouse: {error}", hint=AGAIN) from error
    return from_manifest(content, folder, str(file), form=FORMAT)


def from_manifest(content: Mapping[str, Any], place: Path, file: str, *, form: str) -> Wheelhouse:
    """The wheelhouse that a manifest describes.

    Args:
        content: of the manifest.
        place: where the wheelhouse is.
        file: what the manifest is called in errors.
        form: the format that it must have.

    Raises:
        WheelhouseError: it is no such manifest.
    """
    try:
        if content["format"] != form:
            raise WheelhouseError(f"{file} has the format {content['format']!r}, not {form!r}", hint=AGAIN)
        return Wheelhouse(
            path=place,
            digest=content["digest"],
            target=WheelTarget(content["python"], content["platform"]),
            wheels=tuple(WheelEntry(**{**each, "needs": tuple(each["needs"])}) for each in content["wheels"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WheelhouseError(f"{file} is no manifest of a wheelhouse: {error}", hint=AGAIN) from error


def current_wheelhouse(folder: Path) -> Wheelhouse | None:
    """The wheelhouse that a pipeline runs with; None if none was built.

    Args:
        folder: the pipeline's.

    Raises:
        WheelhouseError: what was built is gone or damaged.
    """
    file = folder / FOLDER / CURRENT
    if not file.is_file():
        return None
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        digest, notes, runtime = str(said["digest"]), tuple(said.get("notes", ())), dict(said.get("runtime", {}))
    except (KeyError, TypeError, ValueError) as error:
        raise WheelhouseError(f"{file} does not say which wheelhouse counts: {error}", hint=AGAIN) from error
    return replace(read_wheelhouse(file.parent / digest), notes=notes, runtime=runtime)


def set_current(folder: Path, wheelhouse: Wheelhouse, *, built_from: BuiltFrom | None = None) -> None:
    """Have a pipeline run with a wheelhouse.

    Args:
        folder: the pipeline's.
        wheelhouse: one in its folder of wheelhouses, with its notes.
        built_from: what it comes from, to tell later whether that has changed.
    """
    place = folder / FOLDER
    origin = built_from._asdict() if built_from else None
    told = {"notes": list(wheelhouse.notes), "runtime": dict(wheelhouse.runtime)}
    content = {**manifest(wheelhouse), **told, "built_from": origin}
    with staged(place) as scratch:
        made = scratch / CURRENT
        made.write_text(to_json(content), encoding="utf-8")
        made.replace(place / CURRENT)


def remove_wheelhouses(folder: Path, *, everything: bool) -> int:
    """Remove the wheelhouses of a pipeline; how many there were.

    What is just being built lies beside them under a name with a dot, and is left alone.

    Args:
        folder: the pipeline's.
        everything: the one that counts too.

    Raises:
        WheelhouseError: the one that counts is to stay, and is gone or damaged.
    """
    place = folder / FOLDER
    kept = None if everything else current_wheelhouse(folder)
    found = (
        [each for each in place.iterdir() if each.is_dir() and not each.name.startswith(".")] if place.is_dir() else []
    )
    old = [each for each in found if kept is None or each.name != kept.digest]
    if everything:
        (place / CURRENT).unlink(missing_ok=True)
    for each in old:
        shutil.rmtree(each)
    return len(old)


def read_built_from(folder: Path) -> BuiltFrom | None:
    """What the wheelhouse of a pipeline was built from; None if that is not known."""
    try:
        said = json.loads((folder / FOLDER / CURRENT).read_text(encoding="utf-8"))["built_from"]
        return BuiltFrom(said["inputs"], tuple(said["projects"]), tuple(said["facts"]))
    except (OSError, KeyError, TypeError, ValueError):
        return None
