"""Expressions that select tasks."""

from dataclasses import replace

import pytest

from lakewright.errors.authoring import SelectionError
from lakewright.model.dag import Dag
from lakewright.model.selection import select
from lakewright.model.task import TaskSettings

EDGES = [("load_a", "clean"), ("load_b", "clean"), ("clean", "report"), ("clean", "check")]
PLAIN = Dag.from_edges(EDGES, name="daily")
DAG = replace(
    PLAIN,
    tasks=tuple(
        replace(task, settings=TaskSettings(tags=("gold",))) if task.key == "report" else task for task in PLAIN.tasks
    ),
)


@pytest.mark.parametrize(
    ("expression", "keys"),
    [
        ("clean", {"clean"}),
        ("clean+", {"clean", "report", "check"}),
        ("+clean", {"clean", "load_a", "load_b"}),
        ("+clean+", set(DAG.nodes)),
        ("load_*", {"load_a", "load_b"}),
        ("tag:gold", {"report"}),
        ("+tag:gold", {"report", "clean", "load_a", "load_b"}),
        ("load_a, check", {"load_a", "check"}),
        ("load_a check", {"load_a", "check"}),
    ],
)
def test_an_expression_selects(expression: str, keys: set[str]) -> None:
    assert set(select(DAG, expression)) == keys


def test_selected_keys_keep_the_order_of_the_dag() -> None:
    assert select(DAG, "report, load_b") == tuple(key for key in DAG.nodes if key in {"load_b", "report"})


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("claen+", "no task of job 'daily' is meant by 'claen'; did you mean 'clean'"),
        ("tag:godl", "is meant by 'tag:godl'; did you mean 'tag:gold'"),
        ("", "selects nothing"),
        ("clean, +", "selects nothing"),
    ],
)
def test_an_expression_that_means_nothing_is_an_error(expression: str, message: str) -> None:
    with pytest.raises(SelectionError, match=message):
        select(DAG, expression)
