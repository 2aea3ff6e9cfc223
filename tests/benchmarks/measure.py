"""CPU seconds of processes and of functions, measured side by side."""

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, TypeAlias

Work: TypeAlias = Callable[[], float]
"""Does a piece of work and says how many CPU seconds it took."""

TIMES: Final = "×"
SECONDS: Final = "s"
MILLISECONDS: Final = "ms"
MICROSECONDS: Final = "µs"
MEGABYTES: Final = "MB"
# Where Linux keeps files in memory.
_MEMORY: Final = "/dev/shm"  # noqa: S108  nothing secret lies there, and in a folder with a name of its own
_SCALES: Final[Mapping[str, float]] = {SECONDS: 1.0, MILLISECONDS: 1e3, MICROSECONDS: 1e6, MEGABYTES: 1e-6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A promise about speed and what was measured: what comes on top of a baseline, or the ratio to it.

    Attributes:
        ours: of what is promised, the median of CPU seconds (or bytes, where the unit is one of bytes).
        baseline: the same of what it is compared with.
        limit: None for what is not promised but belongs beside a promise.
    """

    name: str
    ours: float
    baseline: float = 0.0
    limit: float | None = None
    unit: str

    @property
    def value(self) -> float:
        """What the limit is about."""
        if self.unit == TIMES:
            return self.ours / self.baseline
        return (self.ours - self.baseline) * _SCALES[self.unit]

    @property
    def holds(self) -> bool:
        """Whether the promise, if there is one, is kept."""
        return self.limit is None or self.value <= self.limit


def side_by_side(works: Mapping[str, Work], *, rounds: int) -> dict[str, float]:
    """The median of each work, over rounds that do all of them in turn: what slows the machine down slows all."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    return {name: median(seconds) for name, seconds in taken.items()}


def steady_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder in memory where the system has one: what a disk does with the files of others is not ours to measure."""
    return tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)


def process(*arguments: str, interpreter: str = sys.executable, environment: Mapping[str, str] | None = None) -> Work:
    """The work of running Python with these arguments until it ends."""
    return command([interpreter, *arguments], environment=environment)


def command(line: Sequence[str], *, environment: Mapping[str, str] | None = None, folder: str | None = None) -> Work:
    """The work of running a command, in a folder, until it and all that it has started end."""
    variables = {**os.environ, **(environment or {})}
    # What is installed has its bytecode, whatever the shell of whoever measures forbids.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)

    def run() -> float:
        child = subprocess.Popen(line, env=variables, cwd=folder, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, line)
        return usage.ru_utime + usage.ru_stime

    return run


def calls(function: Callable[[], object]) -> Work:
    """The work of calling a function in this process, its threads included and garbage of others excluded."""

    def run() -> float:
        gc.collect()
        gc.disable()
        try:
            start = time.process_time()
            function()
            return time.process_time() - start
        finally:
            gc.enable()

    return run
