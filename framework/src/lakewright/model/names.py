"""Which names the platform takes, and which names folders get.

Sources: Databricks' Jobs API reference (task_key: at most 100 characters; job name: 4,096 bytes; parameter names:
letters, digits, `_`, `-`, `.`). The character set of task keys is stricter here than documented, because no source
states it.
"""

from __future__ import annotations

import re
from typing import Final

from lakewright.text.names import slug

MAX_TASK_KEY: Final = 100
MAX_JOB_NAME_BYTES: Final = 4096

_TASK_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_PARAMETER: Final = re.compile(r"[A-Za-z0-9_.-]+")
_FOLDER: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


def task_key_problem(key: object) -> str | None:
    """Why `key` cannot be a task key, or None when it can.

    >>> task_key_problem("clean__2")
    >>> task_key_problem("a b")
    "may hold only letters, digits, '_' and '-'"
    """
    if not isinstance(key, str):
        return "is not a str"
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


def job_name_problem(name: object) -> str | None:
    """Why `name` cannot be a job's name, or None when it can."""
    if not isinstance(name, str):
        return "is not a str"
    if not name.strip():
        return "must not be empty"
    size = len(name.encode())
    return None if size <= MAX_JOB_NAME_BYTES else f"has {size} bytes; at most {MAX_JOB_NAME_BYTES} are allowed"


def resource_key(job: str) -> str:
    """What a job is called inside its bundle, where names are narrower.

    >>> resource_key("daily-sales EU")
    'daily_sales_EU'
    """
    return slug(job, limit=len(job)).replace("-", "_") or "job"


def run_id_problem(run_id: str) -> str | None:
    """Why `run_id` cannot be a run's id, or None when it can: it names a folder."""
    return None if _FOLDER.fullmatch(run_id) else "may hold only letters, digits, '_', '-' and '.', at most 100"


def folder_name(name: str) -> str:
    """The folder of a job: its name where every file system takes it, else what it can of the name and a checksum.

    >>> folder_name("daily"), folder_name("New York/JFK")
    ('daily', 'New_York_JFK-488e7d2b')
    """
    if _FOLDER.fullmatch(name):
        return name
    # Only names that people write in prose need a checksum.
    from zlib import crc32

    return f"{slug(name)}-{crc32(name.encode()):08x}".lstrip("-")
