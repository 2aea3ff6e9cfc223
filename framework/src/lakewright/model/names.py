"""Which names the platform takes, and who must have them.

Sources: Databricks' Jobs API reference (task_key: at most 100 characters; job name: 4,096 bytes; parameter names:
letters, digits, `_`, `-`, `.`). The character set of task keys is stricter here than documented, because no source
states it.
"""

from __future__ import annotations

import re
from typing import Final

MAX_TASK_KEY: Final = 100
MAX_JOB_NAME_BYTES: Final = 4096

_TASK_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_PARAMETER: Final = re.compile(r"[A-Za-z0-9_.-]+")


def task_key_problem(key: str) -> str | None:
    """Why `key` cannot be a task key, or None when it can.

    >>> task_key_problem("clean__2")
    >>> task_key_problem("a b")
    "may hold only letters, digits, '_' and '-'"
    """
    if not key:
        return "must not be empty"
    if len(key) > MAX_TASK_KEY:
        return f"has {len(key)} characters; at most {MAX_TASK_KEY} are allowed"
    if not _TASK_KEY.fullmatch(key):
        return "may hold only letters, digits, '_' and '-'"
    return None


def parameter_name_problem(name: str) -> str | None:
    """Why `name` cannot be a job parameter, or None when it can."""
    return None if _PARAMETER.fullmatch(name) else "may hold only ASCII letters, digits, '_', '-' and '.'"


def job_name_problem(name: str) -> str | None:
    """Why `name` cannot be a job's name, or None when it can."""
    if not name.strip():
        return "must not be empty"
    size = len(name.encode())
    return None if size <= MAX_JOB_NAME_BYTES else f"has {size} bytes; at most {MAX_JOB_NAME_BYTES} are allowed"
