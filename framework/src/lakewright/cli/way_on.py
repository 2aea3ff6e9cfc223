"""What was typed, and how to go on from there: commands that can be pasted."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text

from lakewright.cli.output import out
from lakewright.io.local import PROJECT_FILE, find_above
from lakewright.model.states import FAILURES, State
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.execution.result import HasState
    from lakewright.model.dag import Dag

GO_ON: Final = "go on with it:"
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

    def of(self, reference: str | None) -> Asked:
        """The same for one job of several."""
        return replace(self, reference=reference or self.reference)

    def again(self, *more: str) -> str:
        """The call once more, with what it is given besides."""
        given = [word for text in self.parameters for word in ("-p", text)]
        words = [*([self.reference] if self.reference else []), *given, *self.options, *more]
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


def print_way_on_from(asked: Asked, dag: Dag, outcomes: Mapping[str, HasState]) -> None:
    """Print how to go on from where a run has ended that did not succeed."""
    # Conditions are judged again.
    done = (key for key, each in outcomes.items() if each.state is State.SUCCESS)
    kept = sum(not dag.task(key).operator for key in done)
    if any(each.state in FAILURES - {State.CANCELLED} for each in outcomes.values()):
        print_way_on(asked.again("--repair"), kept=kept)
    else:
        print_way_on(asked.again("--resume", "latest"), when=GO_ON, kept=kept)


def _program(here: Path) -> str:
    """How lakewright is called from a folder: in a repository the command lives in the workspace's own environment."""
    root = find_above(here.resolve(), PROJECT_FILE)
    if root is None:
        return "lakewright run"
    return "nox -s local --" if root == here.resolve() and (root / _NOX).is_file() else "uv run lakewright run"
