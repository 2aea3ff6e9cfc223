"""What a run leaves on the volume, removed when it is over: its own folder and nothing beside it."""

from __future__ import annotations

import logging
import shutil
from typing import Final

from lakewright.dependencies.opened import local_path
from lakewright.model.names import run_id_problem

_log: Final = logging.getLogger("lakewright.dependencies")
_YES: Final = frozenset({"true", "1", "yes"})


def is_enabled(text: str) -> bool:
    """Whether a text says that a run is cleaned up.

    >>> is_enabled("Yes"), is_enabled("1"), is_enabled("false"), is_enabled("")
    (True, True, False, False)
    """
    return text.strip().lower() in _YES


def clean_up(base: str, run_id: str, *, enabled: bool = True) -> bool:
    """Remove `{base}/{run_id}`; whether something was removed.

    Whatever goes wrong is logged and not raised: that a folder is left behind is no reason for a job to fail.
    Plain file paths are all that it needs, so it works wherever volumes do, serverless included.

    Args:
        base: the folder that all runs share.
        run_id: whose folder goes; without one nothing does.
        enabled: False leaves everything.
    """
    if not enabled:
        _log.info("cleanup is switched off: %s/%s stays", base, run_id)
        return False
    # An id that is no plain name, such as `..`, would lead to the folders of others.
    problem = run_id_problem(run_id)
    if problem or not base:
        _log.warning("nothing is cleaned up: run id %r %s", run_id, problem or "has no folder to look in")
        return False
    folder = local_path(base.rstrip("/") or "/") / run_id
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        _log.info("nothing to clean up: %s is not there", folder)
        return False
    except OSError as error:
        _log.warning("%s could not be removed: %s", folder, error)
        return False
    _log.info("removed %s", folder)
    return True
