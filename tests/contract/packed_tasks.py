"""Tasks of jobs with packages of their own: what they import is only in the archive that a run is given."""

import os
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

from lakewright import context, get_task_value, job, task

ARCHIVE = "input/libs.zip"


@task
def called(module: str, function: str, numbers: list[int]) -> object:
    """What a function of a package gives."""
    return getattr(import_module(module), function)(*numbers)


@task
def used(module: str, function: str, arguments: list[object]) -> dict[str, object]:
    """What a function of a package gives, and where the package lies."""
    found = import_module(module)
    return {"value": getattr(found, function)(*arguments), "file": found.__file__}


@task
def found(module: str) -> dict[str, object]:
    """Where a module is found, in which process, and what a process that this one starts finds."""
    child = subprocess.run(
        [sys.executable, "-c", f"import {module}; print({module}.__file__)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return {
        "file": import_module(module).__file__,
        "child": child.stdout.strip(),
        "pid": os.getpid(),
        "path": get_task_value("process_deps", "wheelhouse_path"),
        "run": get_task_value("process_deps", "run_id"),
        "size": len(open_wheelhouse()),
    }


def open_wheelhouse() -> bytes:
    """The bytes of the run's wheelhouse, while there is one."""
    with open(str(get_task_value("process_deps", "wheelhouse_path")), "rb") as file:  # noqa: PTH123  one line, one open
        return file.read()


@task
def failing(text: str) -> str:
    """Fails."""
    raise ValueError(text)


@task(run_if="one_failed")
def alert() -> bool:
    """Whether the packages are there: an alert runs without them, too."""
    return find_spec("mine") is not None


@task
def attempts(module: str) -> int:
    """Succeeds at the second attempt."""
    import_module(module)
    if context().attempt < 2:
        message = "try again"
        raise ConnectionError(message)
    return context().attempt


@job(dependencies=ARCHIVE)
def placed() -> dict[str, object]:
    """One task that says what it finds."""
    return found("mine")


@job(dependencies="{archive}")
def chosen(archive: str) -> object:  # noqa: ARG001  it is for the task that makes the packages
    """The archive comes with the run."""
    return called("mine", "version", [])


@job(dependencies=ARCHIVE)
def using(module: str, function: str, arguments: list[object]) -> object:
    """One task that uses a package."""
    return used(module, function, arguments)


@job(dependencies=ARCHIVE)
def broken() -> None:
    """A task fails behind one that does not."""
    failing.after(found("mine"))("on purpose")


@job(dependencies=ARCHIVE)
def watched() -> None:
    """An alert on one of the body's tasks."""
    alert.after(called("mine", "version", []))()


@job(dependencies=ARCHIVE)
def repeated() -> list[object]:
    """A task for each element of a list that another one gives."""
    return [called("mine", "add", number) for number in pairs()]


@task
def pairs() -> list[list[int]]:
    """Numbers to add."""
    return [[1, 2], [3, 4], [5, 6]]


@task
def blocked(gate: str) -> str:
    """Fails until there is a file; gives the version of the package."""
    version: str = import_module("mine").version()
    if not os.path.exists(gate):  # noqa: PTH110  text paths, as parameters are
        message = "the gate is shut"
        raise RuntimeError(message)
    return version


@job(dependencies=ARCHIVE)
def gated(gate: str) -> object:
    """A task that is done before one that is not."""
    return blocked.after(found("mine"))(gate)


@job(dependencies=ARCHIVE)
def followed(gate: str) -> None:
    """A task behind an alert, which is excluded with it, and one that is done before another one fails."""
    first = found("mine")
    called.named("follow_up").after(alert.after(first)())("mine", "version", [])
    blocked.options(run_if="one_success").after(first)(gate)
