"""Plans in Markdown: for the summary of a workflow, and for issues."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from lakewright.text.markdown import code, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lakewright.project.plan import Action, PipelinePlan, Plan

SIGNS: Final = {"create": "+", "delete": "−", "recreate": "−/+"}
_LONGEST: Final = 200


def sign(action: Action) -> str:
    """What is done with a resource, as one sign: `+`, `~`, `−`."""
    return SIGNS.get(action.action, "~") if action.is_change else "="


def counted(plan: Plan) -> str:
    """How many resources are made, changed and lost, in words.

    Each that is not zero; `no change` if all are.
    """
    actions = [action.action for action in plan.changes]
    created, deleted = (sum(action in {kind, "recreate"} for action in actions) for kind in ("create", "delete"))
    changed = len(actions) - sum(action in SIGNS for action in actions)
    counts = ((created, "+ {} new"), (changed, "~ {} changed"), (deleted, "− {} removed"))
    return ", ".join(text.format(count) for count, text in counts if count) or "no change"


def plans_markdown(target: str, plans: Iterable[PipelinePlan]) -> str:
    """A section for each pipeline: its table of changes, or why there is no plan."""
    return "\n".join(line for each in plans for line in _section(target, each)) + "\n"


def _section(target: str, planned: PipelinePlan) -> Iterator[str]:
    told = counted(planned.plan) if planned.plan else "no plan"
    yield f"### {escaped(planned.pipeline)} → {escaped(target)}   {told}"
    yield ""
    if planned.error:
        # Indented, so that nothing in it ends the block.
        yield from (*(f"    {line}" for line in str(planned.error).splitlines()), "")
    if planned.plan and planned.plan.changes:
        yield "| | resource | field | before | after |"
        yield "|---|---|---|---|---|"
        for action in planned.plan.changes:
            yield from _rows(action)
        yield ""


def _rows(action: Action) -> Iterator[str]:
    name = f"**{code(action.resource)} is removed**" if action.is_loss else code(action.resource)
    if not action.changes:
        yield f"| {sign(action)} | {name} | {action.action} | | |"
    for change in action.changes:
        yield f"| {sign(action)} | {name} | {code(change.path)} | {cell(change.remote)} | {cell(change.new)} |"


def cell(value: object) -> str:
    """A value in a cell of a table: as JSON, on one line, and cut where it gets long; empty for none.

    >>> cell({"retries": 2}), cell(None)
    ('`{"retries": 2}`', '')
    """
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return code(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
