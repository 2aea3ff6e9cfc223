"""The command line: the only place that prints."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run `lakewright`; exit codes: 0 done, 1 the work failed, 2 the call was wrong."""
    try:
        from lakewright.cli.app import run
    except ModuleNotFoundError as error:
        sys.stderr.write(f"lakewright: this command needs the package '{error.name}'\n  Install it: lakewright[cli]\n")
        raise SystemExit(2) from error
    # What is loaded stays to the end. Looking through it again, above all as Python shuts down, would take a fifth of
    # the time of a short command.
    raise SystemExit(run(loaded=gc.freeze))
