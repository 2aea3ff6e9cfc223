import json

from lakewright.errors.deploying import DeployError
from lakewright.project.plan import Action, FieldChange, PipelinePlan, Plan
from lakewright.project.plan_markdown import counted, plans_markdown, shown_changes

OLD, NEW = "a" * 64, "b" * 64


def wheel(digest: str, file: str) -> str:
    return f"/Volumes/prod/sales/lakewright/wheelhouse/sales/{digest}/wheels/{file}"


def updated(*changes: FieldChange) -> Action:
    return Action(resource="jobs.daily", action="update", changes=changes)


def test_another_wheelhouse_is_one_change_and_those_wheels_that_are_others() -> None:
    action = updated(
        FieldChange(path="retries", remote=0, new=2),
        FieldChange(path="d[1]", remote=wheel(OLD, "rows-1.whl"), new=wheel(NEW, "rows-1.whl")),
        FieldChange(path="d[2]", remote=wheel(OLD, "sales-1.whl"), new=wheel(NEW, "sales-2.whl")),
        FieldChange(path="d[3]", remote=None, new=wheel(NEW, "plots-1.whl")),
    )
    assert [(each.path, each.remote, each.new) for each in shown_changes(action)] == [
        ("wheelhouse", OLD[:12], NEW[:12]),
        ("retries", 0, 2),
        ("d[2]", "sales-1.whl", "sales-2.whl"),
        ("d[3]", None, wheel(NEW, "plots-1.whl")),
    ]


def invocation(digest: str, **more: object) -> str:
    return json.dumps({"job": "daily", "task": "clean", "digest": digest, **more}, separators=(",", ":"))


def test_the_digest_that_every_task_carries_is_one_change() -> None:
    action = updated(
        FieldChange(path="a", remote=invocation(OLD), new=invocation(NEW)),
        FieldChange(path="b", remote=invocation(OLD), new=invocation(NEW)),
        FieldChange(path="c", remote=invocation(OLD), new=invocation(NEW, io=["delta"])),
        FieldChange(path="d", remote='{"digest": "of a user"}', new="{"),
    )
    assert [(each.path, each.remote, each.new) for each in shown_changes(action)] == [
        ("definition", OLD[:12], NEW[:12]),
        ("c", '{"job":"daily","task":"clean"}', '{"job":"daily","task":"clean","io":["delta"]}'),
        ("d", '{"digest": "of a user"}', "{"),
    ]


def test_what_is_done_is_counted_in_words() -> None:
    actions = [
        Action(resource=f"jobs.{kind}", action=kind) for kind in ("create", "update", "delete", "recreate", "skip")
    ]
    assert counted(Plan(actions=tuple(actions))) == "+ 2 new, ~ 1 changed, − 2 removed"
    assert counted(Plan(actions=())) == "no change"


def test_names_and_values_from_a_workspace_are_shown_to_the_letter_and_call_nobody() -> None:
    action = updated(FieldChange(path="tags.`|@team", remote="a|b`<img>\n@org", new=None))
    text = plans_markdown("prod", [PipelinePlan(pipeline="sales", plan=Plan(actions=(action,)))])
    (row,) = [line for line in text.splitlines() if "jobs.daily" in line]
    assert row == (
        "| ~ | `jobs.daily` | <code>tags.&#96;&#124;@team</code> | "
        "<code>&#34;a&#124;b&#96;&#60;img&#62;&#92;n@org&#34;</code> |  |"
    )


def test_an_error_cannot_end_its_own_block() -> None:
    error = DeployError("it said:\n```\n# heading")
    text = plans_markdown("prod", [PipelinePlan(pipeline="sales", error=error)])
    assert text == "### sales → prod · no plan\n\n    it said:\n    ```\n    # heading\n\n"
