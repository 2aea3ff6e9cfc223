"""The tasks that `@job(dependencies=…)` adds: one makes the packages of a run, one removes what it has left."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from lakewright.dependencies.opened import local_path
from lakewright.errors.project import MissingExtraError
from lakewright.execution.context import context
from lakewright.execution.values import set_task_value
from lakewright.model.names import folder_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.execution.context import TaskContext

PROCESS: Final = "process_deps"
CLEANUP: Final = "cleanup_deps"
# Names of the job's parameters, and of the widgets and options of the entry points.
ARCHIVE: Final = "input_zip_path"
BASE: Final = "volume_base_path"
CLEANUP_ENABLED: Final = "cleanup_enabled"
# Task values, and keys of the output of `process_deps`.
WHEELHOUSE_PATH: Final = "wheelhouse_path"
RUN_ID: Final = "run_id"
DIGEST: Final = "digest"
_FOLDER: Final = "packages"
_log: Final = logging.getLogger("lakewright.dependencies")


def process_deps(input_zip_path: str, volume_base_path: str) -> dict[str, str]:
    """Make the packages of this run.

    Args:
        input_zip_path: the archive; a relative path is one of the target's data.
        volume_base_path: the folder that all runs share; empty for one below the target's root.

    Raises:
        DependencyError: the archive cannot be had, read or built.
        MissingExtraError: the pipeline does not bring what this takes.
    """
    from lakewright.dependencies.cleanup import clean_up
    from lakewright.dependencies.opened import content_digest, opened

    try:
        from lakewright.dependencies.processor import process_dependencies
        from lakewright.dependencies.processor_settings import ProcessorSettings, this_interpreter
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), extra="wheelhouse", purpose="making the packages of a run") from error
    here = context()
    _show_log(here)
    base, run_id = base_of(here, volume_base_path), here.run_id
    # Of an attempt before this one nothing is taken over.
    clean_up(base, run_id)
    archive = here.data / local_path(input_zip_path)
    # The tasks of a job run where this one does: on the same compute, or on this machine.
    settings = ProcessorSettings(target=this_interpreter())
    path = process_dependencies(archive, base, run_id, settings=settings)
    set_task_value(WHEELHOUSE_PATH, path)
    set_task_value(RUN_ID, run_id)
    with opened(path) as wheels:
        _log.info("%s holds %d wheels: %s", path, len(wheels), ", ".join(wheel.name for wheel in wheels))
        return {WHEELHOUSE_PATH: path, RUN_ID: run_id, DIGEST: content_digest(wheels)}


def cleanup_deps(volume_base_path: str, cleanup_enabled: str) -> bool:
    """Remove the folder of this run, and no other; whether something was removed. Never a failure.

    Args:
        volume_base_path: as for `process_deps`.
        cleanup_enabled: `true`, `1` or `yes`; anything else leaves the folder.
    """
    from lakewright.dependencies.cleanup import clean_up, is_enabled

    here = context()
    _show_log(here)
    return clean_up(base_of(here, volume_base_path), here.run_id, enabled=is_enabled(cleanup_enabled))


def base_of(here: TaskContext, given: str) -> str:
    """The folder that all runs of a job share: the one that was given, else one below the target's root.

    Under `runs/` it would be taken for a run.
    """
    root = here.target_values.root
    if not given.strip("/"):
        return f"{root}/{_FOLDER}/{folder_name(here.job)}"
    return str(Path(root) / local_path(given.rstrip("/")))


def _show_log(here: TaskContext) -> None:
    """Let the steps be seen: what is logged goes where the task's own log goes."""
    here.logger  # noqa: B018  in a process of its own, asking for it lets everything be heard
