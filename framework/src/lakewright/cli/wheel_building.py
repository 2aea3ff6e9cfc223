"""`lakewright wheelhouse build`: of pipelines from the lock, of archives as at run time."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Optional

import typer

from lakewright.cli.output import say
from lakewright.cli.planning import chosen
from lakewright.cli.wheel_places import extra
from lakewright.cli.wheel_tables import as_json, print_archive, print_built
from lakewright.dependencies.platforms import WheelTarget
from lakewright.errors.project import UsageError
from lakewright.project.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakewright.dependencies.index import Index
    from lakewright.project.repository import PipelineFolder
    from lakewright.project.wheels import Wanted

# typer reads annotations at run time, on Python 3.10 too: `str | None` would not do inside of `Annotated`.
# ruff: noqa: UP045

Form = Annotated[Literal["text", "json"], typer.Option("--format", help="For people or programs.")]
_Sources = Annotated[
    Optional[list[str]],
    typer.Argument(
        metavar="PIPELINE|ARCHIVE…",
        help="Pipelines, by default all; or a zip, a tar or a folder with any of the six formats, with --out.",
    ),
]
_Place = Annotated[
    Optional[Path],
    typer.Option("--out", "-o", metavar="DIR", help="Where the wheelhouse of an archive is put: DIR/RUN/."),
]
_RunId = Annotated[Optional[str], typer.Option(help="The RUN of an archive's wheelhouse; by default a new one.")]
_Python = Annotated[
    Optional[str], typer.Option(help="The Python that wheels must fit, as in `3.12`; by default the compute's.")
]
_Platform = Annotated[
    Optional[Literal["x86_64", "aarch64"]],
    typer.Option(help="The processor that wheels must fit; by default the machine type's."),
]
_Links = Annotated[
    Optional[list[str]], typer.Option("--find-links", metavar="DIR", help="A folder with wheels; may be repeated.")
]
_NoIndex = Annotated[
    bool, typer.Option("--no-index", help="Ask no index: take files from --find-links and the cache only.")
]
_Offline = Annotated[bool, typer.Option("--offline", help="Use no network: what was fetched before counts.")]
_Strict = Annotated[
    bool, typer.Option("--strict", help="Fail on wheels that take the place of the runtime's own packages.")
]


def build(
    sources: _Sources = None,
    *,
    place: _Place = None,
    run_id: _RunId = None,
    python: _Python = None,
    platform: _Platform = None,
    find_links: _Links = None,
    no_index: _NoIndex = False,
    offline: _Offline = False,
    strict: _Strict = False,
    form: Form = "text",
) -> None:
    """Build the wheelhouse of each pipeline: what `uv.lock` names, fetched and checked, and its own packages.

    Nothing is done where nothing has changed. Of an archive: what `lakewright.dependencies` makes of it at run time.

    Examples: `lakewright wheelhouse build`, `lakewright wheelhouse build flights`, `lakewright wheelhouse build flights
    --no-index --find-links mirror`, `lakewright wheelhouse build dependencies.zip --python 3.11 --out built`
    """
    with extra():
        from lakewright.dependencies.index import Index
        from lakewright.project.wheels import Wanted
    index = Index(find_links=tuple(find_links or ()), no_index=no_index, offline=offline)
    archives = _archives(sources, place)
    if place and archives:
        given = _Given(archives, place, run_id, _target(python, platform), strict)
        made = _of_archives(given, index, prints=form == "text")
    else:
        made = _of_pipelines(sources, Wanted(python, platform, strict), index, prints=form == "text")
    found = list(made)
    if form == "json":
        say(json.dumps(found, indent=2))


def _of_pipelines(
    names: Sequence[str] | None, wanted: Wanted, index: Index, *, prints: bool
) -> Iterator[dict[str, Any]]:
    """Build the wheelhouses of pipelines, one after the other; each for programs."""
    from lakewright.cli.fetching import fetching
    from lakewright.dependencies.cache import default_cache
    from lakewright.project.wheels import build_wheelhouse

    repository = Repository.around(Path.cwd())
    for folder in chosen(repository, names):
        started = perf_counter()
        with fetching() as bar:
            built = build_wheelhouse(repository, folder, wanted, index=index, cache=default_cache(), progress=bar)
        if prints:
            print_built(folder.name, built, perf_counter() - started)
        yield {"pipeline": folder.name, "new": built.is_new, **as_json(built.wheelhouse)}


class _Given(NamedTuple):
    """Archives, and what their wheelhouses are to be."""

    archives: Sequence[Path]
    place: Path
    run_id: str | None
    target: WheelTarget
    strict: bool


def _of_archives(given: _Given, index: Index, *, prints: bool) -> Iterator[dict[str, Any]]:
    """Build the wheelhouses of archives, one after the other; each for programs."""
    from lakewright.cli.fetching import fetching
    from lakewright.dependencies.contents import MANIFEST

    with extra():
        from lakewright.dependencies.processor import process_dependencies
        from lakewright.dependencies.processor_settings import ProcessorSettings

    for archive in given.archives:
        started = perf_counter()
        with fetching() as bar:
            settings = ProcessorSettings(target=given.target, index=index, strict=given.strict, progress=bar)
            made = Path(process_dependencies(archive, given.place, given.run_id, settings=settings))
        if prints:
            print_archive(f"{archive}   {given.target}", made, perf_counter() - started)
        told = json.loads((made.parent / MANIFEST).read_text(encoding="utf-8"))
        yield {"archive": str(archive), "path": str(made), "run_id": made.parent.name, **told}


def _archives(sources: Sequence[str] | None, place: Path | None) -> list[Path]:
    """The archives among what is to be built.

    Raises:
        UsageError: one is not there, they come with pipelines, or it is not said where they go.
    """
    known = {folder.name for folder in _around()}
    others = [Path(source) for source in sources or () if source not in known]
    found = [path for path in others if path.exists()]
    if found and place is None:
        raise UsageError(f"where does the wheelhouse of {found[0]} go?", hint="Say it: --out DIR.")
    if place and found != others:
        absent = next(path for path in others if path not in found)
        raise UsageError(f"there is no archive {absent}", hint="Name a zip, a tar or a folder, from here on.")
    if place and (not found or len(found) != len(sources or ())):
        raise UsageError(
            "--out is for archives: the wheelhouse of a pipeline lies in its own folder",
            hint="Name only archives, or leave out --out.",
        )
    return found


def _around() -> tuple[PipelineFolder, ...]:
    """The pipelines of the repository that one stands in; archives are built anywhere."""
    try:
        return Repository.around(Path.cwd()).pipelines
    except UsageError:
        return ()


def _target(python: str | None, platform: str | None) -> WheelTarget:
    from lakewright.dependencies.processor_settings import this_compute

    known = this_compute()
    return WheelTarget(python or known.python, platform or known.platform)
