"""Making and removing a run's packages where the job is written by hand: in a notebook, or as a script.

What they need comes from the widgets of a notebook (parameters of its task), and where there are none from argv.
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

from lakewright.dependencies.cleanup import clean_up as remove
from lakewright.dependencies.cleanup import is_enabled
from lakewright.dependencies.processor import DependencyProcessor
from lakewright.execution.provision.tasks import ARCHIVE, BASE, CLEANUP_ENABLED, RUN_ID, WHEELHOUSE_PATH
from lakewright.execution.values import get_dbutils

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

OUTPUT: Final = "output_volume_path"
_PROCESS: Final = {ARCHIVE: "the archive", OUTPUT: "the folder that all runs share", RUN_ID: "by default a new one"}
_CLEAN_UP: Final = {
    BASE: "the folder that all runs share",
    RUN_ID: "whose folder goes",
    CLEANUP_ENABLED: "true, 1, yes",
}


def process(argv: Sequence[str] | None = None) -> str:
    """The path of the wheelhouse that was made of an archive, also as the task values `wheelhouse_path` and `run_id`.

    Widgets: `input_zip_path`, `output_volume_path`, `run_id`. Else argv: `INPUT OUTPUT`, or the same as options.

    Args:
        argv: by default that of the process.

    Raises:
        DependencyError: the archive is refused; it is processed once, and the error is the one that came up.
    """
    given = _widgets(_PROCESS) or _options("process", argv, _PROCESS, leading=(ARCHIVE, OUTPUT))
    _show_log()
    processor = DependencyProcessor(given[ARCHIVE], given[OUTPUT], given[RUN_ID] or None)
    path = processor.process()
    _set_task_values({WHEELHOUSE_PATH: path, RUN_ID: processor.run_id})
    return path


def clean_up(argv: Sequence[str] | None = None) -> bool:
    """Remove the folder of one run; whether something was removed. Never a failure.

    Widgets: `volume_base_path`, `run_id`, `cleanup_enabled`. Else argv: the same as options.

    Args:
        argv: by default that of the process.
    """
    given = _widgets(_CLEAN_UP) or _options("clean-up", argv, _CLEAN_UP, leading=())
    _show_log()
    return remove(given[BASE], given[RUN_ID], enabled=is_enabled(given[CLEANUP_ENABLED] or "true"))


def main(argv: Sequence[str] | None = None) -> None:
    """One of the steps, as its first argument says.

    It ends normally or by raising: for the platform even `sys.exit(0)` is a failure.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    steps = {"process": process, "clean-up": clean_up}
    if not arguments or arguments[0] not in steps:
        message = f"name a step: {' or '.join(steps)}"
        raise ValueError(message)
    steps[arguments[0]](arguments[1:])


def _widgets(names: Mapping[str, str]) -> dict[str, str]:
    """The values of a notebook's widgets; empty where it has not the first of them, or there is no notebook."""
    dbutils: Any = get_dbutils()
    if dbutils is None:
        return {}
    found = {name: _widget(dbutils, name) for name in names}
    return found if found[next(iter(names))] else {}


def _widget(dbutils: Any, name: str) -> str:  # noqa: ANN401  Databricks' own object has no types
    try:
        return str(dbutils.widgets.get(name))
    except Exception:  # noqa: BLE001  each runtime has its own error for a widget that is not there
        return ""


def _options(
    step: str, argv: Sequence[str] | None, names: Mapping[str, str], *, leading: Sequence[str]
) -> dict[str, str]:
    parser = argparse.ArgumentParser(prog=f"python -m lakewright.execution.provision {step}")
    for name in leading:
        parser.add_argument(name, nargs="?", default="", help=names[name])
    for name, help_text in names.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, dest=f"option_{name}", default="", metavar="VALUE", help=help_text)
    read = vars(parser.parse_args(argv))
    given = {name: read[f"option_{name}"] or read.get(name, "") for name in names}
    missing = [name for name in leading if not given[name]]
    if missing:
        parser.error(f"{', '.join(missing)} must be given, as widgets or as arguments")
    return given


def _set_task_values(values: Mapping[str, str]) -> None:
    dbutils: Any = get_dbutils()
    for key, value in values.items() if dbutils is not None else ():
        dbutils.jobs.taskValues.set(key=key, value=value)


def _show_log() -> None:
    """Let each step be seen where nobody has set up logging."""
    from lakewright.execution.logs import log_to_stderr

    log_to_stderr()
