"""Loops over future lists: a run here, and one of the generated definition, give the same."""

from typing import Any, Final

import pytest

from lakewright import job
from tests.contract.both import both, definition_of
from tests.contract.composed_tasks import (
    doubled,
    exported,
    flaky,
    frames,
    halves,
    height,
    joined,
    length,
    mixed,
    names,
    nothing,
    numbers,
    parts,
    shown,
    tidied,
)

FIELDS: Final = {"email_notifications": {"on_failure": ["a@example.com"]}, "disable_auto_optimization": False}


@job
def words(text: str = "a bb ccc") -> tuple[list[int], str]:
    """Lengths of words."""
    found = names(text)
    lengths = []
    for word in found:
        lengths.append(length(word, plus=1))  # noqa: PERF401  as users write it
    twice = [doubled(number) for number in lengths]
    return twice, joined(lengths, {"twice": twice, "words": found})


def test_results_come_in_the_order_of_the_list() -> None:
    gave = both(words)
    assert gave.value == ([4, 6, 8], "(([2, 3, 4], {'twice': [4, 6, 8], 'words': ['a', 'bb', 'ccc']}), {})")
    assert gave.reasons == {"length": "3 iterations", "doubled": "3 iterations"}


def test_a_list_of_one_element_gives_a_list_of_one_result() -> None:
    gave = both(words, text="ccc")
    assert gave.value == ([8], "(([4], {'twice': [8], 'words': ['ccc']}), {})")
    assert gave.reasons == {"length": "1 iteration", "doubled": "1 iteration"}


def test_a_list_without_elements_gives_a_list_without_elements() -> None:
    gave = both(words, text="")
    assert gave.value == ([], "(([], {'twice': [], 'words': []}), {})")
    assert set(gave.states.values()) == {"success"}


def test_an_element_that_fails_fails_the_task_and_no_other_element() -> None:
    @job(name="words")
    def failing(text: str) -> str:
        lengths = [length(word) for word in names(text)]
        tidied.after(*lengths)()
        return joined(lengths)

    gave = both(failing, text="a x bb xx")
    assert gave.states == {
        "names": "success", "length": "failed", "tidied": "success", "joined": "upstream_failed",
    }  # fmt: skip
    assert gave.reasons["length"] == "2 of 4 iterations failed: 1, 3"


def test_elements_keep_their_types() -> None:
    @job
    def typed() -> list[str]:
        return [shown(value) for value in mixed()]

    assert both(typed).value == [repr(value) for value in mixed()]


def test_elements_may_be_objects_and_frames() -> None:
    @job
    def objects() -> tuple[list[str], list[str], list[int]]:
        found = parts()
        return [shown(part) for part in found], [shown(part.name) for part in found], height.map(frames())

    assert both(objects).value == ([repr(part) for part in parts()], ["'a'", "'b'"], [2, 1])


def test_what_an_element_gives_may_be_nothing_or_taken_apart() -> None:
    @job
    def apart() -> tuple[list[None], str, list[str]]:
        found = names("some words")
        pairs = [halves(word) for word in found]
        both_halves = [shown(second) for _, second in pairs]
        return nothing.map(found), joined([first for first, _ in pairs]), both_halves

    assert both(apart).value == ([None, None], "((['so', 'wo'],), {})", ["'me'", "'rds'"])


def test_a_list_parameter_is_looped_over() -> None:
    @job
    def listed(cities: list[str] = ["Ulm"]) -> list[int]:  # noqa: B006  a default that nobody changes
        return length.map(cities)

    assert both(listed).value == [3]
    assert both(listed, cities='["Köln","Bonn",""]').value == [4, 4, 0]


def test_each_element_is_tried_again_by_itself() -> None:
    @job
    def tried() -> list[int]:
        return flaky.map(names("a bb"))

    assert both(tried).value == [1, 2]


def test_each_element_has_a_file_of_its_own() -> None:
    @job
    def kept() -> str:
        return joined(exported.map(names("a bb")))

    assert both(kept).value == "(([{'word': 'a'}, {'word': 'bb'}],), {})"


def test_a_loop_over_constants_may_hold_one_over_a_list() -> None:
    @job
    def nested() -> list[str]:
        return [joined([doubled(number) for number in numbers(count)]) for count in (0, 2)]

    assert both(nested).value == ["(([],), {})", "(([0, 2],), {})"]


def test_retries_and_compute_are_those_of_the_inner_task_and_its_place_that_of_the_outer() -> None:
    @job
    def placed() -> None:
        found = names("a b")
        again = flaky.options(run_if="all_done", timeout=60, concurrency=3, databricks=FIELDS)
        for word in found:
            again(word)

    _, task = definition_of(placed)["tasks"]
    loop: dict[str, Any] = task["for_each_task"]
    inner = loop["task"]
    assert (task["run_if"], task["depends_on"]) == ("ALL_DONE", [{"task_key": "names"}])
    assert (loop["inputs"], loop["concurrency"]) == ("{{tasks.names.values.lw_items}}", 3)
    assert (inner["task_key"], inner["max_retries"], inner["timeout_seconds"]) == ("flaky_each", 1, 60)
    assert "environment_key" in inner
    assert (task["email_notifications"], inner["disable_auto_optimization"]) == (FIELDS["email_notifications"], False)
    assert not {"max_retries", "timeout_seconds", "environment_key", "python_wheel_task"} & task.keys()


@pytest.mark.parametrize("key", ["load-all", "load_all"])
def test_a_key_that_is_no_identifier_is_quoted_where_it_is_referred_to(key: str) -> None:
    @job
    def keyed() -> list[int]:
        return length.map(names.named(key)("a bb"))

    assert both(keyed).value == [1, 2]
