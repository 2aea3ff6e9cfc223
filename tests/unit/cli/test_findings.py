import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from lakewright.cli.findings import FORMATS, render_findings
from lakewright.errors.base import Location
from lakewright.model.diagnostics import Finding

FOUND = (
    Finding(code="no-task", message="job 'a' has none, 100%", location=Location("src/my jobs.py", 3), hint="Call one."),
    Finding(code="unused-output", message="x", severity="warning", location=Location("a,b:c.py", 7, 5, 9)),
    Finding(code="target", message="no place"),
)

# That of schemastore.org, with which GitHub checks uploads.
SCHEMA: Final = Path(__file__).parents[2] / "schemas" / "sarif-2.1.0-rtm.5.json"


def refused(said: str, folder: Path) -> str:
    """What the schema says against some text; empty if it is SARIF."""
    file = folder / "findings.sarif"
    file.write_text(said, encoding="utf-8")
    # Its patterns are not all what other engines take.
    options = ["--regex-variant", "python", "--schemafile", str(SCHEMA)]
    command = [sys.executable, "-m", "check_jsonschema", *options, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("found", [FOUND, ()])
def test_sarif_is_what_its_schema_says(tmp_path: Path, found: tuple[Finding, ...]) -> None:
    assert refused(render_findings(found, FORMATS["sarif"]), tmp_path) == ""


def test_the_schema_refuses_what_is_no_result(tmp_path: Path) -> None:
    said = json.loads(render_findings(FOUND, FORMATS["sarif"]))
    said["runs"][0]["results"][0]["level"] = "fatal"
    assert "'fatal' is not one of" in refused(json.dumps(said), tmp_path)


def test_text_names_line_and_column_where_they_are_known() -> None:
    lines = render_findings(FOUND, FORMATS["text"]).splitlines()
    assert lines[0] == "error: no place [target]"
    assert lines[1] == "a,b:c.py:7:5: warning: x [unused-output]"
    assert lines[2] == "src/my jobs.py:3: error: job 'a' has none, 100% [no-task]"


def test_sarif_has_each_rule_once_and_each_finding_with_its_place() -> None:
    said = json.loads(render_findings(FOUND, FORMATS["sarif"]))
    (run,) = said["runs"]
    assert said["version"] == "2.1.0"
    assert run["tool"]["driver"] == {
        "name": "lakewright",
        "rules": [{"id": "no-task"}, {"id": "target"}, {"id": "unused-output"}],
    }
    by_rule = {result["ruleId"]: result for result in run["results"]}
    assert by_rule["no-task"]["level"] == "error"
    assert by_rule["no-task"]["message"]["text"] == "job 'a' has none, 100%\nCall one."
    assert by_rule["no-task"]["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "src/my%20jobs.py"}, "region": {"startLine": 3}}}
    ]
    (place,) = by_rule["unused-output"]["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 5, "endColumn": 9}
    assert "locations" not in by_rule["target"]


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    (run,) = json.loads(render_findings((), FORMATS["sarif"]))["runs"]
    assert run["results"] == []


def test_annotations_of_github_are_escaped() -> None:
    assert render_findings(FOUND, FORMATS["github"]).splitlines() == [
        "::error title=target::no place",
        "::warning file=a%2Cb%3Ac.py,line=7,col=5,endColumn=9,title=unused-output::x",
        "::error file=src/my jobs.py,line=3,title=no-task::job 'a' has none, 100%25%0ACall one.",
    ]
