"""Processes on this machine: started, logged, waited for, ended with all that they have started."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TAIL_BYTES: Final = 4096


class Ended(NamedTuple):
    """How a process ended; without an exit code it did not start, for the reason given."""

    seconds: float
    exit_code: int | None = None
    timed_out: bool = False
    reason: str = ""


def worker() -> tuple[str, ...]:
    """The command that starts `lakewright-run` in the environment at hand, as its script does.

    `python -m` would take five milliseconds longer.
    """
    return (sys.executable, "-c", "from lakewright.execution.worker import main; main()")


async def call(command: Sequence[str], log: str, *, environment: Mapping[str, str], timeout: float | None) -> Ended:
    """Run a command to its end; all that it prints goes to the log.

    When its time is up or the caller is cancelled, the process is killed with every process that it has started.
    """
    started = time.perf_counter()
    with _opened(log) as output:
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:  # too many arguments, no such program, a NUL in an argument
            return Ended(time.perf_counter() - started, reason=f"the process did not start: {error}")
    timed_out = False
    try:
        await asyncio.wait_for(process.wait(), timeout)
    except asyncio.TimeoutError:
        timed_out = True
    finally:
        if process.returncode is None:
            _kill_group(process.pid)
            await _gone(process)
    return Ended(time.perf_counter() - started, process.returncode, timed_out)


async def _gone(process: asyncio.subprocess.Process) -> None:
    """Wait for a process that is killed; a caller who is cancelled once more has to wait too."""
    end = asyncio.ensure_future(process.wait())
    while not end.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(end)


def _opened(log: str) -> BinaryIO:
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    # What a process leaves behind may still write once the log is cut: at its end, not where it was.
    return Path(log).open("ab")


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return  # It ended by itself a moment ago.


def last_line(log: str) -> str:
    """The last line of a log that holds anything."""
    try:
        with Path(log).open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
