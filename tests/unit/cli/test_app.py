"""The command line as its user meets it: what it prints, where, and how it ends."""

import json
import re
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.git import commit
from tests.unit.cli.commands import Call, Ended
from tests.unit.project.repos import JOBS, TARGETS, repository, write

FAILING = """
from lakewright import job, task

@task(retries=1)
def load() -> int:
    raise ValueError("no file today")

@task
def after(number: int) -> int:
    return number

@task
def apart() -> int:
    return 1

@job
def daily(month: int = 1) -> int:
    apart()
    return after(load.options(retries=0)())
"""


def test_a_run_shows_each_task_the_value_and_where_outputs_lie(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_one=JOBS)
    ended = call("run")
    assert ended.code == 0
    assert "cli_one.jobs:daily" in ended.out
    assert " ✔ one" in ended.out
    assert "records/one.json" in ended.out
    (folder,) = (tmp_path / ".lakewright" / "runs" / "daily").iterdir()
    assert f"   outputs  .lakewright/runs/daily/{folder.name}\n" in ended.out
    assert f"   report   .lakewright/runs/daily/{folder.name}/report.html\n" in ended.out
    assert "   logs " not in ended.out
    assert (folder / "report.html").is_file()


def test_an_executor_that_there_is_not_is_refused_with_those_that_there_are(call: Call) -> None:
    ended = call("run", "failing_jobs.py:daily", "--executor", "thread")
    assert ended.code == 2
    assert "Invalid value for '--executor': 'thread' is not one of 'serial', 'threads', 'processes'" in ended.err


def test_a_failed_run_tells_the_cause_at_the_users_line_and_the_way_on(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"failing_jobs.py": FAILING})
    ended = call("run", "failing_jobs.py:daily", "--workers", "1")
    assert ended.code == 1
    assert "failing_jobs.py:5  in load" in ended.out
    assert "ValueError: no file today" in ended.out
    assert "upstream failed: after" in ended.out
    assert "done and kept: 1 task" in ended.out
    assert "lakewright run failing_jobs.py:daily" in ended.out


NOTHING_RETURNED = """
from lakewright import job, task

@task
def load() -> list[int]:
    print("27 rows are new")
    return [1, 2]

@task
def tell(rows: list[int]) -> None:
    pass

@task
def count(rows: list[int]) -> int:
    return 40 + len(rows)

@job
def daily() -> None:
    rows = load()
    tell(rows)
    count(rows)
"""


def test_a_job_that_returns_nothing_shows_what_its_last_tasks_gave(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"returning_nothing.py": NOTHING_RETURNED})
    ended = call("run", "returning_nothing.py:daily")
    assert ended.code == 0
    assert "count\n42\n" in ended.out
    table = ended.out[ended.out.index("output ") :]
    assert [line.split() for line in table.splitlines()[:4]] == [
        ["output", "rows", "kept", "in"],
        ["load", "records/load.json"],
        ["tell", "nothing:", "it", "returned", "None"],
        ["count", "records/count.json"],
    ]


def test_what_a_task_printed_can_be_found(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"printing_jobs.py": NOTHING_RETURNED})
    ended = call("run", "printing_jobs.py:daily")
    (folder,) = (tmp_path / ".lakewright" / "runs" / "daily").iterdir()
    assert f"   logs     .lakewright/runs/daily/{folder.name}/logs\n" in ended.out
    assert (folder / "logs" / "load" / "1.log").read_text(encoding="utf-8") == "27 rows are new\n"


def test_the_summary_tells_the_critical_path(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_critical=JOBS)
    assert re.search(r" ✔ 1 task · \d\.\d\d s \(critical path \d\.\d\d s\)\n", call("run").out)


def test_many_failures_are_told_in_short(call: Call, tmp_path: Path) -> None:
    several = "\n".join(f"    load.named('bad_{number}')()" for number in range(30))
    write(tmp_path, {"many_failures.py": f"{FAILING}\n@job\ndef many() -> None:\n{several}\n"})
    ended = call("run", "many_failures.py:many")
    assert ended.out.count("ValueError: no file today") < 40
    assert " ✘ failed too: bad_5, " in ended.out
    assert "and 13 more\n" in ended.out


