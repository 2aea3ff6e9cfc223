import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.workflows.rules import RULES, Rule, Workflow, read_workflows

ROOT: Final = Path(__file__).parents[2]
WORKFLOWS: Final = read_workflows(ROOT)
FOLDER: Final = ROOT / ".github" / "workflows"
SCHEMAS: Final = ("vendor.github-workflows", "custom.github-workflows-require-timeout")


@pytest.mark.parametrize("name", WORKFLOWS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_workflow_keeps_the_rules(name: str, rule: Rule) -> None:
    assert list(rule(WORKFLOWS[name])) == []


def test_ci_runs_the_tests_on_every_python_that_the_package_supports() -> None:
    package = (ROOT / "framework" / "pyproject.toml").read_text(encoding="utf-8")
    tested = WORKFLOWS["ci.yml"].jobs["tests"]["strategy"]["matrix"]["python"]
    assert tested == [minor for minor in ("3.10", "3.11", "3.12", "3.13") if f"Python :: {minor}" in package]
    assert len(tested) == package.count("Python :: 3.")


def test_zizmor_has_nothing_to_say_even_as_a_pedant() -> None:
    result = run("zizmor", "--offline", "--pedantic", "--no-progress", str(FOLDER))
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_workflow_follows_the_schema(schema: str) -> None:
    result = run("check-jsonschema", "--builtin-schema", schema, *map(str, sorted(FOLDER.iterdir())))
    assert result.returncode == 0, result.stdout + result.stderr


def run(tool: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The result of a tool of the environment that runs the tests."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_gate_fails_unless_every_job_succeeded() -> None:
    gate = Workflow.parse((FOLDER / "ci.yml").read_text(encoding="utf-8")).jobs["gate"]
    (step,) = gate["steps"]
    assert all(f"'{result}'" in step["env"]["MISSING"] for result in ("failure", "cancelled", "skipped"))
    for missing, code in (("false", 0), ("true", 1)):
        shell = subprocess.run(["bash", "-euc", step["run"]], env={"MISSING": missing}, check=False)
        assert shell.returncode == code
