import threading

import pytest

from lakewright.execution.threads import Threads


def test_every_piece_of_work_is_done_before_with_is_left() -> None:
    done: list[tuple[str, int]] = []
    threads = Threads(3, lambda key, attempt: done.append((key, attempt)))
    with threads:
        for number in range(100):
            threads.put("task", number)
    assert sorted(done) == [("task", number) for number in range(100)]


def test_work_is_shared_by_as_many_threads_as_were_asked_for() -> None:
    together = threading.Barrier(3, timeout=10)

    def work(_key: str, _attempt: int) -> None:
        together.wait()

    threads = Threads(3, work)
    with threads:
        for _ in range(3):
            threads.put("task", 1)
    assert not together.broken


def test_an_error_drops_what_no_thread_has_begun() -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[str] = []

    def work(key: str, _attempt: int) -> None:
        begun.set()
        go_on.wait(10)
        done.append(key)

    def interrupt(threads: Threads) -> None:
        with threads:
            threads.put("begun", 1)
            threads.put("waiting", 1)
            begun.wait(10)
            threading.Timer(0.1, go_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt(Threads(1, work))
    assert done == ["begun"]


def test_no_thread_outlives_with() -> None:
    before = threading.active_count()
    threads = Threads(4, lambda _key, _attempt: None)
    with threads:
        pass
    assert threading.active_count() == before
