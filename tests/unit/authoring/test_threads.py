import threading

from lakewright.authoring.threads import OPEN_TRACES
from lakewright.authoring.tracing import Tracer


def around_new_thread() -> list[str]:
    """The traces that a thread which starts now may belong to, by name."""
    found: list[str] = []
    thread = threading.Thread(
        target=lambda: found.extend(recorder.name for recorder in OPEN_TRACES.around_new_thread())
    )
    thread.start()
    thread.join()
    return found


def test_a_thread_is_new_only_to_traces_that_were_open_before_it() -> None:
    def body() -> None: ...

    outer, inner = Tracer("outer", body.__code__), Tracer("inner", body.__code__)
    assert around_new_thread() == []
    with OPEN_TRACES.opened(outer):
        assert OPEN_TRACES.around_new_thread() == []
        assert around_new_thread() == ["outer"]
        with OPEN_TRACES.opened(inner):
            assert around_new_thread() == ["outer", "inner"]
        assert around_new_thread() == ["outer"]
    assert around_new_thread() == []
