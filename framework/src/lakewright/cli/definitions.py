"""`lakewright jobs`: the definitions that a deployment would make, printed, written or compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.findings import FORMATS, render_findings
from lakewright.cli.output import errors, say
from lakewright.errors.project import MissingExtraError, UsageError
from lakewright.model import validation
from lakewright.project.repository import Repository
from lakewright.project.targets import read_targets

if TYPE_CHECKING:
    from collections.abc import Mapping


def jobs(
    pipeline: Annotated[str, typer.Argument(metavar="PIPELINE", help="The pipeline's name.")],
    *,
    target: Annotated[str, typer.Option(help="A target of targets.yml.")],
    folder: Annotated[Optional[Path], typer.Option("--out", help="Write one JSON file a job into this folder.")] = None,  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
    compare: Annotated[
        bool, typer.Option("--check", help="Compare with the folder of --out instead of writing.")
    ] = False,
) -> int:
    """Print the job definitions that a deployment of PIPELINE would make.

    Examples: `lakewright jobs flights --target dev`, `lakewright jobs flights --target prod --out generated --check`
    """
    try:
        from lakewright.project import generate
        from lakewright.project.resources import definitions
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), extra="deploy", purpose="`lakewright jobs`") from error

    if compare and folder is None:
        message = "--check compares with a folder: give --out DIR too"
        raise UsageError(message)
    repository = Repository.around(Path.cwd())
    read_targets(repository.root)[0].target(target)
    found, findings = definitions(repository.pipeline(pipeline))
    problems = validation.errors(findings)
    if problems:
        errors.print(render_findings(problems, FORMATS["text"]), markup=False, highlight=False, soft_wrap=True)
        return FAILED
    files = generate.job_files(found)
    if folder is None:
        say("".join(files.values()), end="")
        return DONE
    return _compared(files, folder) if compare else _written(files, folder)


def _written(files: Mapping[str, str], folder: Path) -> int:
    from lakewright.project import generate

    removed = generate.write(files, folder)
    for done, names in (("wrote", files), ("removed", removed)):
        for name in names:
            say(f"{done} {folder / name}")
    return DONE


def _compared(files: Mapping[str, str], folder: Path) -> int:
    from lakewright.project import generate

    difference = generate.differences(files, folder)
    say(difference or f"{folder} is up to date\n", end="")
    return FAILED if difference else DONE
