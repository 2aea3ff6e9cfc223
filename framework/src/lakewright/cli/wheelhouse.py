"""`lakewright wheelhouse`: the wheels that pipelines run with."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import say, shown_path
from lakewright.cli.wheel_tables import as_json, print_built, print_verified, print_wheels, verified_json
from lakewright.dependencies.current import current_wheelhouse, read_wheelhouse, remove_wheelhouses
from lakewright.dependencies.platforms import WheelTarget
from lakewright.errors.project import MissingExtraError, UsageError
from lakewright.project.repository import Repository
from lakewright.text.durations import seconds
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakewright.dependencies.contents import Wheelhouse
    from lakewright.dependencies.index import Index
    from lakewright.project.repository import PipelineFolder

# typer reads annotations at run time, on Python 3.10 too: `str | None` would not do inside of `Annotated`.
# ruff: noqa: UP045

wheelhouse = typer.Typer(name="wheelhouse", help="The wheels that pipelines run with.", no_args_is_help=True)

Form = Annotated[Literal["text", "json"], typer.Option("--format", help="For people or programs.")]
Places = Annotated[
    Optional[list[str]],
    typer.Argument(metavar="PIPELINE|FOLDER…", help="Pipelines, or folders of wheelhouses; by default all pipelines."),
]


@wheelhouse.command()
def build(
    sources: Annotated[
        Optional[list[str]],
        typer.Argument(
            metavar="PIPELINE|ARCHIVE…",
            help="Pipelines, by default all; or a zip, a tar or a folder with any of the six formats, with --out.",
        ),
    ] = None,
    *,
    place: Annotated[
        Optional[Path],
        typer.Option("--out", "-o", metavar="DIR", help="Where the wheelhouse of an archive is put: DIR/RUN/."),
    ] = None,
    run_id: Annotated[
        Optional[str], typer.Option(help="The RUN of an archive's wheelhouse; by default a new one.")
    ] = None,
    python: Annotated[
        Optional[str], typer.Option(help="The Python that wheels must fit, as in `3.12`; by default the compute's.")
    ] = None,
    platform: Annotated[
        Optional[Literal["x86_64", "aarch64"]],
        typer.Option(help="The processor that wheels must fit; by default the machine type's."),
    ] = None,
    find_links: Annotated[
        Optional[list[str]], typer.Option("--find-links", metavar="DIR", help="A folder with wheels; may be repeated.")
    ] = None,
    no_index: Annotated[
        bool, typer.Option("--no-index", help="Ask no index: take files from --find-links and the cache only.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Use no network: what was fetched before counts.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on wheels that take the place of the runtime's own packages.")
    ] = False,
    form: Form = "text",
) -> None:
    """Build the wheelhouse of each pipeline: what `uv.lock` names, fetched and checked, and its own packages.

    Nothing is done where nothing has changed. Of an archive: what `lakewright.dependencies` makes of it at run time.

    Examples: `lakewright wheelhouse build`, `lakewright wheelhouse build flights`, `lakewright wheelhouse build flights
    --no-index --find-links mirror`, `lakewright wheelhouse build dependencies.zip --python 3.11 --out built`
    """
    with _extra():
        from lakewright.cli.fetching import fetching
        from lakewright.dependencies.cache import default_cache
        from lakewright.dependencies.index import Index
        from lakewright.project.wheels import Wanted, build_wheelhouse
    index = Index(find_links=tuple(find_links or ()), no_index=no_index, offline=offline)
    archives = _archives(sources, place)
    if place and archives:
        _build_archives(archives, place, run_id, index=index, target=_target(python, platform))
        return
    wanted = Wanted(python, platform, strict)
    repository = Repository.around(Path.cwd())
    found = []
    for folder in _folders(repository, sources):
        started = perf_counter()
        with fetching() as bar:
            built = build_wheelhouse(repository, folder, wanted, index=index, cache=default_cache(), progress=bar)
        found.append({"pipeline": folder.name, "new": built.is_new, **as_json(built.wheelhouse)})
        if form == "text":
            print_built(folder.name, built, perf_counter() - started)
    if form == "json":
        say(json.dumps(found, indent=2))


@wheelhouse.command()
def verify(places: Places = None, *, form: Form = "text") -> int:
    """Install wheelhouses into fresh environments of the target's Python and import every module of them.

    Where this machine lacks that Python, the files are checked, and it is said that nothing was imported.

    Examples: `lakewright wheelhouse verify`, `lakewright wheelhouse verify flights --format json`
    """
    with _extra():
        from lakewright.dependencies.verify import verify as tried
    results = [(name, made, tried(made)) for name, made in _meant(places)]
    if form == "json":
        say(
            json.dumps(
                [{"name": name, "digest": made.digest, **verified_json(result)} for name, made, result in results]
            )
        )
    else:
        for name, made, result in results:
            print_verified(name, made, result)
    return FAILED if any(result.refused for _, _, result in results) else DONE


@wheelhouse.command()
def show(places: Places = None, *, form: Form = "text") -> None:
    """Show what is in wheelhouses: each wheel, its version, its size, where it comes from.

    Examples: `lakewright wheelhouse show`, `lakewright wheelhouse show flights --format json`
    """
    found = _meant(places)
    if form == "json":
        say(json.dumps([{"name": name, **as_json(made)} for name, made in found], indent=2))
        return
    for name, made in found:
        print_wheels(name, made)


@wheelhouse.command()
def install(
    path: Annotated[str, typer.Argument(metavar="PATH", help="`wheelhouse.zip`, or a folder of wheels.")],
    *,
    target: Annotated[
        Optional[str], typer.Option(metavar="DIR", help="A folder to fill, in place of this environment.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave what is installed in an equal version.")] = False,
) -> None:
    """Install the wheels of a wheelhouse, offline: into this environment, or into a folder.

    Examples: `lakewright wheelhouse install wheelhouse.zip`, `lakewright wheelhouse install flights.zip --target libs`
    """
    with _extra():
        from lakewright.dependencies.installing import install as put
    installed = put(path, target=target, force=not keep)
    for wheel in installed.wheels:
        say(f"  {wheel}")
    place = shown_path(installed.target) if installed.target else "this environment"
    say(f" ✔ {plural(len(installed.wheels), 'wheel')} in {place}, by {installed.installer}")


@wheelhouse.command()
def clean(
    pipelines: options.Pipelines = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Remove the one that counts too: targets in development take ./dist again.")
    ] = False,
) -> None:
    """Remove the wheelhouses of pipelines but for the one that counts.

    Examples: `lakewright wheelhouse clean`, `lakewright wheelhouse clean flights --all`
    """
    for folder in _folders(Repository.around(Path.cwd()), pipelines):
        removed = remove_wheelhouses(folder.path, everything=everything)
        say(f"{folder.name}: removed {plural(removed, 'wheelhouse')}")


@wheelhouse.command()
def upload(pipelines: options.Pipelines = None, *, target: options.DeployTarget) -> None:
    """Put the wheelhouse of each pipeline on the volume of a target; what is there already is not sent again.

    A deploy does it by itself.

    Examples: `lakewright wheelhouse upload --target prod`, `lakewright wheelhouse upload flights --target dev`
    """
    from lakewright.cli.telling import tell
    from lakewright.databricks.workspace import Workspace
    from lakewright.project.bundle import configuration
    from lakewright.project.targets import deployable_target
    from lakewright.project.upload import upload as put
    from lakewright.project.upload import wheelhouse_place

    repository = Repository.around(Path.cwd())
    deployable_target(repository.root, target)
    for folder in _folders(repository, pipelines):
        made = _current(folder)
        workspace = Workspace.of(configuration(folder.path, target)["workspace"])
        done = put(made, wheelhouse_place(folder, target, made.digest), workspace, tell=tell)
        sent = f"sent {plural(len(done.sent), 'file')}" if done.sent else "already there"
        say(f" ✔ {folder.name} → {target}   {sent} · {done.place}")


@contextmanager
def _extra() -> Iterator[None]:
    """What a command needs beside the command line, named by the extra that brings it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), extra="wheelhouse", purpose="`lakewright wheelhouse`") from error


