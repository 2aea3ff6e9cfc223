"""Findings for people, programs and pull requests."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lakewright.model.diagnostics import Finding

    Format = Callable[[Sequence[Finding]], str]

_SARIF_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def _text(findings: Sequence[Finding]) -> str:
    lines = [str(finding) + "".join(f"\n  {line}" for line in finding.hint.splitlines()) for finding in findings]
    counted = plural(len(findings), "finding") if findings else "nothing found"
    return "\n".join([*lines, counted]) + "\n"


def _json(findings: Sequence[Finding]) -> str:
    return json.dumps([_row(finding) for finding in findings], indent=2) + "\n"


def _row(finding: Finding) -> dict[str, object]:
    place = finding.location
    return {
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def _markdown(findings: Sequence[Finding]) -> str:
    if not findings:
        return "Nothing found.\n"
    rows = [
        f"| {finding.severity} | {_cell(str(finding.location or ''))} | {_cell(finding.message)} |"
        for finding in findings
    ]
    return "\n".join(["| severity | where | what |", "|---|---|---|", *rows]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _sarif(findings: Sequence[Finding]) -> str:
    """Findings as SARIF 2.1.0, which code scanning takes."""
    rules = [{"id": code} for code in sorted({finding.code for finding in findings})]
    run = {
        "tool": {"driver": {"name": "lakewright", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in findings],
    }
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(finding: Finding) -> dict[str, object]:
    text = "\n".join(filter(None, (finding.message, finding.hint)))
    result: dict[str, object] = {"ruleId": finding.code, "level": finding.severity, "message": {"text": text}}
    place = finding.location
    if place is not None:
        columns = {"startColumn": place.column, "endColumn": place.end_column}
        region = {"startLine": place.line, **{name: column for name, column in columns.items() if column}}
        file = {"uri": quote(PurePath(place.file).as_posix())}
        result["locations"] = [{"physicalLocation": {"artifactLocation": file, "region": region}}]
    return result


def _github(findings: Sequence[Finding]) -> str:
    """Findings as workflow commands, which GitHub shows at the lines of a pull request."""
    return "".join(f"{_command(finding)}\n" for finding in findings)


def _command(finding: Finding) -> str:
    place = finding.location
    given: dict[str, object] = {"title": finding.code}
    if place is not None:
        given = {"file": place.file, "line": place.line, "col": place.column, "endColumn": place.end_column, **given}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in given.items() if value)
    text = "\n".join(filter(None, (finding.message, finding.hint)))
    return f"::{finding.severity} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final[Mapping[str, Format]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "sarif": _sarif,
    "github": _github,
}


def render_findings(findings: Sequence[Finding], form: Format) -> str:
    """Findings in a form, sorted by file and line."""
    return form(
        sorted(findings, key=lambda each: (each.location.file, each.location.line) if each.location else ("", 0))
    )
