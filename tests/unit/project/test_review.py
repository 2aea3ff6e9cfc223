import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lakewright.errors.project import UsageError
from lakewright.model.changes import FieldChange, TaskChange
from lakewright.project import plan as plan_of
from lakewright.project.diff import DiffReport, JobDiff, PipelineDiff
from lakewright.project.review import LIMIT, MARKER, comment, is_worth_a_comment
from lakewright.project.review_reports import (
    LocalRun,
    PlannedAction,
    PlannedField,
    PlannedPipeline,
    PlanReport,
    Reports,
    read_reports,
)
from tests.unit.project.test_diff_forms import DELAYS, FLIGHTS, REPORT

SALES = PipelineDiff(pipeline="sales", change="same", files=("pipelines/sales/src/sales/tasks.py",))
GONE = PipelineDiff(pipeline="old", change="removed", jobs=(JobDiff(job="old", change="removed", size=2),))
UPDATED = PlannedPipeline(pipeline="flights", actions=(PlannedAction(resource="jobs.delays", action="update"),))
SKIPPED = PlannedAction(resource="jobs.x", action="skip")
DELETED = PlannedAction(resource="jobs.old", action="delete")
RUN = LocalRun(job="delays", status="success", tasks=11, seconds=0.9)


def reports(*pipelines: PipelineDiff, plans: tuple[PlanReport, ...] = (), runs: tuple[LocalRun, ...] = ()) -> Reports:
    return Reports(diff=replace(REPORT, pipelines=pipelines), plans=plans, runs=runs)


def plan(target: str, *pipelines: PlannedPipeline) -> PlanReport:
    return PlanReport(target=target, pipelines=pipelines)


def test_a_change_is_told_with_its_plans_and_its_run_on_one_line() -> None:
    told = comment(reports(FLIGHTS, plans=(plan("staging", UPDATED), plan("prod", UPDATED)), runs=(RUN,)))
    assert told.startswith(f"{MARKER}\n\n### flights → prod · ~ 1 job changed, + 1 task added, ~ 1 task changed\n")
    line = "plan: staging ~ 1 updated · prod ~ 1 updated&emsp;local run: ✔ `delays` 11 tasks, 0.90 s"
    assert line in told.splitlines()
    assert "2 other pipelines are not affected" in told


def test_pipelines_whose_code_alone_has_changed_take_one_line() -> None:
    told = comment(reports(FLIGHTS, SALES, replace(SALES, pipeline="web")))
    assert "\nAffected, with definitions as before, 2 pipelines: `sales`, `web`.\n" in told
    assert "### sales" not in told


def test_what_is_removed_comes_first_then_what_is_broken() -> None:
    broken = PipelineDiff(pipeline="zoo", change="changed", error="jobs.py:3: no")
    told = comment(reports(FLIGHTS, GONE, broken))
    titles = [line for line in told.splitlines() if line.startswith("### ")]
    assert [title.split()[1] for title in titles] == ["old", "zoo", "flights"]


def test_of_many_pipelines_each_is_a_line_that_opens_but_what_is_lost_or_failed_stands_open() -> None:
    calm = [replace(FLIGHTS, pipeline=name, jobs=(replace(DELAYS, job=name),)) for name in ("a", "b", "c", "d", "e")]
    refused = PlannedPipeline(pipeline="d", error="403")
    failed = replace(RUN, job="e", status="failed")
    told = comment(reports(*calm, GONE, plans=(plan("prod", refused),), runs=(failed,)))
    assert "\n\n**6 pipelines changed.** " in told
    opened = [line.removeprefix("### ").split()[0] for line in told.splitlines() if line.startswith("### ")]
    folded = re.findall(r"^<details><summary><b>(\w) → prod · ~ 1 job changed, .*</b></summary>$", told, re.MULTILINE)
    assert (opened, folded) == (["old", "d", "e"], ["a", "b", "c"])
    html = str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(told))
    assert html.count("<details>") == html.count("</details>") == 3
    assert html.count("<table>") == 6


def test_three_pipelines_are_not_folded() -> None:
    told = comment(reports(*(replace(FLIGHTS, pipeline=name) for name in ("a", "b", "c"))))
    assert "<details>" not in told


