"""Findings for people, programs and pull requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lakewright.model.diagnostics import Finding

    Format = Callable[[Sequence[Finding]], str]


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


FORMATS: Final[Mapping[str, Format]] = {"text": _text, "json": _json, "markdown": _markdown}


def render_findings(findings: Sequence[Finding], form: Format) -> str:
    """Findings in a form, sorted by file and line."""
    return form(
        sorted(findings, key=lambda each: (each.location.file, each.location.line) if each.location else ("", 0))
    )
