"""Alerts that keep silent are found as the rules themselves would show it, scenario by scenario."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.model.alerts import Silence, silent_alerts, skipped_cleanups
from lakewright.model.dag import Dag
from lakewright.model.states import FAILURES, Rule, State, judge

Nodes = Mapping[str, tuple[str, Sequence[str]]]

CHAIN: Final[Nodes] = {"load": ("all_success", []), "clean": ("all_success", ["load"])}
MANY: Final = 30


def dag(nodes: Nodes) -> Dag:
    """Tasks with their rules and parents."""
    made = Dag.from_edges([(up, key) for key, (_, ups) in nodes.items() for up in ups], nodes=nodes)
    tasks = (replace(task, settings=replace(task.settings, run_if=nodes[task.key][0])) for task in made.tasks)
    return replace(made, tasks=tuple(tasks))


def chain(length: int) -> dict[str, tuple[str, Sequence[str]]]:
    """Tasks one after the other."""
    return {f"t{number}": ("all_success", [f"t{number - 1}"] if number else []) for number in range(length)}


@pytest.mark.parametrize("rule", ["one_failed", "all_failed"])
def test_an_alert_behind_what_it_is_not_next_to_is_found_with_what_it_misses(rule: str) -> None:
    (found,) = silent_alerts(dag({**CHAIN, "alert": (rule, ["clean"])}))
    assert found == Silence("alert", ("load",), together=False, skipped=("clean",))


def test_an_alert_beside_every_task_it_hangs_on_is_none() -> None:
    assert list(silent_alerts(dag({**CHAIN, "alert": ("one_failed", ["load", "clean"])}))) == []


def test_an_alert_that_can_never_run_is_found() -> None:
    (found,) = silent_alerts(dag({**CHAIN, "alert": ("all_failed", ["load", "clean"])}))
    assert found == Silence("alert", ("load",), together=False, skipped=("clean",))


def test_an_exclusion_that_hides_a_failure_is_found() -> None:
    nodes: Nodes = {
        "load": ("all_success", []),
        "other": ("all_success", []),
        "mend": ("one_failed", ["other"]),
        "alert": ("all_failed", ["load", "mend"]),
    }
    (found,) = silent_alerts(dag(nodes))
    assert found == Silence("alert", ("load",), together=False, skipped=("mend",))


def test_a_failure_that_takes_several_is_told_as_a_group() -> None:
    nodes: Nodes = {
        "left": ("all_success", []),
        "right": ("all_success", []),
        "either": ("one_success", ["left", "right"]),
        "alert": ("one_failed", ["either"]),
    }
    (found,) = silent_alerts(dag(nodes))
    assert found == Silence("alert", ("left", "right"), together=True, skipped=("either",))


FINE: Final[Mapping[str, Nodes]] = {
    "a fallback of a fallback": {
        "first": ("all_success", []),
        "second": ("one_failed", ["first"]),
        "third": ("one_failed", ["second"]),
        "alert": ("one_failed", ["third"]),
    },
    "a task that runs in any case": {
        "load": ("all_success", []),
        "clear": ("all_done", ["load"]),
        "alert": ("one_failed", ["clear"]),
    },
    "all sources failed": {
        "left": ("all_success", []),
        "right": ("all_success", []),
        "alert": ("all_failed", ["left", "right"]),
    },
    "first and fallback failed": {
        "first": ("all_success", []),
        "second": ("one_failed", ["first"]),
        "alert": ("all_failed", ["first", "second"]),
    },
    "a root": {"alert": ("one_failed", [])},
    "no alert": {**CHAIN, "clear": ("all_done", ["clean"])},
}


@pytest.mark.parametrize("case", FINE)
def test_what_is_meant_so_is_no_finding(case: str) -> None:
    assert list(silent_alerts(dag(FINE[case]))) == []


def test_all_failures_that_are_enough_alone_are_named() -> None:
    (found,) = silent_alerts(dag({**chain(MANY), "alert": ("one_failed", [f"t{MANY - 1}"])}))
    assert found.failures == tuple(f"t{number}" for number in range(MANY - 1))


def test_above_many_tasks_a_pair_that_fails_is_found() -> None:
    # What waits for a failure fails as well, and something waits for its success.
    mended: Nodes = {"first": ("all_success", []), "mend": ("one_failed", ["first"]), "end": ("all_success", ["mend"])}
    (found,) = silent_alerts(dag({**chain(MANY), **mended, "alert": ("one_failed", [*chain(MANY), "end"])}))
    assert found == Silence("alert", ("first", "mend"), together=True, skipped=("end",))


def test_above_many_tasks_a_family_that_fails_is_found() -> None:
    watched = [f"t{number}" for number in range(MANY)]
    either: Nodes = {"a": ("all_success", []), "b": ("all_success", []), "c": ("one_success", ["a", "b"])}
    (found,) = silent_alerts(dag({**chain(MANY), **either, "alert": ("one_failed", [*watched, "c"])}))
    assert found == Silence("alert", ("a", "b"), together=True, skipped=("c",))


def test_a_thousand_tasks_take_no_time() -> None:
    nodes = {**chain(1000), **{f"alert{number}": ("one_failed", ["t999"]) for number in range(3)}}
    assert len(list(silent_alerts(dag(nodes)))) == 3


@st.composite
def graphs(draw: st.DrawFn) -> Nodes:
    rules = st.sampled_from([rule.value for rule in Rule])
    size = draw(st.integers(1, 6))
    nodes: dict[str, tuple[str, Sequence[str]]] = {}
    for number in range(size):
        ups = draw(st.sets(st.sampled_from(list(nodes)), max_size=3)) if nodes else ()
        nodes[f"t{number}"] = (draw(rules), sorted(ups))
    return nodes


def outcomes(nodes: Nodes) -> Iterator[dict[str, State]]:
    """How all tasks end, for every mix of tasks that fail when they run."""
    for mix in product((State.SUCCESS, State.FAILED), repeat=len(nodes)):
        states: dict[str, State] = {}
        for (key, (rule, ups)), ends_as in zip(nodes.items(), mix, strict=True):
            verdict = judge(Rule(rule), [(up, states[up]) for up in ups])
            states[key] = ends_as if verdict.runs else verdict.state
        yield states


def keeps_silent(rule: str, states: Sequence[State], verdict: State) -> bool:
    """Whether an alert that ended so was meant: judged once more, as if what could not run had failed."""
    if verdict is not State.EXCLUDED:
        return False
    meant = [State.FAILED if state is State.UPSTREAM_FAILED else state for state in states]
    meant = [state for state in meant if state is not State.EXCLUDED]
    if not any(state in FAILURES for state in meant):
        return False
    return judge(Rule(rule), [("parent", state) for state in meant]).runs


def really_silent(nodes: Nodes) -> set[str]:
    """The alerts that keep silent in some scenario, told by `judge` alone."""
    return {
        key
        for states in outcomes(nodes)
        for key, (rule, ups) in nodes.items()
        if rule in {"one_failed", "all_failed"} and keeps_silent(rule, [states[up] for up in ups], states[key])
    }


@given(graphs())
def test_an_alert_is_found_exactly_when_some_scenario_silences_it(nodes: Nodes) -> None:
    assert {found.alert for found in silent_alerts(dag(nodes))} == really_silent(nodes)


@given(graphs())
def test_the_failures_that_are_named_do_silence_it(nodes: Nodes) -> None:
    for found in silent_alerts(dag(nodes)):
        for group in [found.failures] if found.together else [(key,) for key in found.failures]:
            states = next(
                each
                for mix, each in zip(product((False, True), repeat=len(nodes)), outcomes(nodes), strict=True)
                if {key for key, fails in zip(nodes, mix, strict=True) if fails} == set(group)
            )
            rule, ups = nodes[found.alert]
            assert keeps_silent(rule, [states[up] for up in ups], states[found.alert])


@given(graphs())
def test_of_likely_scenarios_too_only_those_that_happen_are_told(nodes: Nodes) -> None:
    assert {found.alert for found in silent_alerts(dag(nodes), exhaustive=0)} <= really_silent(nodes)


@given(graphs())
def test_a_cleanup_is_found_exactly_when_some_scenario_leaves_it_out(nodes: Nodes) -> None:
    left_out = {
        key
        for states in outcomes(nodes)
        for key, (rule, _) in nodes.items()
        if rule == "all_done" and states[key] not in {State.SUCCESS, State.FAILED}
    }
    assert set(skipped_cleanups(dag(nodes))) == left_out


def test_a_cleanup_behind_an_alert_alone_is_found() -> None:
    nodes: Nodes = {"load": ("all_success", []), "alert": ("one_failed", ["load"]), "clear": ("all_done", ["alert"])}
    assert list(skipped_cleanups(dag(nodes))) == ["clear"]
    assert list(skipped_cleanups(dag({**nodes, "clear": ("all_done", ["load", "alert"])}))) == []
