"""Plans in Markdown: for the summary of a workflow, and for issues."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from lakewright.dependencies.contents import FOLDER
from lakewright.project.plan import FieldChange
from lakewright.text.markdown import code, escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lakewright.project.plan import Action, PipelinePlan, Plan

# A digest, and what stands beside it.
_Part: TypeAlias = "tuple[str, str]"

SIGNS: Final = {"create": "+", "delete": "−", "recreate": "−/+"}
_LONGEST: Final = 200
_SHOWN_OF_DIGEST: Final = 12
_IN_WHEELHOUSE: Final = re.compile(
    rf"/Volumes/.+/{FOLDER}/[^/]+/(?P<digest>[0-9a-f]{{64}})/(?:wheels/)?(?P<file>[^/]+)"
)


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


def shown_changes(action: Action) -> tuple[FieldChange, ...]:
    """The fields that differ, without what repeats itself.

    All paths into a wheelhouse are one row, its digest, beside the wheels that are others. The digest of the job's DAG,
    which the invocation of each of its tasks carries, is one row too.
    """
    wheels, invocations = _both(action, _wheel), _both(action, _invocation)
    found = [*_digests("wheelhouse", wheels), *_digests("definition", invocations)]
    for change in action.changes:
        both = wheels.get(change.path) or invocations.get(change.path)
        if both is None:
            found.append(change)
        elif both[0][1] != both[1][1]:
            found.append(FieldChange(path=change.path, remote=both[0][1], new=both[1][1]))
    return tuple(found)


def _both(action: Action, read: Callable[[object], _Part | None]) -> dict[str, tuple[_Part, _Part]]:
    """What is read of fields before and after, where it is there on both sides."""
    both = {change.path: (read(change.remote), read(change.new)) for change in action.changes}
    return {path: (old, new) for path, (old, new) in both.items() if old and new}


def _digests(name: str, both: Mapping[str, tuple[_Part, _Part]]) -> Iterator[FieldChange]:
    for old, new in sorted({(old[0], new[0]) for old, new in both.values()}):
        if old != new:
            yield FieldChange(path=name, remote=old, new=new)


def is_of_wheels(*values: object) -> bool:
    """Whether a field holds a path into a wheelhouse, before or after: it is another with every build.

    >>> is_of_wheels(None, f"/Volumes/a/b/c/wheelhouse/flights/{'0' * 64}/requirements.txt"), is_of_wheels(1, "a")
    (True, False)
    """
    return any(_wheel(value) for value in values)


def _wheel(value: object) -> _Part | None:
    """The digest and the file of a path into a wheelhouse on a volume; None for anything else."""
    found = _IN_WHEELHOUSE.fullmatch(value) if isinstance(value, str) else None
    return (found["digest"][:_SHOWN_OF_DIGEST], found["file"]) if found else None


def _invocation(value: object) -> _Part | None:
    """The digest that the invocation of a task carries, and all else that it says; None for anything else."""
    try:
        content = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or not isinstance(content.get("digest"), str) or "job" not in content:
        return None
    digest = content.pop("digest")
    return digest[:_SHOWN_OF_DIGEST], json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def plans_markdown(target: str, plans: Iterable[PipelinePlan]) -> str:
    """A section for each pipeline: its table of changes, or why there is no plan."""
    return "\n".join(line for each in plans for line in _section(target, each)) + "\n"


def _section(target: str, planned: PipelinePlan) -> Iterator[str]:
    told = counted(planned.plan) if planned.plan else "no plan"
    yield f"### {escaped(planned.pipeline)} → {escaped(target)} · {told}"
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
    changes = shown_changes(action)
    if not changes:
        yield f"| {sign(action)} | {name} | {action.action} | | |"
    for change in changes:
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
