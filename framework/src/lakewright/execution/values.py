"""Task values: small JSON values by name, for other tasks of the same run, in whatever process they run."""

from __future__ import annotations

import json
import os
from typing import Final

from lakewright.errors.running import RunError
from lakewright.execution.context import refuse_inside_body, task_context
from lakewright.io.files import get, put
from lakewright.model.names import task_key_problem
from lakewright.model.target import ON_PLATFORM
from lakewright.model.values import described, is_json, to_text

# Source: Databricks, "Use task values to pass information between tasks".
MAX_BYTES: Final = 48 * 1024
_MISSING: Final = object()
RESERVED: Final = "lw_"


def set_task_value(key: str, value: object) -> None:
    """Give the run a small value by name.

    On the platform it is also a task value there, so that `{{tasks.….values.…}}` finds it. Outside of a run the value
    is only checked.

    Args:
        key: letters, digits, `_` and `-`.
        value: JSON types, at most 48 KiB as JSON.

    Raises:
        RunError: the name or the value cannot be a task value.

    >>> from lakewright import job, task
    >>> @task
    ... def load() -> list[str]:
    ...     set_task_value("newest", "2013-01-31")
    ...     return ["2013-01-30", "2013-01-31"]
    >>> @task
    ... def newest() -> object:
    ...     return get_task_value("load", "newest")
    >>> @job
    ... def daily() -> object:
    ...     return newest.after(load())()
    >>> daily.run()
    '2013-01-31'
    """
    _check_name(key)
    if key.startswith(RESERVED):
        raise RunError(f"task value '{key}': names that begin with '{RESERVED}' are set by the framework")
    put_task_value(key, value)


def put_task_value(key: str, value: object) -> None:
    """The same, under any name.

    Raises:
        RunError: the value cannot be a task value.
    """
    content = _content(key, value)
    current = task_context()
    if current is None:
        refuse_inside_body("set_task_value()")
        return
    put(current.paths.value(current.output, key), content)
    dbutils = get_dbutils()
    if dbutils is not None:
        dbutils.jobs.taskValues.set(key=key, value=value)  # type: ignore[attr-defined]  # Databricks' own object has no types


def get_task_value(task_key: str, key: str, *, default: object = _MISSING) -> object:
    """The value that a task of this run has set.

    Raises:
        RunError: it was not set and there is no default.

    >>> get_task_value("load", "newest", default="never")
    'never'
    """
    _check_name(task_key)
    _check_name(key)
    current = task_context()
    if current is None:
        refuse_inside_body("get_task_value()")
    content = get(current.paths.value(task_key, key)) if current else None
    if content is not None:
        return json.loads(content)
    if default is _MISSING:
        where = f"in run '{current.run_id}'" if current else "outside of a run"
        raise RunError(
            f"task '{task_key}' has set no value '{key}' {where}",
            hint="Let this task run after the one that sets it (task.after), or pass default=.",
        )
    return default


def get_dbutils() -> object | None:
    """Databricks' `dbutils` on the platform; None anywhere else.

    >>> print(get_dbutils())
    None
    """
    if ON_PLATFORM not in os.environ:
        return None
    from importlib import import_module

    dbutils: object = import_module("databricks.sdk.runtime").dbutils
    return dbutils


def _check_name(name: object) -> None:
    problem = task_key_problem(name)
    if problem:
        raise RunError(f"task value {name!r}: the name {problem}")


def _content(key: str, value: object) -> bytes:
    if not is_json(value):
        raise RunError(
            f"task value '{key}' is {described(type(value))} that is not made of JSON's own types",
            hint="Task values are text, numbers, booleans, None, and lists and dicts of them;\n"
            "return anything else from the task.",
        )
    content = to_text(value).encode()
    if len(content) > MAX_BYTES:
        raise RunError(
            f"task value '{key}' has {len(content):,} bytes; at most {MAX_BYTES:,} are allowed",
            hint="Return it from the task instead.",
        )
    return content