def test_what_only_a_plan_knows_is_told_field_by_field_for_each_target() -> None:
    digest = "a" * 64
    wheel = PlannedField(
        field="environments[0].spec.dependencies[1]",
        old=f"/Volumes/p/s/v/wheelhouse/sales/{digest}/wheels/sales-1.whl",
        new=f"/Volumes/p/s/v/wheelhouse/sales/{digest[1:]}b/wheels/sales-2.whl",
    )
    alerts = PlannedField(field="email_notifications.on_failure", old=["a@example.com"], new=["|b@example.com"])

    def updated(*changes: PlannedField) -> PlannedPipeline:
        return PlannedPipeline(
            pipeline="sales", actions=(PlannedAction(resource="jobs.daily", action="update", changes=changes),)
        )

    told = comment(reports(SALES, plans=(plan("staging", updated(wheel)), plan("prod", updated(wheel, alerts)))))
    [row] = [line for line in told.splitlines() if line.startswith("| ~ ")]
    assert row.startswith('| ~ | prod | `jobs.daily` | `email_notifications.on_failure` | `["a@example.com"]` | <code>')
    assert row.count("|") == 7
    assert "### sales" in told
    calm = comment(reports(SALES, plans=(plan("staging", updated(wheel)),)))
    assert "### sales" not in calm


def test_the_fields_of_a_plan_are_read_as_the_command_writes_them(tmp_path: Path) -> None:
    change = plan_of.FieldChange(path="timeout_seconds", remote=9, new=5)
    action = plan_of.Action(resource="jobs.daily", action="update", changes=(change,))
    sales = plan_of.PipelinePlan(pipeline="sales", plan=plan_of.Plan(actions=(action,)))
    written = plan_of.report("prod", (sales,))
    (tmp_path / "plan.json").write_text(json.dumps(written), encoding="utf-8")
    told = comment(replace(read_reports(tmp_path), diff=replace(REPORT, pipelines=(SALES,))))
    assert "| ~ | prod | `jobs.daily` | `timeout_seconds` | `9` | `5` |" in told.splitlines()


def test_a_plan_that_deletes_is_loud() -> None:
    planned = PlannedPipeline(pipeline="flights", actions=(DELETED, SKIPPED))
    told = comment(reports(FLIGHTS, plans=(plan("prod", planned),)))
    assert "> [!CAUTION]\n> A deploy to **prod** deletes `jobs.old` (delete), with what has run there." in told
    assert "plan: prod − 1 deleted" in told


def test_a_plan_that_failed_is_shown_where_its_pipeline_is_or_by_itself() -> None:
    failed = PlannedPipeline(pipeline="flights", error="no grant CAN_VIEW\n```\n@octocat")
    for told in (
        comment(reports(FLIGHTS, plans=(plan("prod", failed),))),
        comment(Reports(plans=(plan("prod", failed),))),
    ):
        assert "**The plan for prod failed**\n````text\nno grant CAN_VIEW\n```\n@octocat\n````" in told
        assert is_worth_a_comment(Reports(plans=(plan("prod", failed),)))


def test_a_plan_of_code_alone_is_no_news_unless_it_deletes() -> None:
    planned = replace(UPDATED, pipeline="sales")
    assert "### sales" not in comment(reports(SALES, plans=(plan("prod", planned),)))
    assert "### sales" in comment(reports(SALES, plans=(plan("prod", replace(planned, actions=(DELETED,))),)))


def test_a_run_that_failed_is_told_even_if_only_code_has_changed() -> None:
    failing = replace(SALES, jobs=(JobDiff(job="delays", change="same", size=3),))
    told = comment(reports(failing, runs=(replace(RUN, status="failed"),)))
    assert "local run: **✘ `delays` failed**" in told


def test_nothing_is_worth_no_comment_but_an_update() -> None:
    nothing = Reports(diff=DiffReport(base="main", unaffected=("a",)))
    assert not is_worth_a_comment(nothing)
    assert not is_worth_a_comment(Reports())
    assert "No pipeline is affected." in comment(nothing)
    assert is_worth_a_comment(reports(SALES))


