import threading

import pytest

from lakewright.execution.workers import Workers


def test_every_piece_of_work_is_done_before_with_is_left() -> None:
    done: list[int] = []
    workers = Workers(3, done.append)
    with workers:
        for number in range(100):
            workers.put(number)
    assert sorted(done) == list(range(100))


def test_work_is_shared_by_as_many_threads_as_were_asked_for() -> None:
    together = threading.Barrier(3, timeout=10)
    workers: Workers[str] = Workers(3, lambda _: _met(together))
    with workers:
        for name in ("a", "b", "c"):
            workers.put(name)
    assert not together.broken


def _met(barrier: threading.Barrier) -> None:
    barrier.wait()


def test_no_more_threads_start_than_there_is_work() -> None:
    names: set[str] = set()
    workers: Workers[str] = Workers(100, lambda _: names.add(threading.current_thread().name))
    with workers:
        workers.put("a")
        workers.put("b")
    assert names <= {"lakewright-0", "lakewright-1"}


def test_an_error_drops_what_no_thread_has_begun() -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[str] = []

    def work(key: str) -> None:
        begun.set()
        go_on.wait(10)
        done.append(key)

    def interrupt(workers: Workers[str]) -> None:
        with workers:
            workers.put("begun")
            workers.put("waiting")
            begun.wait(10)
            threading.Timer(0.1, go_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt(Workers(1, work))
    assert done == ["begun"]


def test_no_thread_outlives_with() -> None:
    before = threading.active_count()
    workers: Workers[str] = Workers(4, lambda _: None)
    with workers:
        workers.put("a")
    assert threading.active_count() == before
