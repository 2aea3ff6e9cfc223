"""What the iterations of a repeated task have printed: each has a log of its own, the task has none."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from lakewright.execution.report.plain import read_log
from lakewright.model.loop import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.io.paths import RunPaths

# Of more iterations it is the failed ones, and then the first, that are read.
_MOST: Final = 100


class IterationLog(NamedTuple):
    """The log of one attempt of an iteration; sorted, those that have committed nothing come last."""

    is_open: bool
    number: int
    attempt: int
    file: str


def iteration_logs(paths: RunPaths, key: str) -> list[IterationLog]:
    """The logs of a repeated task, those of iterations that have committed nothing at the end."""
    places = Path(paths.folder, "logs").glob(f"{key}.*/*.log")
    named = [(file.parent.name.rpartition(".")[2], file.stem, str(file)) for file in places]
    return sorted(
        IterationLog(not Path(paths.record(name_of(key, int(number)))).is_file(), int(number), int(attempt), file)
        for number, attempt, file in named
        if number.isdigit() and attempt.isdigit()
    )


def read_iterations(paths: RunPaths, key: str, room: int) -> tuple[str, int]:
    """The ends of the logs of a repeated task, each behind a line that names it, and how many bytes are left out."""
    found = iteration_logs(paths, key)
    shown = [*found[: _MOST // 2], *found[_MOST // 2 :][-_MOST // 2 :]]
    texts: list[str] = []
    left_out = 0
    for each in shown:
        text, cut = read_log(each.file, room // max(1, len(shown)))
        again = f", attempt {each.attempt}" if each.attempt > 1 else ""
        texts.append(f"── {name_of(key, each.number)}{again}\n{text.rstrip()}\n")
        left_out += cut
    return "".join(texts), left_out
