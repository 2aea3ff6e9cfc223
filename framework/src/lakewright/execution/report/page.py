"""The page of a run: one HTML file that opens from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lakewright.diagrams.page import page
from lakewright.execution.report.trim import trim
from lakewright.execution.report.view import to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.execution.report.view import RunView

_ASSETS: Final = Path(__file__).parent / "assets"
_SCRIPTS: Final = ("gantt.js", "details.js", "overview.js", "report.js")


def render(run: RunView) -> str:
    """The report of a run as one HTML file, below two megabytes for a thousand tasks."""
    return page(
        title=f"{run.job} · {run.status.replace('_', ' ')} · {run.run_id}",
        body=_ASSETS / "report.html",
        styles=[_ASSETS / "report.css"],
        scripts=[_ASSETS / name for name in _SCRIPTS],
        content=to_json(trim(run)),
    )
