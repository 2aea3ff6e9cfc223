from typing import Final

import pytest

from tests.workflows import rules
from tests.workflows.rules import RULES, Rule, Workflow

SOUND: Final = """
on:
  pull_request:
  merge_group:
permissions: {}
jobs:
  work:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read # to check out
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - run: echo done
  gate:
    if: always()
    needs: [work]
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {}
    steps:
      - run: "true"
"""
DEFECTS: Final[tuple[tuple[Rule, str, str], ...]] = (
    (rules.actions_are_pinned_to_known_commits, "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7"),
    (rules.actions_are_pinned_to_known_commits, "# v7.0.1", "# v7.0.0"),
    (rules.actions_are_pinned_to_known_commits, "actions/checkout", "someone/checkout"),
    (rules.permissions_are_given_job_by_job, "permissions: {}\njobs", "permissions: read-all\njobs"),
    (rules.permissions_are_given_job_by_job, "    permissions: {}\n    steps", "    steps"),
    (rules.every_grant_has_a_reason, " # to check out", ""),
    (rules.jobs_run_on_a_named_image_for_a_limited_time, "ubuntu-24.04", "ubuntu-latest"),
    (rules.jobs_run_on_a_named_image_for_a_limited_time, "    timeout-minutes: 5\n", ""),
    (rules.checkouts_leave_no_credentials, "persist-credentials: false", "fetch-depth: 0"),
    (rules.commands_are_one_line_without_expressions, "echo done", "echo ${{ github.head_ref }}"),
    (rules.commands_are_one_line_without_expressions, "echo done", "|\n          echo one\n          echo two"),
    (rules.triggers_are_safe, "pull_request:", "pull_request_target:"),
    (rules.triggers_are_safe, "pull_request:", "pull_request: {paths: [src]}"),
    (rules.the_databricks_cli_has_a_version, "run: echo done", "uses: databricks/setup-cli@main"),
    (rules.a_gate_waits_for_every_other_job, "needs: [work]", "needs: []"),
    (rules.a_gate_waits_for_every_other_job, "if: always()", "if: success()"),
    (rules.a_gate_waits_for_every_other_job, "  merge_group:\n", ""),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_workflow_keeps_the_rule(rule: Rule) -> None:
    assert list(rule(Workflow.parse(SOUND))) == []


@pytest.mark.parametrize(("rule", "sound", "defect"), DEFECTS)
def test_a_planted_defect_breaks_the_rule(rule: Rule, sound: str, defect: str) -> None:
    assert sound in SOUND
    assert list(rule(Workflow.parse(SOUND.replace(sound, defect))))


def test_every_rule_is_tried_with_a_defect() -> None:
    assert {rule for rule, _, _ in DEFECTS} == set(RULES)