def _folders(repository: Repository, pipelines: Sequence[str] | None) -> tuple[PipelineFolder, ...]:
    return tuple(map(repository.pipeline, pipelines)) if pipelines else repository.here(Path.cwd())


def _meant(places: Sequence[str] | None) -> list[tuple[str, Wheelhouse]]:
    """Wheelhouses with their names.

    Raises:
        UsageError: a pipeline has none.
        WheelhouseError: a folder is none.
    """
    folders = [Path(place) for place in places or () if (Path(place) / "manifest.json").is_file()]
    names = [place for place in places or () if Path(place) not in folders]
    pipelines = _folders(Repository.around(Path.cwd()), names) if names or not places else ()
    return [(_name(folder), read_wheelhouse(folder)) for folder in folders] + [
        (folder.name, _current(folder)) for folder in pipelines
    ]


def _name(folder: Path) -> str:
    return shown_path(str(folder.resolve()))


def _current(folder: PipelineFolder) -> Wheelhouse:
    found = current_wheelhouse(folder.path)
    if found is None:
        raise UsageError(
            f"pipeline '{folder.name}' has no wheelhouse",
            hint=f"Build it: `lakewright wheelhouse build {folder.name}`.",
        )
    return found


def _archives(sources: Sequence[str] | None, place: Path | None) -> list[Path]:
    """The archives among what is to be built.

    Raises:
        UsageError: they come with pipelines, or it is not said where they go.
    """
    known = {folder.name for folder in _around()}
    found = [Path(source) for source in sources or () if source not in known and Path(source).exists()]
    if found and place is None:
        raise UsageError(f"where does the wheelhouse of {found[0]} go?", hint="Say it: --out DIR.")
    if place and len(found) != len(sources or ()):
        raise UsageError("--out is for archives: the wheelhouse of a pipeline lies in its own folder")
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


def _build_archives(
    archives: list[Path], place: Path, run_id: str | None, *, index: Index, target: WheelTarget
) -> None:
    from lakewright.cli.fetching import fetching
    from lakewright.dependencies.processor import process_dependencies
    from lakewright.dependencies.processor_settings import ProcessorSettings

    for archive in archives:
        started = perf_counter()
        with fetching() as bar:
            settings = ProcessorSettings(target=target, index=index, progress=bar)
            made = process_dependencies(archive, place, run_id, settings=settings)
        say(f"{archive}   {target}\n ✔ {seconds(perf_counter() - started)} · {shown_path(made)}")