def test_the_run_of_the_workflow_and_its_reports_are_linked() -> None:
    url = "https://github.com/a/b/actions/runs/1"
    told = comment(reports(FLIGHTS, runs=(RUN,)), run_url=url)
    assert f"<sub>[run of the workflow]({url})</sub>" in told
    assert f"local run: ✔ `delays` 11 tasks, 0.90 s · [report]({url}#artifacts)" in told


@pytest.mark.parametrize("count", [1, 40, 200, 3000])
def test_a_comment_is_never_longer_than_github_takes_and_says_that_it_is_cut(count: int) -> None:
    many = tuple(replace(FLIGHTS, pipeline=f"p{number}") for number in range(count))
    told = comment(reports(*many))
    assert len(told) <= LIMIT
    assert ("This is cut" in told) == (count > 40)
    assert ("```mermaid" in told) == (count <= 40)
    assert told.startswith(MARKER)


def test_names_beyond_all_measure_fit_too() -> None:
    told = comment(reports(replace(FLIGHTS, pipeline="p" * LIMIT)))
    assert len(told) <= LIMIT
    assert "too much to be told here" in told


@given(text=st.text(max_size=40))
def test_whatever_a_name_is_it_makes_no_link_and_no_html(text: str) -> None:
    task = TaskChange(task=text, change="renamed", was=text, fields=(FieldChange(field=text, old=text, new=text),))
    job = JobDiff(job=text, change="changed", tasks=(task,), size=1)
    pipeline = PipelineDiff(pipeline=text, change="changed", jobs=(job,), files=(text,), error_before=text)
    planned = PlannedPipeline(pipeline=text, actions=(PlannedAction(resource=text, action=text), DELETED), error=text)
    report = replace(REPORT, pipelines=(pipeline,), unaffected=(text,), target=text, base=text)
    told = comment(Reports(diff=report, plans=(plan(text, planned),), unread=(text,)))
    html = str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(told.removeprefix(MARKER)))
    assert not any(f"<{tag}" in html for tag in ("script", "a ", "img", "!--"))


def write_reports(folder: Path, **contents: object) -> Path:
    for name, content in contents.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_reports_are_known_by_their_format_wherever_they_lie(tmp_path: Path) -> None:
    (tmp_path / "matrix").mkdir()
    write_reports(tmp_path / "matrix", a=asdict(replace(REPORT, pipelines=(FLIGHTS,), unaffected=("sales", "web"))))
    write_reports(tmp_path, b=asdict(replace(REPORT, pipelines=(SALES,), unaffected=("flights", "web"))))
    actions = [{"resource": "jobs.delays", "action": "update"}]
    planned = {"pipeline": "flights", "recorded": None, "actions": actions, "error": None}
    write_reports(tmp_path, plan={"format": "lakewright-plan/1", "target": "prod", "pipelines": [planned]})
    events = [
        {"event": "run_started", "job": "delays", "run": "1", "tasks": ["a", "b"]},
        {"event": "run_ended", "job": "delays", "run": "1", "status": "success", "seconds": 1.5},
    ]
    (tmp_path / "run.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in events) + "{cut", encoding="utf-8")
    found = read_reports(tmp_path)
    assert found.diff == replace(REPORT, pipelines=(FLIGHTS, SALES), unaffected=("web",))
    assert found.plans == (plan("prod", UPDATED),)
    assert found.runs == (LocalRun(job="delays", status="success", tasks=2, seconds=1.5),)
    assert found.unread == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "1",
        '{"format": "lakewright-diff/9"}',
        '{"format": "lakewright-diff/1", "base": 1}',
        "[" * 100_000,
    ],
)
def test_what_is_no_report_is_named_and_stops_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    write_reports(tmp_path, diff=asdict(REPORT))
    found = read_reports(tmp_path)
    assert (found.diff, found.unread) == (REPORT, ("x.json",))
    assert "Not understood: `x.json`." in comment(found)


def test_a_link_in_the_folder_leads_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(json.dumps(asdict(REPORT)), encoding="utf-8")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "x.json").symlink_to(secret)
    assert read_reports(tmp_path / "reports").diff is None


def test_a_folder_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--reports"):
        read_reports(tmp_path / "nowhere")
