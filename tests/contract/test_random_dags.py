"""Random DAGs with failures and rules run as a naive reading of the documentation says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from lakewright import Job, MemoryIo, job, task
from lakewright.execution.events import TaskEvent
from lakewright.model.dag import Dag
from lakewright.model.task import SERIAL, THREADS

Executor: TypeAlias = Literal["serial", "threads"]

RULES: Final = ("all_success", "one_success", "none_failed", "all_done", "one_failed", "all_failed")


@dataclass(frozen=True)
class Node:
    """A task of a random DAG: the tasks it waits for, its rule, and whether it fails when it runs."""

    parents: tuple[int, ...]
    rule: str
    fails: bool


@st.composite
def dags(draw: st.DrawFn) -> tuple[Node, ...]:
    size = draw(st.integers(1, 12))
    return tuple(
        Node(
            parents=tuple(draw(st.sets(st.integers(0, number - 1), max_size=4))) if number else (),
            rule=draw(st.sampled_from(RULES)),
            fails=draw(st.booleans()),
        )
        for number in range(size)
    )


@task
def step(*, fails: bool) -> int:
    if fails:
        message = "as planned"
        raise ValueError(message)
    return 1


def as_job(nodes: Sequence[Node]) -> Job[[], None]:
    @job(name="random")
    def described() -> None:
        handles: list[int] = []
        for number, node in enumerate(nodes):
            ready = step.named(f"t{number}").after(*(handles[parent] for parent in node.parents))
            handles.append(ready.options(run_if=node.rule)(fails=node.fails))

    return described


def expected_states(nodes: Sequence[Node]) -> dict[str, str]:
    """What each task ends as, read rule by rule from the platform's documentation."""
    states: list[str] = []
    for node in nodes:
        parents = [states[parent] for parent in node.parents]
        refused = refusal(node.rule, parents)
        states.append(refused or ("failed" if node.fails else "success"))
    return {f"t{number}": state for number, state in enumerate(states)}


def refusal(rule: str, parents: Sequence[str]) -> str:
    """The state of a task that its rule keeps from running; empty when it runs."""
    if not parents or (rule == "all_done" and set(parents) != {"excluded"}):
        return ""
    if set(parents) == {"excluded"}:
        return "excluded"
    good = sum(state in {"success", "excluded"} for state in parents)
    failed = sum(state == "failed" for state in parents)
    met = {
        "all_success": good == len(parents),
        "one_success": good > 0,
        "none_failed": good == len(parents),
        "one_failed": failed > 0,
        "all_failed": failed == len(parents),
    }[rule]
    return "" if met else "excluded" if rule in {"one_failed", "all_failed"} else "upstream_failed"


def runs_after_its_parents(dag: Dag, order: Sequence[str]) -> bool:
    place = {key: number for number, key in enumerate(order)}
    return all(place[upstream] < place[downstream] for upstream, downstream in dag.edges)


@given(dags(), st.sampled_from((SERIAL, THREADS)))
def test_random_dags_sort_and_run_as_documented(nodes: tuple[Node, ...], executor: Executor) -> None:
    described = as_job(nodes)
    assert runs_after_its_parents(described.dag, described.dag.topological_sort())
    ended: list[str] = []

    def listen(event: TaskEvent) -> None:
        if event.kind == "ended":
            ended.append(event.key)

    result = described.execute(executor=executor, io=MemoryIo(), listener=listen)
    states: Mapping[str, str] = result.states
    assert states == expected_states(nodes)
    assert sorted(ended) == sorted(described.dag.nodes)
    assert runs_after_its_parents(described.dag, ended)
    bad = {"failed", "upstream_failed"}
    assert result.status == ("failed" if bad & set(states.values()) else "success")
    assert result.leaf_status == ("failed" if bad & {states[key] for key in described.dag.leaves} else "success")
