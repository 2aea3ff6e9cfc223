"""`lakewright wheelhouse`: the wheels that pipelines run with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import say, shown_path
from lakewright.cli.planning import chosen
from lakewright.cli.wheel_building import Form, build
from lakewright.cli.wheel_places import extra, named_wheelhouses, wheelhouse_of
from lakewright.cli.wheel_tables import as_json, print_verified, print_wheels, verified_json
from lakewright.dependencies.current import remove_wheelhouses
from lakewright.project.repository import Repository
from lakewright.text.names import plural

# typer reads annotations at run time, on Python 3.10 too: `str | None` would not do inside of `Annotated`.
# ruff: noqa: UP045

wheelhouse = typer.Typer(name="wheelhouse", help="The wheels that pipelines run with.", no_args_is_help=True)

Places = Annotated[
    Optional[list[str]],
    typer.Argument(
        metavar="PIPELINE|PATH…", help="Pipelines, or folders of wheelhouses, a run's too; by default all pipelines."
    ),
]


wheelhouse.command()(build)


@wheelhouse.command()
def verify(places: Places = None, *, form: Form = "text") -> int:
    """Install wheelhouses into fresh environments of the target's Python and import every module of them.

    Where this machine lacks that Python, the files are checked, and it is said that nothing was imported.

    Examples: `lakewright wheelhouse verify`, `lakewright wheelhouse verify flights --format json`
    """
    with extra():
        from lakewright.dependencies.run_wheelhouses import whole
        from lakewright.dependencies.verify import verify as tried
    results = []
    for name, made in named_wheelhouses(places):
        with whole(made) as here:
            results.append((name, made, tried(here)))
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
    found = named_wheelhouses(places)
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
    with extra():
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
    for folder in chosen(Repository.around(Path.cwd()), pipelines):
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
    for folder in chosen(repository, pipelines):
        made = wheelhouse_of(folder)
        workspace = Workspace.of(configuration(folder.path, target)["workspace"])
        done = put(made, wheelhouse_place(folder, target, made.digest), workspace, tell=tell)
        sent = f"sent {plural(len(done.sent), 'file')}" if done.sent else "already there"
        say(f" ✔ {folder.name} → {target}   {sent} · {done.place}")
