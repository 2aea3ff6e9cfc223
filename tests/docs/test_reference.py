"""The reference names what the code has: every command, setting, state and limit."""

import re
import sqlite3
from contextlib import closing
from dataclasses import fields
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_group

from lakewright import config
from lakewright.authoring.settings import JOB_SETTINGS, TASK_SETTINGS
from lakewright.cli import app
from lakewright.databricks.expressions import references
from lakewright.execution import telemetry
from lakewright.execution.event_log import COMMON, EVENTS
from lakewright.execution.store import FILE, RunStore
from lakewright.model import names, validation
from lakewright.model.binding import MAX_CONSTANT_BYTES
from lakewright.model.states import RUN_IF, SEMANTICS, Rule, State, judge
from tests.docs.pages import ROOT

REFERENCE: Final = ROOT / "docs" / "reference"
COMMANDS: Final = get_group(app.command_line(*app.COMMANDS)).commands
LIMITS: Final = {
    "tasks in a job": validation.MAX_TASKS,
    "task key": names.MAX_TASK_KEY,
    "name of a job": names.MAX_JOB_NAME_BYTES,
    "description of a job": validation.MAX_DESCRIPTION,
    "defaults of all job parameters, as JSON": validation.MAX_RUN_PARAMETER_BYTES,
    "tags of a job": validation.MAX_TAGS,
    "concurrent runs": validation.MAX_CONCURRENT_RUNS,
    "a constant in a task call, as JSON": MAX_CONSTANT_BYTES // 1024,
}


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def row(text: str, name: str) -> str:
    (found,) = [line for line in text.splitlines() if line.startswith((f"| {name} |", f"| {name} ("))]
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_in_the_reference(command: str) -> None:
    text = section(page("cli.md"), f"lakewright {command}")
    parts = getattr(COMMANDS[command], "commands", {}).values() or [COMMANDS[command]]
    options = [each for part in parts for each in part.params if each.param_type_name == "option"]
    assert text
    assert [name for option in options for name in option.opts if f"`{name}`" not in text] == []


@pytest.mark.parametrize(("heading", "settings"), [("Task", TASK_SETTINGS), ("Job", JOB_SETTINGS)])
def test_every_setting_is_in_the_reference(heading: str, settings: dict[str, object]) -> None:
    text = section(page("settings.md"), heading)
    assert [name for name in settings if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("name", config.__all__)
def test_every_configuration_is_in_the_reference_with_its_fields_and_variables(name: str) -> None:
    lines = [line for line in page("providers.md").splitlines() if line.startswith(f"| `{name}` |")]
    kind = getattr(config, name)
    variables = [each for names in getattr(kind, "variables", {}).values() for each in names]
    assert lines
    assert [each.name for each in fields(kind) if not any(f"`{each.name}" in line for line in lines)] == []
    assert [each for each in variables if not any(f"`{each}`" in line for line in lines)] == []


def test_every_state_and_rule_is_in_the_reference() -> None:
    text = page("states.md")
    assert [state.value for state in State if f"| `{state.value}` |" not in text] == []
    for rule, platform in RUN_IF.items():
        assert f"`{platform}`" in row(text, f"`{rule.value}`")


def test_the_table_of_verdicts_is_what_the_rules_give() -> None:
    ends = (State.SUCCESS, State.FAILED, State.UPSTREAM_FAILED, State.EXCLUDED)
    rows = [verdicts(*states) for count in (1, 2) for states in combinations(ends, count)]
    head = " | ".join(f"`{rule.value}`" for rule in Rule)
    assert f"| parents | {head} |\n|{'---|' * (len(Rule) + 1)}\n" + "\n".join(rows) + "\n\n" in page("states.md")


def verdicts(*states: State) -> str:
    """A row: how parents have ended, and what that makes of a task under each rule."""
    judged = [judge(rule, [(state.value, state) for state in states]) for rule in Rule]
    cells = ["runs" if verdict.runs else f"`{verdict.state.value}`" for verdict in judged]
    return f"| {' '.join(f'`{state.value}`' for state in states)} | {' | '.join(cells)} |"


def test_every_fact_about_the_platform_is_in_the_reference_with_its_source() -> None:
    rows = [f"| {fact} | {source} | {'yes' if verified else 'no'} |" for fact, source, verified in SEMANTICS]
    text = section(page("states.md"), "What this rests on").replace("`", "")
    assert text.partition("|---|---|---|\n")[2].strip().splitlines() == rows


@pytest.mark.parametrize("event", EVENTS)
def test_the_reference_has_each_event_with_its_fields_and_no_other(event: str) -> None:
    (fields,) = re.findall(rf"^\| `{event}` \|[^|]*\| (.*) \|$", page("events.md"), re.MULTILINE)
    assert re.findall(r"`(\w+)`", fields) == list(EVENTS[event])


def test_the_reference_has_each_field_of_an_event_with_its_type() -> None:
    named = re.findall(r"^\| `(\w+)` \| (?:text|number|whole number|object|array)", page("events.md"), re.MULTILINE)
    assert named == list(dict.fromkeys([*COMMON, *(field for fields in EVENTS.values() for field in fields)]))


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_is_the_one_that_is_checked(limit: str) -> None:
    assert f"{LIMITS[limit]:,}" in row(page("limits.md"), limit)


def test_every_column_of_the_run_store_is_in_the_reference(tmp_path: Path) -> None:
    RunStore(tmp_path / FILE).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for table in tables}
    text = page("run-store.md")
    for table, expected in columns.items():
        rows = re.findall(r"^\| (`.*?`) \|", section(text, table).partition("| `status` | meaning |")[0], re.MULTILINE)
        assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(expected)


def test_every_value_of_an_invocation_is_in_the_reference() -> None:
    text = page("invocation.md")
    for name, reference in references(["NAME"]).items():
        line = next(line for line in text.splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1])
        assert f"`{reference}`" in line


def test_the_worker_is_in_the_reference() -> None:
    scripts = (ROOT / "framework" / "pyproject.toml").read_text(encoding="utf-8")
    assert "lakewright-run = " in scripts
    assert Path(REFERENCE / "cli.md").read_text(encoding="utf-8").count("## lakewright-run") == 1


def test_every_attribute_of_a_span_is_documented() -> None:
    text = (ROOT / "docs" / "how-to" / "tracing.md").read_text(encoding="utf-8")
    told = [telemetry.JOB, telemetry.RUN, telemetry.TARGET, telemetry.STATUS, telemetry.LEAF_STATUS, telemetry.TASK]
    told += [telemetry.ATTEMPT, telemetry.STATE, telemetry.ROWS]
    assert [name for name in told if f"`{name}`" not in text] == []
