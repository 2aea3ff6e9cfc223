"""Tasks that the processes of isolated runs import."""

import os
import sys
import threading
import time
from pathlib import Path

from lakewright import context, get_task_value, set_task_value, task


@task
def step(name: str, *inputs: str, fails: bool = False) -> str:
    """The names of all that came before, and this one."""
    sys.stdout.write(f"step {name}\n")
    if fails:
        message = f"{name} fails"
        raise ValueError(message)
    return "".join([*inputs, name])


@task
def say(text: str) -> str:
    """The text."""
    return text


@task
def flaky(until: int) -> object:
    """Fails before an attempt has this number; gives what the first attempt has set."""
    attempt = context().attempt
    set_task_value(f"attempt-{attempt}", attempt)
    if attempt < until:
        message = f"attempt {attempt} fails"
        raise ConnectionError(message)
    return get_task_value(context().key, "attempt-1")


@task
def flaky_as(until: str) -> int:
    """Fails before an attempt has this number."""
    if context().attempt < int(until):
        message = f"attempt {context().attempt} fails"
        raise ConnectionError(message)
    return context().attempt


@task
def sleep(seconds: float) -> float:
    """Takes its time and prints when."""
    started = time.time()
    time.sleep(seconds)
    sys.stdout.write(f"{started} {time.time()}\n")
    return seconds


@task
def sleep_for(seconds: str) -> float:
    """Takes its time."""
    time.sleep(float(seconds))
    return float(seconds)


@task
def sleep_as(trace: str, seconds: float) -> None:
    """Takes its time, under the process id that it leaves in a file."""
    Path(trace).write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(seconds)


@task
def leave(code: int) -> int:
    """Ends the process instead of itself."""
    sys.exit(code)


@task
def die() -> int:
    """Ends the process at once, with success."""
    os._exit(0)


@task
def outlive(seconds: float) -> int:
    """Is done, but its process goes on: a thread of it does."""
    threading.Thread(target=time.sleep, args=[seconds]).start()
    return 1


@task
def end_badly() -> int:
    """Is done, but then its process ends badly."""

    def end() -> None:
        threading.main_thread().join()
        os._exit(3)

    threading.Thread(target=end).start()
    return 1


@task
def items(values: str) -> str:
    """Sets task values of every kind."""
    words = values.split()
    set_task_value("list", words)
    set_task_value("objects", [{"name": word, "size": len(word)} for word in words])
    set_task_value("count", len(words))
    set_task_value("any", bool(words))
    return values


@task
def where() -> dict[str, str]:
    """The places and names that a task sees."""
    here = context()
    return {
        "run": here.run_id,
        "target": here.target,
        "root": str(here.root),
        "data": str(here.data),
        "catalog": here.catalog,
        "schema": here.schema,
    }


@task
def traced() -> str:
    """The span that its process goes on from."""
    return os.environ.get("TRACEPARENT", "")
