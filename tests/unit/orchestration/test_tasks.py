"""Tasks that are wired by hand."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from typing import Any

import pytest

from lakewright import task
from lakewright.errors.authoring import CallError, ConstantError, SettingError
from lakewright.execution.result import RunResult
from lakewright.orchestration import Pipeline, Task, step


def nothing() -> None: ...


def take(rows: object, limit: int = 3) -> object:
    return repr((rows, limit))


def run(*tasks: Task) -> RunResult[None]:
    pipeline = Pipeline("by-hand")
    for each in tasks:
        pipeline.add_task(each)
    return pipeline.run()


def test_downstream_gives_the_other_task_so_that_chains_can_be_written() -> None:
    a, b, c = (Task(name, nothing) for name in "abc")
    assert a.set_downstream(b).set_downstream(c) is c
    assert (a.downstream, b.upstream, c.upstream) == ((b,), (a,), (b,))


def test_upstream_gives_the_task_itself() -> None:
    a, b = Task("a", nothing), Task("b", nothing)
    assert b.set_upstream(a) is b
    assert b.upstream == (a,)


def test_shifts_are_chains() -> None:
    a, b, c = (Task(name, nothing) for name in "abc")
    assert a >> b >> c is c
    assert c.upstream == (b,)


def test_an_edge_is_there_once() -> None:
    a = Task("a", nothing)
    b = Task("b", take, args=(a,))
    a.set_downstream(b)
    b.set_upstream(a)
    dag = Pipeline("p").add_task(a).add_task(b).dag
    assert [(edge.upstream, edge.downstream, edge.argument) for edge in dag.data_edges] == [("a", "b", "rows")]


def test_outputs_arrive_wherever_they_are_passed() -> None:
    one, two = Task("one", lambda: 1), Task("two", lambda: 2)
    taken = Task("take", take, args=([one, {"two": (two, 3)}],), kwargs={"limit": one})
    assert run(one, two, taken)["take"] == "([1, {'two': (2, 3)}], 1)"


def test_a_function_that_does_not_say_what_it_takes_is_called_as_it_is_wired() -> None:
    one = Task("one", lambda: [3, 1, 2])
    most = Task("most", max, args=(one,), kwargs={"default": 0})
    assert run(one, most)["most"] == 3


def test_a_task_that_brings_its_settings_keeps_those_that_nothing_replaces() -> None:
    @task(retries=5, run_if="all_done", tags=["gold"])
    def mine() -> None: ...

    kept = Task("a", mine).function.settings
    changed = Task("b", mine, retries=1, trigger_rule="one_failed").function.settings
    assert (kept.retry.retries, kept.run_if, kept.tags) == (5, "all_done", ("gold",))
    assert (changed.retry.retries, changed.run_if, changed.tags) == (1, "one_failed", ("gold",))
    assert mine.settings.retry.retries == 5


def test_a_delay_between_attempts_is_always_the_same() -> None:
    retry = Task("a", nothing, retries=3, retry_delay=2).function.settings.retry
    assert [retry.wait(failures) for failures in (1, 2, 3)] == [2.0, 2.0, 2.0]


def test_attempts_are_one_more_than_retries() -> None:
    attempts = count(1)

    def flaky() -> int:
        attempt = next(attempts)
        if attempt < 3:
            raise ValueError(attempt)
        return attempt

    result = run(Task("flaky", flaky, retries=2, retry_delay=0))
    assert (result["flaky"], result.outcomes["flaky"].attempts) == (3, 3)


def test_a_type_error_of_a_function_is_its_own_and_not_tried_otherwise() -> None:
    calls: list[object] = []

    def wrong(context: object = None) -> None:
        calls.append(context)
        raise TypeError

    failing = Task("wrong", wrong)
    run(failing)
    assert len(calls) == 1
    assert failing.status == "FAILED"


def test_status_and_result_show_the_latest_run() -> None:
    seen: list[str] = []

    def look() -> int:
        seen.append(one.status)
        return 1

    one = Task("one", look)
    fails, child = Task("fails", lambda: 1 / 0), Task("child", nothing)
    silent = Task("silent", nothing, trigger_rule="one_failed")
    fails >> child
    one >> silent
    assert (one.status, one.result) == ("PENDING", None)
    run(one, fails, child, silent)
    assert seen == ["RUNNING"]
    assert [each.status for each in (one, fails, child, silent)] == ["SUCCESS", "FAILED", "SKIPPED", "SKIPPED"]
    assert (one.result, fails.result, child.result) == (1, None, None)


def test_a_context_is_given_only_where_it_is_asked_for_and_not_given() -> None:
    def plain(**rest: object) -> list[str]:
        return list(rest)

    def own(context: object) -> object:
        return context

    first = Task("first", lambda: 1)
    others = Task("plain", plain), Task("own", own, args=(5,)), Task("named", own, kwargs={"context": 6})
    for other in others:
        first >> other
    assert dict(run(first, *others)) == {"first": 1, "plain": [], "own": 5, "named": 6}


def test_a_context_holds_what_succeeded_before_near_and_far() -> None:
    def shown(context: Mapping[str, Any]) -> list[Any]:
        assert context.get("fails") is None
        assert "unrelated" not in context
        return [sorted(context), context["none"], len(context), repr(context)]

    none, fails = Task("none", nothing), Task("fails", lambda: 1 / 0)
    between = Task("between", nothing, trigger_rule="all_done")
    last = Task("last", shown)
    none >> between >> last
    fails >> between
    result = run(Task("unrelated", nothing), none, fails, between, last)
    assert result["last"] == [["between", "none"], None, 2, "<results of none, between>"]


def test_a_context_cannot_be_set() -> None:
    def write(context: dict[str, int]) -> None:
        context["a"] = 1

    result = run(Task("write", write))
    assert "what a task hands on is what it returns" in str(result.outcomes["write"].error)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Task("a b", nothing), SettingError, "name='a b' may hold only letters"),
        (lambda: Task("a", 5), SettingError, "Task 'a': action=5 is not a function"),  # type: ignore[arg-type]
        (lambda: Task("a", partial(nothing)), SettingError, "is not a function"),
        (lambda: Task("a", nothing, retries=-1), SettingError, "Task 'a': retries=-1 is not a whole number, 0 or more"),
        (lambda: Task("a", nothing, retry_delay=math.nan), SettingError, "retry_delay=nan is not a number of seconds"),
        (lambda: Task("a", nothing, trigger_rule="one_faild"), SettingError, "did you mean 'one_failed'"),
        (lambda: Task("a", nothing, args=(1,)), CallError, r"task 'a\(\) -> None': too many positional arguments"),
        (lambda: Task("a", take, kwargs={"row": 1}), CallError, "no parameter 'row'; did you mean 'rows'"),
        (lambda: Task("a", take), CallError, "missing a required argument: 'rows'"),
        (lambda: Task("a", take, args=(object(),)), ConstantError, "argument 'rows' is an object"),
        (lambda: Task("a", take, args=(step(nothing),)), ConstantError, r"did you mean nothing\(…\)"),
        (lambda: Task("a", nothing).set_downstream(5), SettingError, r"set_downstream\(\) takes a Task, not 5"),  # type: ignore[arg-type]
        (lambda: Task("a", nothing) >> step(nothing), SettingError, r"did you mean nothing\(\)"),  # type: ignore[operator]
        (lambda: Task("a", nothing).set_upstream([]), SettingError, "set_upstream"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_is_refused_at_its_line(
    make: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        make()
    assert "test_tasks.py:" in str(caught.value)
