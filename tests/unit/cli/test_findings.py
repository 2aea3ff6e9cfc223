import json

from lakewright.cli.findings import FORMATS, render_findings
from lakewright.errors.base import Location
from lakewright.model.diagnostics import Finding

FOUND = (
    Finding(code="no-task", message="job 'a' has none, 100%", location=Location("src/my jobs.py", 3), hint="Call one."),
    Finding(code="unused-output", message="x", severity="warning", location=Location("a,b:c.py", 7, 5, 9)),
    Finding(code="target", message="no place"),
)


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
