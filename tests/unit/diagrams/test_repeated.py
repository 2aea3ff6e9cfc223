from lakewright.diagrams.dot import dot
from lakewright.diagrams.mermaid import mermaid
from lakewright.diagrams.tree import lines
from tests.unit.authoring.test_loops import with_append
from tests.unit.authoring.traced import dag_of


def test_a_repeated_task_looks_unlike_others_and_its_list_is_drawn_once() -> None:
    dag = dag_of(with_append)
    assert lines(dag) == ["files ─ process ×n ─ combine"]
    assert '    t1[["process"]]\n' in mermaid(dag)
    assert mermaid(dag).count("-->") == 2
    assert '    t1 [label="process" peripheries=2]\n' in dot(dag)
