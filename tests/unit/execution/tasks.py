"""Tasks that processes of their own import; pytest would cost each of them its import."""

import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lakewright import IoManager, context, get_task_value, job, set_task_value, task
from lakewright.io.base import InputContext, OutputContext
from lakewright.model.record import Stored


@task
def number() -> int:
    """A number."""
    return 1


@task
def add(value: int, more: int = 10) -> int:
    """A sum."""
    return value + more


@task
def total(*values: int) -> int:
    """The sum of all."""
    return sum(values)


@task
def nothing() -> None:
    """Nothing."""


@task
def fail(message: str = "no file today") -> int:
    """Fails."""
    raise ValueError(message)


@task
def fail_once(folder: str) -> int:
    """Fails in its first attempt."""
    if context().attempt == 1:
        raise ConnectionError(folder)
    return context().attempt


@task
def odd() -> object:
    """What no format holds."""
    return {"rows": {1, 2}}


@task
def leave(code: int | str | None) -> int:
    """Wants to end the process."""
    sys.exit(code)


@task
def die() -> int:
    """Ends the process at once, with success."""
    os._exit(0)


@task
def leave_a_bomb(folder: str) -> int:
    """Is done, but its process ends when there is a file `go`."""

    def wait() -> None:
        while not (Path(folder) / "go").exists():
            time.sleep(0.01)
        os._exit(3)

    threading.Thread(target=wait, daemon=True).start()
    return 1


@task
def go(folder: str) -> int:
    """Lets the bomb go off that was left in its own process."""
    (Path(folder) / "go").touch()
    time.sleep(10)
    return 1


@task
def killed() -> int:
    """Is killed."""
    os.kill(os.getpid(), 9)
    return 1


@task
def pause(seconds: float) -> float:
    """Takes its time."""
    time.sleep(seconds)
    return seconds


@task
def hang(folder: str) -> int:
    """Never ends, nor does the process that it starts; leaves the ids of both."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (Path(folder) / f"attempt-{context().attempt}").write_text(f"{os.getpid()} {child.pid}", encoding="utf-8")
    time.sleep(60)
    return 1


@task
def hang_once(folder: str) -> int:
    """Hangs in its first attempt."""
    attempt = context().attempt
    (Path(folder) / f"attempt-{attempt}").touch()
    if attempt == 1:
        time.sleep(60)
    return attempt


@task
def outlive(seconds: float) -> int:
    """Is done, but its process goes on: a thread of it does."""
    threading.Thread(target=time.sleep, args=[seconds]).start()
    return 1


@task
def linger() -> int:
    """Leaves a process behind that holds its stderr."""
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(5)"])
    return os.getpid()


@task
def warn(text: str) -> int:
    """Writes to stderr."""
    sys.stderr.write(text)
    return 1


@task
def warn_and_hang(text: str) -> int:
    """Writes to stderr and never ends."""
    sys.stderr.write(text)
    time.sleep(60)
    return 1


@task
def chat(fails: bool = False) -> int:  # noqa: FBT001, FBT002  a parameter of a task
    """Says something in every way there is."""
    sys.stdout.write("to stdout\n")
    sys.stderr.write("to stderr\n")
    if fails:
        message = "no file today"
        raise ValueError(message)
    return 1


@task
def shout() -> int:
    """Writes past Python's streams, and closes them."""
    context().logger.info("to the logger")
    os.write(1, b"to the descriptor\n")
    subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
    sys.stdout.buffer.write(b"no text: \xff\n")
    sys.stdout.buffer.flush()
    sys.stdout.close()
    sys.stderr.close()
    return 1


@task
def announce(form: str = "") -> int:
    """Logs, with or without a set-up of its own."""
    if form:
        logging.basicConfig(format=form)
    context().logger.info("to the logger")
    logging.getLogger("of.the.user").warning("careful")
    return 1


@task
def flood(megabytes: int) -> int:
    """Prints a lot."""
    for number in range(megabytes):
        sys.stdout.write(f"megabyte {number}\n{'x' * 1_000_000}\n")
    return 1


