"""What questions and Jinja add to a copy of the template."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.measure import TIMES, Row, Work, command, side_by_side, steady_folder
from tests.template.rendering import render, snapshot

ROUNDS: Final = 5
LIMIT: Final = 1.3


def measure() -> Iterator[Row]:
    """One row: the template beside one that holds the files as they come out, without questions."""
    with steady_folder() as name:
        folder = Path(name)
        template = snapshot(folder / "template")
        plain = render(template, folder / "plain", {})
        (plain / ".copier-answers.yml").unlink()
        works = {"ours": _copy(template, folder / "ours"), "plain": _copy(plain, folder / "copied")}
        seconds = side_by_side(works, rounds=ROUNDS)
    yield Row(
        name="copier copy, beside the same files without questions and Jinja",
        ours=seconds["ours"],
        baseline=seconds["plain"],
        limit=LIMIT,
        unit=TIMES,
    )


def _copy(source: Path, destination: Path) -> Work:
    """The work of copying a template to a place where nothing is."""
    line = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults", str(source), str(destination)]
    copy = command(line)

    def run() -> float:
        shutil.rmtree(destination, ignore_errors=True)
        return copy()

    return run
