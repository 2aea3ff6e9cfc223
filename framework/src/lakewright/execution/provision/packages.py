"""Before a task is loaded: the packages of its run, importable in its process."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Final

from lakewright.dependencies.local_packages import packages_folder
from lakewright.dependencies.shipping import WHEELHOUSE
from lakewright.execution.provision.tasks import DIGEST, WHEELHOUSE_PATH
from lakewright.io.commit import read_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.io.paths import RunPaths

_PATH: Final = "PYTHONPATH"
_SITES: Final = ("site-packages", "dist-packages")


def provide(paths: RunPaths, task: str) -> None:
    """Make the packages importable that a task of the run has made, here and in processes that this one starts.

    A task that runs although that one failed, such as an alert, goes without.

    Args:
        paths: of the run.
        task: the key of the one that has made them.

    Raises:
        DependencyError: they are gone, or cannot be installed.
    """
    record = read_record(paths, task)
    if record is None or record.stored is None:
        sys.stderr.write(f"lakewright: '{task}' has made no packages in this run; the task goes without them\n")
        return
    made = record.stored.value
    assert isinstance(made, dict)  # noqa: S101  that is what the task gives
    folder = packages_folder(made[WHEELHOUSE_PATH], made[DIGEST])
    os.environ[WHEELHOUSE] = made[WHEELHOUSE_PATH]
    if folder not in sys.path:
        sys.path.insert(_place(), folder)
        os.environ[_PATH] = os.pathsep.join(filter(None, (folder, os.environ.get(_PATH))))
        importlib.invalidate_caches()


def _place() -> int:
    """Before all packages of the environment, and behind Python's own modules: none of those can be hidden."""
    sites = (place for place, path in enumerate(sys.path) if os.path.basename(path) in _SITES)  # noqa: PTH119  text paths
    return next(sites, len(sys.path))
