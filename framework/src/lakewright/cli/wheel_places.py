"""The wheelhouses that a command is asked for: of pipelines, by their names or where one stands, or folders."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.cli.output import shown_path
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


def pipeline_folders(repository: Repository, pipelines: Sequence[str] | None) -> tuple[PipelineFolder, ...]:
    """The pipelines that are named, or those where one stands."""
    return tuple(map(repository.pipeline, pipelines)) if pipelines else repository.here(Path.cwd())


def named_wheelhouses(places: Sequence[str] | None) -> list[tuple[str, Wheelhouse]]:
    """Wheelhouses with their names.

    Raises:
        UsageError: a pipeline has none.
        WheelhouseError: a folder is none.
    """
    folders = [Path(place) for place in places or () if (Path(place) / "manifest.json").is_file()]
    names = [place for place in places or () if Path(place) not in folders]
    pipelines = pipeline_folders(Repository.around(Path.cwd()), names) if names or not places else ()
    return [(_name(folder), read_wheelhouse(folder)) for folder in folders] + [
        (folder.name, wheelhouse_of(folder)) for folder in pipelines
    ]


def _name(folder: Path) -> str:
    return shown_path(str(folder.resolve()))


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
