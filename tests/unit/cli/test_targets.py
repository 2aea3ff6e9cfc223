import json
from pathlib import Path
from typing import Final

import pytest

from tests.unit.cli.commands import Call

TARGETS: Final = """\
targets:
  dev: {mode: development, workspace: {host: "https://dev.example.com"}}
  staging: {mode: production, workspace: {host: "https://CHANGE-ME.example.com"}}
  prod: {mode: production, workspace: {host: "https://prod.example.com"}}
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, call: Call) -> None:  # noqa: ARG001  it goes there
    (tmp_path / "targets.yml").write_text(TARGETS, encoding="utf-8")


def test_targets_are_listed_in_the_order_of_promotion(call: Call) -> None:
    ended = call("targets")
    assert [line.split()[0] for line in ended.out.splitlines()] == ["dev", "staging", "prod"]
    assert ["(not planned)" in line for line in ended.out.splitlines()] == [True, True, False]


def test_a_workflow_gets_all_of_them_and_those_that_are_planned(call: Call) -> None:
    assert call("targets", "--format", "github").out == 'targets=["dev","staging","prod"]\nplanned=["prod"]\n'


def test_programs_get_rows(call: Call) -> None:
    rows = json.loads(call("targets", "--format", "json").out)
    assert rows[2] == {"target": "prod", "mode": "production", "host": "https://prod.example.com", "planned": True}


def test_the_host_of_the_file_counts_where_a_target_has_none(call: Call, tmp_path: Path) -> None:
    text = "workspace: {host: 'https://one.example.com'}\ntargets: {prod: {mode: production}}\n"
    (tmp_path / "targets.yml").write_text(text, encoding="utf-8")
    assert call("targets", "--format", "github").out.endswith('planned=["prod"]\n')
