"""All findings at once; one job that cannot be traced does not hide the others."""

import sys
from pathlib import Path
from typing import Final

import pytest

from lakewright.project.check import check_pipeline, check_targets
from lakewright.project.repository import Repository
from lakewright.project.static import check_statically
from tests.unit.project.repos import JOBS, PIPELINE, repository, write

BROKEN = """
@job
def broken() -> int:
    number = one()
    return len(number)

@job(name="daily")
def empty() -> None: ...
"""


def test_each_job_gives_its_own_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    root = repository(tmp_path, chk_one=JOBS + BROKEN)
    found = check_pipeline(Repository(root).pipeline("chk_one"))
    assert sorted(each.code for each in found) == ["duplicate-job", "handle", "no-task"]
    handle = next(each for each in found if each.code == "handle")
    assert handle.location is not None
    assert (Path(handle.location.file).name, handle.location.line) == ("jobs.py", 14)


def test_a_pipeline_that_is_not_deployed_need_only_be_traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    empty = PIPELINE.replace("return one()", "...").replace("part", "empty")
    broken = PIPELINE.replace("return one()", "return len(one())").replace("part", "broken")
    taking = PIPELINE.replace("part()", "taking(rows: set[int])")
    root = repository(tmp_path, chk_parts=JOBS + PIPELINE + empty + broken + taking)
    assert [each.code for each in check_pipeline(Repository(root).pipeline("chk_parts"))] == ["handle"]


def test_a_module_that_does_not_import_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    root = repository(tmp_path, chk_two="1 / 0")
    (finding,) = check_pipeline(Repository(root).pipeline("chk_two"))
    assert finding.message == "importing module 'chk_two.jobs' failed: ZeroDivisionError: division by zero"


def test_a_module_that_is_no_python_is_a_finding_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    root = repository(tmp_path, chk_half=JOBS + BROKEN)
    files = {
        "chk_half/wrong.py": "def wrong()\n",
        "pipelines/chk_half/pyproject.toml": "[tool.lakewright]\nmodules = ['chk_half.wrong', 'chk_half.jobs']\n",
    }
    found = check_pipeline(Repository(write(root, files)).pipeline("chk_half"))
    assert sorted(each.code for each in found) == ["duplicate-job", "handle", "load", "no-task"]
    syntax = found[0]
    assert syntax.location is not None
    assert (Path(syntax.location.file).name, syntax.location.line, syntax.location.column) == ("wrong.py", 1, 12)


def test_a_targets_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, {"targets.yml": "targets: ["})
    (finding,) = check_targets(tmp_path)
    assert "this is not YAML" in finding.message


UNSOUND = """
from lakewright import Cron, job, serverless, task

@task(databricks={"notification_setting": {}})
def one() -> int:
    return 1

@job(databricks={"email_notifications": {"on_fail": ["a@example.com"]}})
def daily() -> int:
    return one()
"""


def test_fields_that_databricks_does_not_know_are_found_at_their_job_and_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    found = check_pipeline(Repository(repository(tmp_path, chk_three=UNSOUND)).pipeline("chk_three"))
    assert [(each.code, each.location.line if each.location else 0) for each in found] == [
        ("unknown-field", 7),
        ("unknown-field", 9),
    ]
    assert [each.message.partition(", which Databricks does not know in ")[::2] for each in found] == [
        ("job 'daily' has the field 'on_fail'", "JobEmailNotifications; did you mean 'on_failure'?"),
        ("task 'one' has the field 'notification_setting'", "Task; did you mean 'notification_settings'?"),
    ]


def test_a_value_that_databricks_refuses_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    source = JOBS.replace("@job", '@job(databricks={"performance_target": "FAST"})')
    (finding,) = check_pipeline(Repository(repository(tmp_path, chk_four=source)).pipeline("chk_four"))
    assert (finding.code, "'FAST' is not a valid PerformanceTarget" in finding.message) == ("field-value", True)


def test_an_unknown_time_zone_is_found_with_the_one_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    schedule = '@job(schedule=Cron("0 6 * * *", timezone="Europe/Belrin"))'
    source = JOBS.replace("import job", "import Cron, job").replace("@job", schedule)
    (finding,) = check_pipeline(Repository(repository(tmp_path, chk_five=source)).pipeline("chk_five"))
    assert finding.code == "timezone"
    assert finding.message == "the time zone 'Europe/Belrin' of job 'daily' is unknown; did you mean 'Europe/Berlin'?"
    assert finding.location is not None
    assert finding.location.line == 7


