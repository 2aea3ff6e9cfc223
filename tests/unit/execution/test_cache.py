"""Whether a task may be skipped: a verdict on facts, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.execution.cache import CacheRow, differences, digest_of, why_not

FACTS = {
    "runtime": {"Python": "3.12.1"},
    "lock": {"uv.lock": "l1"},
    "source": {"flights/tasks.py": "s1", "shared/names.py": "s2"},
    "call": {"function": "flights.tasks:clean"},
    "constant": {"rows": "5"},
    "argument": {"flights": '{"output":"load"}'},
    "parameter": {"month": "1"},
    "input": {"load": "i1"},
}


def row(facts: dict[str, dict[str, str]], run_id: str = "r1") -> CacheRow:
    """What is kept of a task that was run with these facts."""
    return CacheRow("delays", "clean", digest_of(facts), facts, run_id, 1, "", {})


def changed(kind: str, **values: str) -> dict[str, dict[str, str]]:
    """The facts with others of one kind."""
    return {**FACTS, kind: {**FACTS[kind], **values}}


def test_equal_facts_have_one_digest_and_no_difference() -> None:
    assert digest_of(FACTS) == digest_of({kind: dict(values) for kind, values in FACTS.items()})
    assert list(differences(FACTS, FACTS)) == []


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (changed("source", **{"flights/tasks.py": "s9"}), "source of flights/tasks.py changed"),
        (changed("source", **{"flights/new.py": "s9"}), "source of flights/new.py is new"),
        ({**FACTS, "source": {"flights/tasks.py": "s1"}}, "source of shared/names.py is gone"),
        (changed("lock", **{"uv.lock": "l2"}), "uv.lock changed"),
        (changed("runtime", Python="3.13.0"), "Python: 3.12.1 → 3.13.0"),
        (changed("constant", rows="6"), "constant rows: 5 → 6"),
        (changed("constant", rows=f'"{50 * "x"}"'), "constant rows changed"),
        (changed("argument", flights='{"output":"other"}'), "argument flights changed"),
        (changed("parameter", month="2"), "parameter month: 1 → 2"),
        (changed("parameter", month=""), "parameter month: 1 → none"),
        (changed("parameter", day="5"), "parameter day is new"),
        (changed("input", load="i2"), "input load changed"),
    ],
)
def test_a_difference_is_told_in_words(now: dict[str, dict[str, str]], told: str) -> None:
    assert why_not(now, [row(FACTS)]) == told


def test_without_an_earlier_run_there_is_nothing_to_compare() -> None:
    assert why_not(FACTS, []) == "no earlier run"


def test_the_nearest_of_the_earlier_runs_is_told() -> None:
    far = changed("source", **{"flights/tasks.py": "s9", "shared/names.py": "s9"})
    assert why_not(changed("parameter", month="2"), [row(far), row(FACTS)]) == "parameter month: 1 → 2"


def test_of_equally_near_runs_the_latest_is_told() -> None:
    earlier = [row(changed("parameter", month="3")), row(changed("parameter", month="1"))]
    assert why_not(changed("parameter", month="2"), earlier) == "parameter month: 3 → 2"


def test_more_than_three_differences_are_counted() -> None:
    now = {**FACTS, "parameter": {"a": "1", "b": "1", "c": "1", "d": "1"}}
    assert why_not(now, [row(FACTS)]) == ("parameter month is gone; parameter a is new; parameter b is new; and 2 more")


KINDS = st.sampled_from(sorted(FACTS))
ANY_FACTS = st.dictionaries(KINDS, st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3), max_size=4)


@given(ANY_FACTS, ANY_FACTS)
def test_facts_differ_if_something_can_be_told_of_it(
    one: dict[str, dict[str, str]], two: dict[str, dict[str, str]]
) -> None:
    def said(facts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {kind: values for kind, values in facts.items() if values}

    assert bool(list(differences(one, two))) == (said(one) != said(two))
