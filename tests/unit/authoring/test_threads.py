import threading

from lakewright.authoring.threads import OPEN_TRACES


def is_new() -> bool:
    """Whether a thread that starts now is new to the open traces."""
    found: list[bool] = []
    thread = threading.Thread(target=lambda: found.append(OPEN_TRACES.is_new_thread()))
    thread.start()
    thread.join()
    return found[0]


def test_a_thread_is_new_only_to_traces_that_were_open_before_it() -> None:
    assert not is_new()
    with OPEN_TRACES.opened():
        assert not OPEN_TRACES.is_new_thread()
        assert is_new()
        with OPEN_TRACES.opened():
            assert is_new()
        assert is_new()
    assert not is_new()