def test_a_long_message_is_cut(call: Call, tmp_path: Path) -> None:
    source = FAILING.replace('"no file today"', '"\\n".join(["no plan"] * 100)')
    write(tmp_path, {"long_message.py": source})
    ended = call("run", "long_message.py:daily")
    assert ended.out.count("no plan\n") < 20
    assert "… and 88 more lines" in ended.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-p", "moth=2"], "job 'daily' has no parameter 'moth'; did you mean 'month'?"),
        (["-p", "month=two"], "parameter 'month': 'two' is not of type int"),
        (["-p", "month"], "-p month: a parameter is given as NAME=VALUE"),
        (["--target", "prod"], "its target is local, not 'prod'"),
    ],
)
def test_a_wrong_call_ends_with_2_before_anything_ran(
    call: Call, tmp_path: Path, *, arguments: list[str], message: str
) -> None:
    write(tmp_path, {"wrongly_called.py": FAILING})
    ended = call("run", "wrongly_called.py:daily", *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert not (tmp_path / ".lakewright").exists()


def test_what_does_not_load_or_trace_keeps_no_other_job_from_running(call: Call, tmp_path: Path) -> None:
    untraceable = JOBS + "\n@job\ndef wrong() -> int:\n    return len(one())\n"
    repository(tmp_path, cli_absent="import nothing_of_this_name", cli_wrong=untraceable)
    ended = call("run")
    assert ended.code == 1
    assert "cli_wrong.jobs:daily" in ended.out
    assert " ✔ 1 task" in ended.out
    assert "importing module 'cli_absent.jobs' failed" in ended.err
    assert "is the future output of task 'one'" in ended.err


def test_where_nothing_can_run_every_reason_is_told(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_gone="import nothing_of_this_name", cli_lost="import nor_of_this_one")
    ended = call("run")
    assert (ended.code, ended.out) == (2, "")
    assert "nothing_of_this_name" in ended.err
    assert "nor_of_this_one" in ended.err


def test_errors_go_to_stderr_alone(call: Call) -> None:
    ended = call("run")
    assert (ended.code, ended.out) == (2, "")
    assert "is not inside a lakewright repository" in ended.err


def test_an_unknown_command_ends_with_2_and_the_one_meant(call: Call) -> None:
    ended = call("rum")
    assert ended.code == 2
    assert "Did you mean 'run'?" in ended.err


def test_parameters_reach_the_job(call: Call, tmp_path: Path) -> None:
    source = "from lakewright import job, task\n@task\ndef twice(n: int) -> int:\n    return 2 * n\n"
    source += "@job\ndef doubled(month: int) -> int:\n    return twice(month)\n"
    write(tmp_path, {"doubling_jobs.py": source})
    ended = call("run", "doubling_jobs.py:doubled", "-p", "month=21")
    assert "month=21" in ended.out
    assert "\n42\n" in ended.out


@pytest.mark.parametrize(
    ("form", "expected"), [("tree", "daily()"), ("mermaid", 't0["one"]'), ("json", '"key": "one"')]
)
def test_show_draws_without_running(call: Call, tmp_path: Path, *, form: str, expected: str) -> None:
    repository(tmp_path, cli_two=JOBS)
    ended = call("show", "cli_two", "--format", form)
    assert ended.code == 0
    assert expected in ended.out
    assert not (tmp_path / ".lakewright").exists()


PIPELINE: Final = """
from lakewright import pipeline, task

@task
def load() -> list[int]: ...

@task
def clean(rows: list[int]) -> list[int]: ...

@pipeline(name="etl")
def shown():
    return clean(load())

@pipeline
def wrong():
    return len(load())
"""


@pytest.mark.parametrize("static", [[], ["--static"]])
def test_a_pipeline_of_a_file_is_shown_without_a_repository(call: Call, tmp_path: Path, *, static: list[str]) -> None:
    file = f"shown_{len(static)}.py"
    write(tmp_path, {file: PIPELINE})
    ended = call("show", f"{file}:shown", "--format", "mermaid", *static)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == 'graph TD\n    t0["load"]\n    t1["clean"]\n    t0 --> t1\n'
    refused = call("show", f"{file}:wrong", *static)
    assert (refused.code, refused.out) == (1, "")
    assert f"{file}:15: " in refused.err
    unknown = call("show", f"{file}:shwon", *static)
    assert (unknown.code, unknown.out) == (2, "")
    assert "did you mean 'shown'?" in unknown.err


def test_check_prints_findings_and_ends_with_1(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_three=JOBS + "\n@job\ndef empty() -> None: ...\n")
    write(tmp_path, {"targets.yml": TARGETS.replace("https://dev.", "https://CHANGE-ME.")})
    ended = call("check")
    assert ended.code == 1
    assert "targets.yml:7: error: targets.dev.workspace.host is still the placeholder" in ended.out
    assert "job 'empty' has no task [no-task]" in ended.out
    assert ended.out.endswith("2 findings\n")


def test_check_refuses_secrets_and_bundles_of_one_name(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, sales=JOBS, shop=JOBS)
    secret = "dapi" + "0" * 32
    write(tmp_path, {"pipelines/shop/databricks.yml": f"bundle: {{name: sales}} # {secret}"})
    write(tmp_path, {"pipelines/sales/databricks.yml": "bundle: {name: sales}"})
    commit(tmp_path)
    ended = call("check")
    assert ended.code == 1
    assert [line.rpartition(" ")[2] for line in ended.out.splitlines() if ": error: " in line] == [
        "[bundle-name]",
        "[bundle-name]",
        "[secret]",
    ]
    assert secret not in ended.out
    alone = call("check", "--repository")
    assert (alone.code, alone.out.count(": error: "), "targets.yml" in alone.out) == (1, 3, False)


def test_check_of_the_repository_is_about_no_pipeline_and_loads_none(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, sales="import nothing_of_this_name")
    assert call("check", "--repository").code == 0
    assert call("check", "sales", "--repository").code == 2


def test_check_speaks_json_and_markdown(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_four=JOBS + "\n@job\ndef empty() -> None: ...\n")
    (finding,) = json.loads(call("check", "--format", "json").out)
    assert (finding["severity"], finding["code"], finding["line"]) == ("error", "no-task", 11)
    assert "| error | cli_four/jobs.py:11 | job 'empty' has no task |" in call("check", "--format", "markdown").out


def test_check_and_show_import_nothing_if_asked(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_static="1 / 0\n" + JOBS + "\n@job\ndef needy() -> int:\n    return len(one())\n")
    assert "ZeroDivisionError" in call("check").out
    ended = call("check", "--static")
    assert ended.code == 1
    assert "cli_static/jobs.py:15:12: error: " in ended.out
    assert ended.out.endswith("1 finding\n")
    assert call("show", "daily", "--static").out.startswith("daily()")
    assert "cli_static.jobs" not in sys.modules


def test_check_warns_of_keys_that_move(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_moved=JOBS.replace("return one()", "return one.after(one.named('first')())()"))
    commit(tmp_path)
    (tmp_path / "cli_moved" / "jobs.py").write_text(
        JOBS.replace("return one()", "one()\n    return one.after(one.named('first')())()")
    )
    ended = call("check", "--base", "HEAD")
    assert ended.code == 0
    assert "had the key 'one' at HEAD" in ended.out


def test_a_clean_check_says_so(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_five=JOBS)
    assert call("check", "cli_five") == Ended(0, "nothing found\n", "")


def test_jobs_prints_writes_and_compares_definitions(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_six=JOBS)
    printed = call("jobs", "cli_six", "--target", "prod")
    assert json.loads(printed.out)["tasks"][0]["task_key"] == "one"
    stale = printed.out.replace('"daily"', '"weekly"')
    write(tmp_path, {"kept/weekly.json": stale})
    written = call("jobs", "cli_six", "--target", "prod", "--out", "kept")
    assert (written.code, written.out) == (0, "wrote kept/daily.json\nremoved kept/weekly.json\n")
    assert (tmp_path / "kept" / "daily.json").read_text(encoding="utf-8") == printed.out
    assert call("jobs", "cli_six", "--target", "prod", "--out", "kept", "--check").code == 0
    write(tmp_path, {"kept/daily.json": "{}\n"})
    changed = call("jobs", "cli_six", "--target", "prod", "--out", "kept", "--check")
    assert changed.code == 1
    assert "-{}" in changed.out


def test_jobs_with_findings_are_not_printed(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_eight=JOBS.replace("@job", '@job(databricks={"email_notification": {"a": 1}})'))
    ended = call("jobs", "cli_eight", "--target", "prod")
    assert (ended.code, ended.out) == (1, "")
    assert "did you mean 'email_notifications'? [unknown-field]" in ended.err


def test_jobs_of_an_unknown_target_end_with_2(call: Call, tmp_path: Path) -> None:
    repository(tmp_path, cli_seven=JOBS)
    ended = call("jobs", "cli_seven", "--target", "prd")
    assert ended.code == 2
    assert "did you mean 'prod'" in ended.err


def test_new_lists_the_files_and_the_next_step(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"targets.yml": TARGETS})
    ended = call("new", "sales")
    assert ended.code == 0
    assert "  pipelines/sales/src/sales/jobs.py\n" in ended.out
    assert "nox -s local -- sales" in ended.out


def test_help_teaches_by_example(call: Call) -> None:
    assert "lakewright run flights -p month=2" in " ".join(call("run", "--help").out.split())