@task
def publish(value: object) -> None:
    """Sets a task value."""
    set_task_value("found", value)


@task
def collect(key: str) -> object:
    """Takes a task value."""
    return get_task_value(key, "found")


@task
def where() -> list[str]:
    """What a task sees of its run."""
    here = context()
    names = [here.job, here.key, here.run_id, str(here.attempt), here.target, here.catalog, here.schema]
    return [*names, str(here.data), str(here.root), here.logger.name]


@task
def place(*_parents: tuple[int, int]) -> tuple[int, int]:
    """The process and the thread that it runs in."""
    return os.getpid(), threading.get_ident()


@task
def meet(folder: str, others: int) -> int:
    """Waits until so many run at once."""
    (Path(folder) / context().key).touch()
    ended = time.monotonic() + 20
    while len(list(Path(folder).iterdir())) < others:
        assert time.monotonic() < ended, "the others do not come"
        time.sleep(0.01)
    return others


@task
def generate() -> object:
    """A generator, which nobody can keep."""
    return (number for number in range(3))


@task
def fork() -> int:
    """Has a child process that goes on where it does."""
    pid = os.fork()
    return os.getpid() if pid else 0


@task
def fork_badly() -> int:
    """Has a child process that fails; waits for it."""
    pid = os.fork()
    if not pid:
        raise SystemExit(7)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@task
def close_stdout() -> int:
    """Closes what others print to."""
    sys.stdout.close()
    sys.stderr.close()
    return 1


@task
def print_much(megabytes: int) -> int:
    """Prints more than anybody reads."""
    line = "x" * 1023 + "\n"
    for _ in range(megabytes * 1024):
        sys.stdout.write(line)
    return megabytes


not_a_task: Final = 7


def plain(value: int = 5) -> int:
    """A function that nobody decorated."""
    return value


@dataclass(eq=False)
class Journal(IoManager):
    """Keeps text files in a folder, and a journal of what it is asked to do."""

    folder: str
    entries: list[str] = field(default_factory=list, init=False)

    def setup(self) -> None:
        """Takes note."""
        self.entries.append("setup")

    def write(self, context: OutputContext, value: object) -> Stored | None:
        """A file for the task."""
        self.entries.append(f"write {context.task}")
        file = Path(self.folder or context.target.root) / f"{context.run_id}-{context.task}.txt"
        file.write_text(repr(value), encoding="utf-8")
        return None

    def read(self, context: InputContext) -> object:
        """The text of the file."""
        self.entries.append(f"read {context.task}")
        file = Path(self.folder or context.target.root) / f"{context.run_id}-{context.task}.txt"
        return file.read_text(encoding="utf-8")


@dataclass
class Prefixed(IoManager):
    """Built inline: found again by its class and field."""

    prefix: str

    def write(self, context: OutputContext, value: object) -> Stored:  # noqa: ARG002  wherever it comes from
        """The value behind the prefix."""
        return Stored(format="json", value=f"{self.prefix}{value}")

    def read(self, context: InputContext) -> object:
        """The text."""
        return context.stored.value


@dataclass
class SetUp(Prefixed):
    """Leaves a line in a file each time that it is set up."""

    def setup(self) -> None:
        """Takes note."""
        with Path(self.prefix).open("a", encoding="utf-8") as journal:
            journal.write("set up\n")


journal = Journal("")


@task(io=journal)
def kept() -> int:
    """Kept by the module's manager."""
    return 42


@task(io=Prefixed("p:"))
def prefixed() -> int:
    """Kept by an inline manager."""
    return 7


@task
def see(value: object) -> str:
    """What arrived."""
    return repr(value)


@job
def first() -> str:
    """Has a `load` of its own."""

    @task
    def load() -> str:
        return "first"

    return see(load())


@job
def second() -> str:
    """Has another `load`."""

    @task
    def load() -> str:
        return "second"

    @task
    def unused() -> str:
        return "unused"

    return see(load())
