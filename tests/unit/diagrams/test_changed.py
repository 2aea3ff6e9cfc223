from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lakewright.diagrams.changed import changed_picture, is_picture
from lakewright.model.changes import Compared, compare


def step(key: str, *after: str, **more: object) -> dict[str, Any]:
    return {"task_key": key, "depends_on": [{"task_key": each} for each in after], **more}


def compared(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Compared:
    (found,) = compare({"daily": {"name": "daily", "tasks": old}}, {"daily": {"name": "daily", "tasks": new}})
    return found


def test_what_is_new_changed_and_removed_has_a_colour_each() -> None:
    old = [step("load"), step("clean", "load"), step("check", "clean")]
    new = [step("load"), step("clean", "load", max_retries=2), step("report", "clean", "load", sql_task={"query": "1"})]
    assert changed_picture(compared(old, new)).splitlines() == [
        "graph LR",
        '    t0["load"]',
        '    t1["clean"]:::changed',
        '    t2["report"]:::new',
        '    t3["check"]:::removed',
        "    t0 -.-> t1",
        "    t1 -.-> t2",
        "    t0 -.-> t2",
        "    t1 -.-> t3",
        "    classDef new fill:#dafbe1,stroke:#1a7f37,stroke-width:2px,color:#1f2328",
        "    classDef changed fill:#fff8c5,stroke:#9a6700,stroke-width:2px,color:#1f2328",
        "    classDef removed fill:#ffebe9,stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 4,color:#1f2328",
        "    linkStyle 1,2 stroke:#1a7f37,stroke-width:2px",
        "    linkStyle 3 stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 4",
    ]


def test_gates_are_left_out_and_what_they_hold_back_hangs_on_what_they_wait_for() -> None:
    gate = {"condition_task": {"op": "EQUAL_TO", "left": "1", "right": "1"}}
    old = [step("load"), step("gate", "load", **gate), step("report", "gate")]
    drawn = changed_picture(compared(old, [*old[:2], step("report", "gate", timeout_seconds=3)]))
    assert "gate" not in drawn
    assert "    t0 -.-> t1" in drawn.splitlines()


def test_without_a_changed_task_there_is_nothing_to_see() -> None:
    same = [step("load")]
    assert changed_picture(compared(same, same)) == ""


def test_of_a_large_job_the_neighbours_of_what_has_changed_are_drawn() -> None:
    chain = [step("t0"), *(step(f"t{number}", f"t{number - 1}") for number in range(1, 100))]
    changed = [*chain[:50], step("t50", "t49", timeout_seconds=3), *chain[51:]]
    drawn = changed_picture(compared(chain, changed))
    assert [name for name in ("t48", "t49", "t50", "t51", "t52") if f'"{name}"' in drawn] == ["t49", "t50", "t51"]


def test_a_change_that_is_larger_than_any_picture_has_none() -> None:
    old = [step(f"t{number}") for number in range(100)]
    assert changed_picture(compared(old, [{**each, "timeout_seconds": 1} for each in old])) == ""


@given(keys=st.lists(st.text(min_size=1), unique=True, min_size=1, max_size=4), label=st.text())
def test_any_names_make_a_picture_and_nothing_else(keys: list[str], label: str) -> None:
    condition = {"condition_task": {"op": "EQUAL_TO", "left": "{{x}}", "right": label}, "description": label}
    old = [step(key) for key in keys]
    new = [step(keys[0], **condition), *(step(key, keys[0], timeout_seconds=1) for key in keys[1:])]
    assert is_picture(changed_picture(compared(old, new)))


def test_what_is_no_picture_is_told_from_one() -> None:
    for text in ("", "graph TD", 'graph LR\n    t0["a"]\n```\n@octocat', 'graph LR\n    click t0 "https://x"', "<b>"):
        assert not is_picture(text)
