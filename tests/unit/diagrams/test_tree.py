"""Trees are compared with what a person would draw."""

from hypothesis import given
from hypothesis import strategies as st

from lakewright import Cron, existing_cluster, job, task
from lakewright.diagrams.tree import lines, tree
from lakewright.model.dag import Dag
from lakewright.model.job import JobDefinition


def drawn(*edges: tuple[str, str]) -> list[str]:
    return lines(Dag.from_edges(edges))


def test_a_chain_is_one_line() -> None:
    assert drawn(("a", "b"), ("b", "c")) == ["a ─ b ─ c"]


def test_branches_hang_below_each_other() -> None:
    assert drawn(("a", "b"), ("a", "c"), ("a", "d"), ("c", "e")) == ["a ─┬─ b", "   ├─ c ─ e", "   └─ d"]


def test_branches_of_branches_keep_the_lines_of_their_elders() -> None:
    assert drawn(("a", "b"), ("a", "c"), ("b", "d"), ("b", "e")) == ["a ─┬─ b ─┬─ d", "   │     └─ e", "   └─ c"]


def test_a_root_that_only_feeds_one_task_stands_behind_it() -> None:
    assert drawn(("a", "b"), ("b", "c"), ("extra", "c")) == ["a ─ b ─ c ◂ extra"]


def test_a_task_with_parents_on_several_lines_starts_its_own() -> None:
    assert drawn(("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")) == ["a ─┬─ b", "   └─ c", "d ◂ b, c"]


def test_two_roots_of_one_task_are_both_there() -> None:
    assert drawn(("a", "c"), ("b", "c")) == ["a ─ c ◂ b"]


def test_every_task_of_a_deep_dag_is_drawn_once() -> None:
    edges = [(str(number), str(number + 1)) for number in range(5000)]
    (line,) = drawn(*edges)
    assert line.count("─") == 5000


def test_the_first_line_tells_signature_size_schedule_and_compute() -> None:
    @task
    def one(month: int, note: str, half: float | None) -> str:
        return f"{month}{note}{half}"

    @job(schedule=Cron("0 6 * * *", timezone="Europe/Berlin"))
    def daily(month: int = 1, *, note: str = "", half: float | None = None) -> str:
        return one(month, note, half)

    assert tree(daily.definition).splitlines()[0] == (
        "daily(month: int = 1, note: str = '', half: float | None = None)"
        "    1 task · 1 stage · schedule 0 6 * * * Europe/Berlin · serverless (Python 3.12)"
    )


def test_a_cluster_made_elsewhere_has_no_python_to_tell() -> None:
    @task
    def one() -> int:
        return 1

    @job(compute=existing_cluster("c"))
    def by_hand() -> int:
        return one()

    assert tree(by_hand.definition).splitlines()[0] == "by_hand()    1 task · 1 stage · existing cluster"


@given(st.text())
def test_no_name_breaks_a_line_or_moves_the_cursor(name: str) -> None:
    drawn = tree(JobDefinition(name=name, dag=Dag.from_edges([(name, "b" * 200)], name=name)))
    lines = drawn.removesuffix("\n").split("\n")
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
