"""`lakewright plan`: what a deploy would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import say
from lakewright.cli.telling import tell, warn
from lakewright.project.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakewright.project.plan import Action, PipelinePlan
    from lakewright.project.repository import PipelineFolder

_STYLES: Final = {"+": "green", "~": "yellow", "−": "bold red", "−/+": "bold red"}
_SHOWN_OF_REVISION: Final = 9


def plan(pipelines: options.Pipelines = None, *, target: options.DeployTarget, form: options.Form = "text") -> int:
    """Show what a deploy would do, field by field; nothing is changed.

    Asks the Databricks CLI, and judges what it says: a state that cannot be seen is an error that names the missing
    grant, never a plan that creates everything.

    Examples: `lakewright plan --target prod`, `lakewright plan flights --target prod --format markdown`
    """
    from lakewright.project.bundle_cli import find_cli
    from lakewright.project.planning import plan_pipelines
    from lakewright.project.targets import deployable_target

    repository = Repository.around(Path.cwd())
    deployable_target(repository.root, target)
    folders = chosen(repository, pipelines)
    known, plans = plan_pipelines(find_cli(tell), folders, target)
    if known.unknown:
        warn(f"What is deployed is not known, so nothing is compared with it: {known.unknown}")
    print_plans(target, plans, form=form)
    return FAILED if any(each.error for each in plans) else DONE


def chosen(repository: Repository, pipelines: Sequence[str] | None) -> tuple[PipelineFolder, ...]:
    """The pipelines that are named; else the one that somebody stands in, or all.

    Raises:
        UsageError: there is none of a name.
    """
    return tuple(map(repository.pipeline, pipelines)) if pipelines else repository.here(Path.cwd())


def print_plans(target: str, plans: tuple[PipelinePlan, ...], *, form: str) -> None:
    """Print plans: as JSON, as Markdown, or for people, a block for each pipeline."""
    from lakewright.project.plan import report
    from lakewright.project.plan_markdown import plans_markdown

    if form == "json":
        say(json.dumps(report(target, plans), indent=2, ensure_ascii=False))
    elif form == "markdown":
        say(plans_markdown(target, plans), end="")
    else:
        for text, style in (line for each in plans for line in _lines(target, each)):
            say(text, style)


def _lines(target: str, planned: PipelinePlan) -> Iterator[tuple[str, str]]:
    from lakewright.project.plan_markdown import counted

    told = counted(planned.plan) if planned.plan else "no plan"
    known = f"   (deployed: {planned.recorded.revision[:_SHOWN_OF_REVISION]})" if planned.recorded else ""
    yield f"{'✘ ' if planned.error else ''}{planned.pipeline} → {target}   {told}{known}", "bold"
    if planned.error:
        yield str(planned.error), "red"
    for action in planned.plan.changes if planned.plan else ():
        yield from _action_lines(action)


def _action_lines(action: Action) -> Iterator[tuple[str, str]]:
    from lakewright.project.plan_markdown import shown_changes, sign

    mark = sign(action)
    yield f"  {mark:<3} {action.resource}{'   IS REMOVED' if action.is_loss else ''}", _STYLES[mark]
    for change in shown_changes(action):
        yield f"        {change.path}   {_value(change.remote)} → {_value(change.new)}", ""


def _value(value: object) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
