from lakewright.diagrams.dot import dot
from lakewright.diagrams.drawn import arrows, drawn_tasks
from lakewright.diagrams.mermaid import mermaid
from lakewright.diagrams.tree import lines
from tests.branches import needs_branches
from tests.unit.authoring.sample_tasks import clean, load, two
from tests.unit.authoring.traced import dag_of


def body(mode: str) -> None:
    rows = load(1)
    if mode == "full" or mode == "all":  # noqa: PLR1714  two conditions
        rows = clean(rows)
    two(rows)


@needs_branches
def test_gates_are_left_out_and_what_they_hold_back_hangs_on_what_they_wait_for() -> None:
    dag = dag_of(body)
    assert [task.key for task in dag.tasks if task not in drawn_tasks(dag)] == ["gate_clean", "gate_two"]
    assert [(arrow.upstream, arrow.downstream, arrow.outcome) for arrow in arrows(dag)] == [
        ("if_mode_is_full", "if_mode_is_all", "false"),
        ("load", "clean", ""),
        ("if_mode_is_full", "clean", "true"),
        ("if_mode_is_all", "clean", "true"),
        ("clean", "two", ""),
        ("load", "two", ""),
        ("if_mode_is_all", "two", "false"),
    ]


@needs_branches
def test_conditions_are_diamonds_with_their_outcomes_on_the_arrows() -> None:
    dag = dag_of(body)
    assert """{"mode == 'full'"}""" in mermaid(dag)
    assert "-->|true|" in mermaid(dag)
    assert """[label="mode == 'full'" shape=diamond style=solid]""" in dot(dag)
    assert "[label=false]" in dot(dag)
    assert not [line for line in lines(dag) if "gate" in line]
