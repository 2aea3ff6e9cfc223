"""Managers in this process: found by their specification, set up once."""

import threading
import time

import pytest

from lakewright.errors.project import LoadError
from lakewright.errors.running import InvocationError
from lakewright.execution.managers import find, ready
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.default import DefaultIo
from lakewright.model.task import IoSpec
from tests.unit.execution import tasks
from tests.unit.execution.tasks import Journal, Prefixed

MODULE = tasks.__name__


def test_a_manager_is_found_by_its_name_in_a_module() -> None:
    assert find(IoSpec(f"{MODULE}:journal")) is tasks.journal


def test_a_manager_is_built_from_its_class_and_fields() -> None:
    assert find(IoSpec(f"{MODULE}:Prefixed", '{"prefix":"x"}')) == Prefixed("x")


def test_what_is_no_manager_is_refused() -> None:
    with pytest.raises(InvocationError, match=f"'{MODULE}:not_a_task' is not an IO manager but an int"):
        find(IoSpec(f"{MODULE}:not_a_task"))


def test_a_manager_of_one_process_is_refused_with_the_way_out() -> None:
    with pytest.raises(InvocationError, match=r"keeps outputs in one process only.*\n  Leave io= out of @task"):
        find(IoSpec("lakewright.io.memory:MemoryIo", "{}"))


def test_a_name_that_is_gone_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(LoadError, match=r"there is no 'jurnal' in .*tasks.py; did you mean 'journal'"):
        find(IoSpec(f"{MODULE}:jurnal"))


def test_setup_runs_once_however_often_a_manager_is_asked_for() -> None:
    manager = Journal("")
    assert ready(manager) is ready(manager) is manager
    assert manager.entries == ["setup"]


def test_equal_managers_are_set_up_each() -> None:
    one, other = Journal(""), Journal("")
    ready(one)
    ready(other)
    assert (one.entries, other.entries) == (["setup"], ["setup"])


def test_setup_has_ended_before_any_thread_goes_on() -> None:
    class Slow(IoManager):
        started = 0
        done = 0

        def setup(self) -> None:
            self.started += 1
            time.sleep(0.1)
            self.done += 1

        def write(self, context: OutputContext, value: object) -> None: ...

        def read(self, context: InputContext) -> object: ...

    manager = Slow()
    seen: list[int] = []

    def use() -> None:
        ready(manager)
        seen.append(manager.done)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 8
    assert manager.started == 1


def test_a_setup_that_fails_is_tried_again_by_the_next() -> None:
    class Flaky(Journal):
        def setup(self) -> None:
            super().setup()
            if len(self.entries) == 1:
                raise ConnectionError

    manager = Flaky("")
    with pytest.raises(ConnectionError):
        ready(manager)
    ready(manager)
    assert manager.entries == ["setup", "setup"]


def test_a_manager_without_setup_costs_nothing() -> None:
    manager = DefaultIo()
    assert ready(manager) is manager
