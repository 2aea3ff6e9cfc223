"""The wheelhouses that a command is asked for: of pipelines, by their names or where one stands, or folders."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.cli.output import shown_path
from lakewright.cli.planning import chosen
from lakewright.dependencies.contents import MANIFEST
from lakewright.dependencies.current import current_wheelhouse, read_wheelhouse
from lakewright.errors.project import MissingExtraError, UsageError
from lakewright.project.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakewright.dependencies.contents import Wheelhouse
    from lakewright.project.repository import PipelineFolder


@contextmanager
def extra() -> Iterator[None]:
    """What a command needs beside the command line, named by the extra that brings it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), extra="wheelhouse", purpose="`lakewright wheelhouse`") from error


def named_wheelhouses(places: Sequence[str] | None) -> list[tuple[str, Wheelhouse]]:
    """Wheelhouses with their names.

    Raises:
        UsageError: a pipeline has none.
        WheelhouseError: a folder or a zip is none.
    """
    paths = {place: made for place in places or () if (made := _read(Path(place))) is not None}
    names = [place for place in places or () if place not in paths]
    pipelines = chosen(Repository.around(Path.cwd()), names) if names or not places else ()
    return [
        *((shown_path(str(Path(place).resolve())), made) for place, made in paths.items()),
        *((folder.name, wheelhouse_of(folder)) for folder in pipelines),
    ]


def _read(path: Path) -> Wheelhouse | None:
    """The wheelhouse that a path means: a folder of a pipeline's, or a run's; None if it means none."""
    with extra():
        from lakewright.dependencies.run_wheelhouses import find_run_wheelhouse, read_run_wheelhouse
    of_run = find_run_wheelhouse(path)
    if of_run is not None:
        return read_run_wheelhouse(of_run)
    return read_wheelhouse(path) if (path / MANIFEST).is_file() else None


def wheelhouse_of(folder: PipelineFolder) -> Wheelhouse:
    """The wheelhouse of a pipeline that counts.

    Raises:
        UsageError: it has none.
    """
    found = current_wheelhouse(folder.path)
    if found is None:
        raise UsageError(
            f"pipeline '{folder.name}' has no wheelhouse",
            hint=f"Build it: `lakewright wheelhouse build {folder.name}`.",
        )
    return found
