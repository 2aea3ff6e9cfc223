"""What plans tell and a difference of definitions cannot: what `targets.yml`, YAML, or somebody by hand has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lakewright.project.plan_markdown import cell, is_of_wheels
from lakewright.text.markdown import code, escaped
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lakewright.project.review_reports import PlanReport

_TABLE: Final = ("| | target | resource | field | before | after |", "|---|---|---|---|---|---|")


def plan_rows(plans: Iterable[PlanReport], pipeline: str) -> tuple[str, ...]:
    """The fields that deploys of a pipeline would set, as rows of a table; but for the paths of wheels."""
    return tuple(_rows(plans, pipeline))


def _rows(plans: Iterable[PlanReport], pipeline: str) -> Iterator[str]:
    for report in plans:
        actions = [action for each in report.pipelines if each.pipeline == pipeline for action in each.actions]
        for action in actions:
            for change in action.changes:
                if not is_of_wheels(change.old, change.new):
                    where = f"| ~ | {escaped(report.target)} | {code(action.resource)} | {code(change.field)} "
                    yield f"{where}| {cell(change.old)} | {cell(change.new)} |"


def plan_table(rows: tuple[str, ...], most: int) -> Iterator[str]:
    """The lines of a table of them; nothing for none.

    Args:
        rows: all.
        most: how many are shown.
    """
    if rows:
        yield "A deploy changes fields all the same, by `targets.yml`, YAML, or because somebody set them by hand:\n"
        yield from (*_TABLE, *rows[:most], "")
    if len(rows) > most:
        yield f"{plural(len(rows) - most, 'more row')}: `lakewright plan` shows all.\n"
