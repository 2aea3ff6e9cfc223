"""What was typed, and how to go on from there: commands that can be pasted."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.text import Text

from lakewright.cli.output import out
from lakewright.io.local import PROJECT_FILE, find_above
from lakewright.text.names import plural

_NOX: Final = "noxfile.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a call says which run it is.

    Attributes:
        reference: as it was typed; None for all jobs around.
        parameters: each as `name=value`.
        options: the others that a call for the same must have, such as `--isolated`.
        here: where it was typed.
    """

    reference: str | None = None
    parameters: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    here: Path = field(default_factory=Path.cwd)

    def again(self, *more: str, reference: str | None = None) -> str:
        """The call once more.

        Args:
            *more: what it is given besides.
            reference: the one job of several that it is for.
        """
        named = reference or self.reference
        given = [word for text in self.parameters for word in ("-p", text)]
        words = [*([named] if named else []), *given, *self.options, *more]
        return " ".join([_program(self.here), shlex.join(words)]).strip()


def print_way_on(command: str, *, when: str = "after the fix:", kept: int | None = None) -> None:
    """Print how to go on.

    Args:
        command: that can be pasted.
        when: it is to be called.
        kept: how many tasks need not run again; None where nothing is kept.
    """
    done = "" if kept is None else f"done and kept: {plural(kept, 'task')}     "
    out.print(Text.assemble((f"   {done}{when}  ", "dim"), (command, "bold")), soft_wrap=True)
    out.print()


def _program(here: Path) -> str:
    """How lakewright is called from a folder: in a repository the command lives in the workspace's own environment."""
    root = find_above(here.resolve(), PROJECT_FILE)
    if root is None:
        return "lakewright run"
    return "nox -s local --" if root == here.resolve() and (root / _NOX).is_file() else "uv run lakewright run"