ALERT = """
from lakewright import job, task

@task
def load() -> int:
    return 1

@task
def clean(rows: int) -> int:
    return rows

@task(run_if="one_failed")
def alert() -> None: ...

@job
def daily() -> None:
    rows = load()
    cleaned = clean(rows)
    alert.after(cleaned)()
"""


def test_an_alert_that_would_keep_silent_is_a_warning_at_its_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (finding,) = check_pipeline(Repository(repository(tmp_path, chk_six=ALERT)).pipeline("chk_six"))
    assert (finding.code, finding.severity) == ("silent-alert", "warning")
    assert finding.message == (
        "task 'alert' (run_if='one_failed') keeps silent when 'load' fails: "
        "'clean' does not run then, which is no failure to watch"
    )
    assert finding.hint == "Let it wait for 'load' too: `.after(…)`."
    assert finding.location is not None
    assert (Path(finding.location.file).name, finding.location.line) == ("jobs.py", 18)


def test_an_alert_that_follows_the_hint_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    source = ALERT.replace("alert.after(cleaned)", "alert.after(rows, cleaned)")
    assert check_pipeline(Repository(repository(tmp_path, chk_seven=source)).pipeline("chk_seven")) == ()


CONSTANTS: Final = """
from lakewright import job, task

@task
def store(rows: object) -> int:
    return 1

@job
def nested() -> int:
    return store([{"a": {1, 2}}])

@job
def large() -> int:
    return store(
        "a" * 3000,
    )

@job
def several() -> int:
    for number in range(3):
        store({number})
    store(store)
    return len(store(range(3)))
"""


def test_all_constants_that_will_not_survive_are_errors_at_their_calls_with_what_the_body_ends_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    folder = Repository(repository(tmp_path, chk_eight=CONSTANTS)).pipeline("chk_eight")
    found = check_pipeline(folder)
    assert [(each.code, each.severity, each.message) for each in found] == [
        ("constant", "error", "argument 'rows[0]['a']' is a set, which cannot be recorded as a constant"),
        ("constant", "error", "argument 'rows' holds constants of 3,002 bytes; at most 2,048 are recorded"),
        ("constant", "error", "argument 'rows' is a set, which cannot be recorded as a constant"),
        ("constant", "error", "argument 'rows' is the task 'store' itself, not its output; did you mean store(…)?"),
        ("constant", "error", "argument 'rows' is a range, which cannot be recorded as a constant"),
        ("handle", "error", "this is the future output of task 'store' (int); len() needs its value"),
    ]
    places = [(9, 12), (13, 12), (20, 9), (21, 5), (22, 16), (22, 12)]
    # Python 3.10 keeps no columns.
    columns = places if sys.version_info >= (3, 11) else [(line, None) for line, _ in places]
    assert [each.location and (each.location.line, each.location.column) for each in found] == columns
    read = check_statically(folder)
    assert [each.message for each in read] == [each.message for each in found]
    assert [each.location and (each.location.line, each.location.column) for each in read] == places


NOT_ASCII: Final = """
from lakewright import job, task

@task
def store(rows: object) -> int:
    return 1

@job
def constant(month: int) -> int:
    return "größe", store({1, 2})

@job
def unused() -> None:
    "größe"; kept = store(1)

@job
def asked(month: int) -> int:
    return "größe", store(1) if month is None else 0
"""


def test_columns_count_characters_not_the_bytes_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    folder = Repository(repository(tmp_path, chk_nine=NOT_ASCII)).pipeline("chk_nine")
    lines = NOT_ASCII.strip().splitlines()
    for found in (check_pipeline(folder), check_statically(folder)):
        marked = {
            each.code: lines[each.location.line - 1][each.location.column - 1 : (each.location.end_column or 0) - 1]
            for each in found
            if each.location and each.location.column
        }
        if sys.version_info < (3, 11):
            # It keeps no columns of what is loaded.
            marked["constant"] = "store({1, 2})"
        expected = {"constant": "store({1, 2})", "branch": "month is None", "unused-output": "kept"}
        assert marked.items() >= expected.items()
