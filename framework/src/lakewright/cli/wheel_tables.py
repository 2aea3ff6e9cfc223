"""What `lakewright wheelhouse` prints of wheelhouses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from lakewright.cli.output import out, say, shown_path
from lakewright.dependencies.contents import manifest
from lakewright.dependencies.runtimes import marked
from lakewright.text.durations import seconds
from lakewright.text.names import plural

if TYPE_CHECKING:
    from pathlib import Path

    from lakewright.dependencies.contents import Wheelhouse
    from lakewright.dependencies.verify import Verified
    from lakewright.project.wheels import Built

_MEGABYTE: Final = 1_000_000
_DIGITS: Final = 12


def print_built(name: str, built: Built, took: float) -> None:
    """Say what a build has made, and what is to be known of it."""
    made = built.wheelhouse
    said = seconds(took) if built.is_new else "unchanged"
    say(f"{name}   {made.target}")
    size = f"{made.size / _MEGABYTE:,.1f} MB"
    place = f"{shown_path(str(made.path.parent))}/{made.digest[:_DIGITS]}…"
    say(f" ✔ {plural(len(made.wheels), 'wheel')} · {size} · {said} · {place}")
    for note in made.notes:
        say(f" ! {note}", "yellow")


def print_archive(name: str, made: Path, took: float) -> None:
    """Say where the wheelhouse of an archive is."""
    say(f"{name}\n ✔ {seconds(took)} · {shown_path(str(made))}")


def print_verified(name: str, made: Wheelhouse, result: Verified) -> None:
    """Say what a trial gave."""
    say(f"{name}   {made.target}   {made.digest[:_DIGITS]}")
    if result.not_tried:
        say(f" ✔ {plural(len(made.wheels), 'wheel')} as built; nothing was imported: {result.not_tried}")
        return
    say(f" ✔ {plural(len(made.wheels), 'wheel')} installed, {plural(len(result.imported), 'module')} imported")
    for each in result.refused:
        say(f" ✘ {each.module} of {each.wheel} does not import: {each.why}", "red")


def print_wheels(name: str, made: Wheelhouse) -> None:
    """Print a table of the wheels."""
    say(f"{name}   {made.target}   {made.digest}")
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for title in ("package", "version", "MB", "from", ""):
        table.add_column(title, justify="right" if title == "MB" else "left")
    for wheel in made.wheels:
        size = f"{wheel.size / _MEGABYTE:,.2f}"
        table.add_row(wheel.name, wheel.version, size, wheel.origin, marked(wheel, made.runtime))
    out.print(table)
    for note in made.notes:
        say(f" ! {note}", "yellow")


def as_json(made: Wheelhouse) -> dict[str, Any]:
    """A wheelhouse for programs."""
    marks = {wheel.name: mark for wheel in made.wheels if (mark := marked(wheel, made.runtime))}
    return {**manifest(made), "path": str(made.path), "notes": list(made.notes), "marks": marks}


def verified_json(result: Verified) -> dict[str, Any]:
    """What a trial gave, for programs."""
    refused = [each._asdict() for each in result.refused]
    return {"imported": list(result.imported), "refused": refused, "not_tried": result.not_tried}
