import inspect
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from lakewright import Retry, task
from lakewright.authoring.current import current_recorder
from lakewright.authoring.handle import Handle
from lakewright.authoring.tracing import Tracer
from lakewright.errors.authoring import CallError, OutsideBodyError, TraceError
from lakewright.model.binding import Argument, Constant, Output, ParameterValue
from lakewright.model.edge import Edge
from lakewright.model.reference import Reference
from tests.unit.authoring.sample_tasks import clean, load, take, two
from tests.unit.authoring.traced import dag_of, line_of, trace


def test_arguments_arrive_where_python_would_put_them() -> None:
    def body(month: int) -> None:
        two(load(month), y=load(2))

    dag = dag_of(body)
    assert dag.data_edges == (
        Edge(upstream="load", downstream="two", argument="x"),
        Edge(upstream="load__2", downstream="two", argument="y"),
    )
    assert dag.task("load").arguments == (Argument("month", ParameterValue("month")),)
    assert dag.task("load__2").arguments == (Argument("month", Constant("2")),)


def test_one_upstream_twice_is_two_data_edges_and_one_dependency() -> None:
    def body() -> None:
        rows = load(1)
        two(rows, rows)

    dag = dag_of(body)
    assert [edge.argument for edge in dag.data_edges] == ["x", "y"]
    assert dag.upstream("two") == ("load",)


def test_constants_are_recorded_never_dropped() -> None:
    def body() -> None:
        two(42, None)

    assert [argument.binding for argument in dag_of(body).task("two").arguments] == [Constant("42"), Constant("null")]


def test_values_that_are_the_same_object_make_no_edge() -> None:
    one: list[int] = []

    def body() -> None:
        load(1)
        load(1)
        clean(one)
        clean(one)

    assert dag_of(body).edges == ()


def test_order_alone_is_an_edge_without_an_argument() -> None:
    def body() -> None:
        first, second = load(1), load(2)
        clean.after(first, second)(second)

    dag = dag_of(body)
    assert dag.data_edges == (
        Edge(upstream="load__2", downstream="clean", argument="rows"),
        Edge(upstream="load", downstream="clean"),
        Edge(upstream="load__2", downstream="clean"),
    )
    assert dag.edges == (("load__2", "clean"), ("load", "clean"))


def test_a_task_carries_what_its_author_said_of_it() -> None:
    def body() -> None:
        load.options(retries=Retry(3), tags=["gold"])(1)

    found = dag_of(body).task("load")
    assert found.function == Reference("tests.unit.authoring.sample_tasks", "load")
    assert found.description == "Rows of a month."
    assert (found.settings.retry, found.settings.tags) == (Retry(3), ("gold",))
    assert found.location is not None
    assert found.location.line == line_of(body, "load.options")


def test_every_call_has_its_own_line() -> None:
    def body() -> None:
        rows = load(1)  # first
        two(
            clean(rows),  # second
            load(2),  # third
        )

    lines = [found.location.line for found in dag_of(body).tasks if found.location]
    assert lines[:3] == [line_of(body, "# first"), line_of(body, "# second"), line_of(body, "# third")]


WRONG: Final[Mapping[str, Callable[[], object]]] = {
    r"task 'clean\(rows: list\[int\]\) -> list\[int\]': missing a required argument: 'rows'": lambda: clean(),  # type: ignore[call-arg]  # noqa: PLW0108  the mistake
    "too many positional arguments": lambda: clean([1], 2),  # type: ignore[call-arg]  # the mistake
    "missing a required argument": lambda: clean(row=[1]),  # type: ignore[call-arg]  # the mistake
    "multiple values for argument 'x'": lambda: two(1, x=2),  # type: ignore[misc]  # the mistake
}


@pytest.mark.parametrize("message", WRONG)
def test_a_call_that_the_signature_does_not_take_is_refused(message: str) -> None:
    def body() -> None:
        WRONG[message]()

    with pytest.raises(CallError, match=message) as caught:
        dag_of(body)
    assert caught.value.location is not None
    assert caught.value.location.file.endswith("test_tracing.py")


def test_to_wait_for_a_task_of_another_body_is_refused() -> None:
    kept: list[object] = []

    def first() -> None:
        kept.append(load(1))

    def second() -> None:
        clean.after(*kept)([1])

    dag_of(first)
    with pytest.raises(
        OutsideBodyError, match="task 'clean' is to run after the <future output of task 'load'>"
    ) as caught:
        dag_of(second)
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(second, "clean.after")


