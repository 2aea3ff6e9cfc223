"""`lakewright affected`: which pipelines a change concerns, for people, workflows and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, Optional

import typer

from lakewright.cli.output import complain_of, say
from lakewright.errors.project import UsageError
from lakewright.project.affected import affected_since, merged, report
from lakewright.project.groups import groups
from lakewright.project.repository import Repository
from lakewright.text.markdown import code, escaped
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lakewright.project.affected import Affected, Reason

    Format = Callable[[Affected], str]

_SHOWN: Final = 5


def affected(
    *,
    base: Annotated[Optional[str], typer.Option(metavar="REV", help="A branch, tag or commit to compare with.")] = None,  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
    target: Annotated[
        Optional[list[str]],  # noqa: UP045  as above
        typer.Option(
            metavar="NAME",
            help="Compare with the last successful deploy of each pipeline to this target; of several, to any of them.",
        ),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Say for each pipeline what concerns it.")] = False,
    form: Annotated[
        Literal["text", "json", "markdown", "github"],
        typer.Option("--format", help="For people, programs, pull requests, or the outputs of a step on GitHub."),
    ] = "text",
) -> None:
    """Name the pipelines that a change concerns: their own files, packages that they need, what all have in common.

    What is not committed counts. What cannot be told apart concerns all pipelines.

    Examples: `lakewright affected --base origin/main --why`, `lakewright affected --target prod --format github`
    """
    root = Repository.around(Path.cwd()).root
    found = _found(root, base, target)
    if why and form == "json":
        say(json.dumps(report(found, base or f"the last deploy to {' and '.join(target or ())}"), indent=2))
        return
    say((_WITH_REASONS if why else _NAMES)[form](found), end="")
    if form == "text" and not why and found.removed:
        # Names alone stand on the output, for what reads them line by line.
        complain_of(f"removed: {', '.join(found.removed)}")


def _found(root: Path, base: str | None, targets: Sequence[str] | None) -> Affected:
    if base is not None and not targets:
        return affected_since(root, base)
    if base is None and targets:
        # Neither targets nor GitHub are asked for a comparison with a revision.
        from lakewright.project.deployed import affected_since_deploy

        return merged(*(affected_since_deploy(root, target) for target in targets))
    message = "--base and --target exclude each other" if base else "nothing says what to compare with"
    raise UsageError(message, hint="Give --base REV, such as --base origin/main, or --target NAME.")


def _names(found: Affected) -> str:
    return "".join(f"{name}\n" for name in found.pipelines)


def _json(found: Affected) -> str:
    return json.dumps(list(found.pipelines)) + "\n"


def _github(found: Affected) -> str:
    """Lines for `$GITHUB_OUTPUT`; `groups` is for a matrix, and empty where no pipeline is affected."""
    grouped = groups(found.pipelines, known=len(found.pipelines) + len(found.unaffected))
    outputs = {
        "pipelines": list(found.pipelines),
        "groups": [{"name": name, "pipelines": " ".join(pipelines)} for name, pipelines in grouped],
        "removed": list(found.removed),
    }
    return "".join(f"{name}={json.dumps(value, separators=(',', ':'))}\n" for name, value in outputs.items())


def _markdown_names(found: Affected) -> str:
    names = [f"- {code(name)}" for name in found.pipelines] or ["No pipeline is affected."]
    return "\n".join([*names, *_apart(found, code)]) + "\n"


def _text(found: Affected) -> str:
    lines = [line for name, why in found.pipelines.items() for line in (name, *(f"  {each}" for each in _told(why)))]
    return "\n".join([*(lines or ["no pipeline is affected"]), *_apart(found, str)]) + "\n"


def _told(why: Sequence[Reason]) -> Iterator[str]:
    yield from (f"{each.path}: {each.what}" if each.path else each.what for each in why[:_SHOWN])
    if len(why) > _SHOWN:
        yield f"and {plural(len(why) - _SHOWN, 'more file')}"


def _markdown(found: Affected) -> str:
    if not found.pipelines:
        return _markdown_names(found)
    rows = [
        f"| {code('' if row else name)} | {code(each.path)} | {escaped(each.what)} |"
        for name, why in found.pipelines.items()
        for row, each in enumerate(why[:_SHOWN])
    ]
    return "\n".join(["| pipeline | changed | why |", "|---|---|---|", *rows, *_apart(found, code)]) + "\n"


def _apart(found: Affected, shown: Callable[[str], str]) -> Iterator[str]:
    for title, names in (("not affected", found.unaffected), ("removed", found.removed)):
        if names:
            yield f"\n{title}: {', '.join(shown(name) for name in names)}"


_NAMES: Final[Mapping[str, Format]] = {
    "text": _names,
    "json": _json,
    "markdown": _markdown_names,
    "github": _github,
}
_WITH_REASONS: Final[Mapping[str, Format]] = {"text": _text, "markdown": _markdown, "github": _github}
