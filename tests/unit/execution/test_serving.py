"""A process that makes attempts, asked by pipes as a run asks it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from lakewright import job
from lakewright.errors.raised import Raised
from lakewright.execution.messages import Order, raised_in
from lakewright.io.commit import committed
from lakewright.io.paths import RunPaths
from lakewright.model.invocation import RUN_REFERENCES, invocation_of
from tests.unit.execution import tasks
from tests.unit.execution.runs import is_alive

COMMAND: Final = (sys.executable, "-m", "lakewright.execution.serving")


class Served:
    """The process and its pipes."""

    def __init__(self, root: Path) -> None:
        self.paths = RunPaths(str(root), "daily", "1")
        orders, self._orders = os.pipe()
        answers, theirs = os.pipe()
        self._answers = os.fdopen(answers, "rb")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            [*COMMAND, str(orders), str(theirs)], env=environment, pass_fds=(orders, theirs), start_new_session=True
        )
        os.close(orders)
        os.close(theirs)

    def order(self, key: str, attempt: int = 1) -> None:
        values = dict.fromkeys(RUN_REFERENCES, "") | {"run_id": "1", "attempt": str(attempt), "root": self.paths.root}
        argv = invocation_of(daily.dag, daily.dag.task(key)).to_argv(values)
        os.write(self._orders, Order(argv, self.paths.log(key, attempt), {}).to_line())

    def answer(self) -> Raised | None:
        return raised_in(self._answers.readline())

    def hang_up(self) -> None:
        os.close(self._orders)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._answers.close()


@job
def daily() -> None:
    tasks.add(tasks.number())
    tasks.chat(True)  # noqa: FBT003  it fails
    tasks.pause(60.0)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    process = Served(tmp_path)
    yield process
    process.close()


def test_it_makes_one_attempt_after_the_other_and_ends_when_there_are_no_more(served: Served) -> None:
    for key in ("number", "add"):
        served.order(key)
        assert served.answer() is None
    stored = committed(served.paths, "add").stored
    assert stored is not None
    assert stored.value == 11
    served.hang_up()
    assert served.process.wait(10) == 0


def test_a_failure_is_answered_with_what_was_raised_and_the_next_attempt_is_made(served: Served) -> None:
    served.order("chat")
    served.order("number")
    raised = served.answer()
    assert raised is not None
    assert (raised.kind, raised.message) == ("ValueError", "no file today")
    assert [frame.function for frame in raised.tracebacks[-1].frames][-1] == "chat"
    assert served.answer() is None
    log = Path(served.paths.log("chat", 1))
    assert log.read_text(encoding="utf-8") == "to stdout\nto stderr\n"


def test_what_is_no_invocation_is_answered_too(served: Served) -> None:
    os.write(served._orders, Order(["v0"], "", {}).to_line())  # noqa: SLF001  what no run would send
    raised = served.answer()
    assert raised is not None
    assert raised.kind == "InvocationError"


def test_it_ends_in_the_middle_of_an_attempt_when_the_run_is_gone(served: Served) -> None:
    served.order("number")
    served.answer()
    served.order("pause")
    served.hang_up()
    served.process.wait(10)
    assert not is_alive(served.process.pid)
    assert not Path(served.paths.record("pause")).exists()