def test_an_inner_trace_gives_the_outer_one_back() -> None:
    def code() -> None: ...

    outer, inner = Tracer("outer", code.__code__), Tracer("inner", code.__code__)
    with outer.open():
        with inner.open():
            assert current_recorder.get() is inner
            load(1)
        assert current_recorder.get() is outer
        clean([1])
    assert current_recorder.get() is None
    assert inner.trace(None, ()).dag.nodes == ("load",)
    assert outer.trace(None, ()).dag.nodes == ("clean",)


def test_an_error_gives_the_outer_trace_back_too() -> None:
    def code() -> None: ...

    def fail() -> None:
        with Tracer("inner", code.__code__).open():
            raise ConnectionError

    outer = Tracer("outer", code.__code__)
    with outer.open():
        with pytest.raises(ConnectionError):
            fail()
        assert current_recorder.get() is outer


def test_bodies_can_be_traced_on_many_threads_at_once() -> None:
    together = threading.Barrier(8, timeout=10)

    def body() -> object:
        together.wait()
        return [clean(load(number)) for number in range(20)]

    with ThreadPoolExecutor(8) as pool:
        dags = list(pool.map(lambda _: dag_of(body), range(8)))
    assert all(dag == dags[0] for dag in dags)


def test_tasks_defined_inside_the_body_are_found_by_name() -> None:
    def body() -> None:
        @task
        def inner(rows: list[int]) -> list[int]:
            return rows

        inner(load(1))
        inner(load(2))

    found = trace(body)
    (name,) = found.local_functions
    assert name.endswith("body.<locals>.inner")
    assert found.functions["inner"].function is found.local_functions[name].function


def test_two_tasks_of_one_name_defined_inside_the_body_are_refused() -> None:
    def body() -> None:
        for number in (1, 2):

            @task
            def inner(other: int = number) -> int:
                return other

            inner()

    with pytest.raises(TraceError, match="two tasks that are defined inside the body have the name 'inner'") as caught:
        dag_of(body)
    assert "pass what differs as an argument" in str(caught.value)


def test_a_call_in_a_comprehension_or_a_helper_is_recorded() -> None:
    def helper(month: int) -> list[int]:
        return next(map(load, [month]))

    def body() -> None:
        two([load(month) for month in (1, 2)], helper(3))

    assert dag_of(body).upstream("two") == ("load_1", "load_2", "load")


def test_nothing_of_a_task_runs_while_a_body_is_traced() -> None:
    @task
    def fail() -> int:
        raise AssertionError

    seen: list[object] = []

    def body() -> None:
        seen.append(fail())

    dag_of(body)
    assert isinstance(seen[0], Handle)


def test_a_thousand_calls_in_a_row_have_their_lines() -> None:
    calls = "\n".join("    rows = clean(rows)" for _ in range(999))
    names: dict[str, Callable[[], object]] = {"clean": clean, "load": load}  # type: ignore[dict-item]  # as a module has them
    exec(compile(f"def body():\n    rows = load(1)\n{calls}\n", "jobs.py", "exec"), names)  # noqa: S102  a body that long
    lines = [found.location.line for found in dag_of(names["body"]).tasks if found.location]
    assert lines == list(range(2, 1002))


def test_spread_handles_are_bound_one_by_one() -> None:
    def body() -> None:
        take(*[load(month) for month in (1, 2)])

    (argument,) = dag_of(body).task("take").arguments
    assert argument.kind == "star"
    assert "load_1" in repr(argument.binding)
    assert isinstance(dag_of(body).task("take").arguments[0], Argument)
    assert Output("load_2") in dict(argument.binding.items).values()  # type: ignore[union-attr, arg-type]  # a container


def test_a_call_that_stands_on_one_line_has_its_columns() -> None:
    def body() -> None:
        clean(load(1))

    _, source = inspect.getsourcelines(body)
    places = [task.location for task in dag_of(body).tasks]
    assert [place.line if place else None for place in places] == [source + 1, source + 1]
    columns = [(place.column, place.end_column) if place else None for place in places]
    # Python 3.10 keeps none.
    assert columns == ([(15, 22), (9, 23)] if sys.version_info >= (3, 11) else [(None, None)] * 2)


def test_a_call_on_several_lines_has_the_column_that_it_begins_at() -> None:
    def body() -> None:
        clean(
            load(
                1,
            ),
        )

    _, source = inspect.getsourcelines(body)
    places = [task.location and task.location[1:] for task in dag_of(body).tasks]
    columns = [(13, None), (9, None)] if sys.version_info >= (3, 11) else [(None, None)] * 2
    assert places == [(source + 2, *columns[0]), (source + 1, *columns[1])]
