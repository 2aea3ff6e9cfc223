"""CPU seconds of processes and of functions, measured side by side."""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, TypeAlias

Work: TypeAlias = Callable[[], float]
"""Does a piece of work and says how many CPU seconds it took."""

MILLISECONDS: Final = "ms"
TIMES: Final = "×"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A promise about speed and what was measured: milliseconds on top of a baseline, or a ratio to it.

    Attributes:
        ours: median CPU seconds of what is promised.
        baseline: the same of what it is compared with.
    """

    name: str
    ours: float
    baseline: float
    limit: float
    unit: str

    @property
    def value(self) -> float:
        """What the limit is about."""
        return (self.ours - self.baseline) * 1000 if self.unit == MILLISECONDS else self.ours / self.baseline

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.value <= self.limit


def side_by_side(works: Mapping[str, Work], *, rounds: int) -> dict[str, float]:
    """The median of each work, over rounds that do all of them in turn: what slows the machine down slows all."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    return {name: median(seconds) for name, seconds in taken.items()}


def process(*arguments: str, interpreter: str = sys.executable, environment: Mapping[str, str] | None = None) -> Work:
    """The work of running Python with these arguments until it ends."""
    return command([interpreter, *arguments], environment=environment)


def command(line: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Work:
    """The work of running a command until it ends."""

    def run() -> float:
        child = subprocess.Popen(line, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
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
