"""How deploys ended: for people, and for the page of a workflow's run."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lakewright.cli.output import complain, say
from lakewright.cli.step_summary import add_to_summary
from lakewright.cli.telling import tell, warn
from lakewright.errors.base import LakewrightError
from lakewright.project.plan import PipelinePlan
from lakewright.project.plan_markdown import counted, plans_markdown
from lakewright.text.durations import seconds
from lakewright.text.names import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.project.deploy import Deployed

_SHOWN_OF_REVISION: Final = 9
_SHOWN_OF_DIGEST: Final = 12


@dataclass(slots=True)
class Outcome:
    """How one deploy ended; neither `done` nor `error` is set where nothing had to be done, which `idle` gives why."""

    pipeline: str
    done: Deployed | None = None
    error: LakewrightError | None = None
    idle: str = "runs there already"


@dataclass(slots=True)
class Outcomes:
    """How the deploys to a target ended: one that fails does not stop the others."""

    target: str
    all: list[Outcome] = field(default_factory=list)

    @contextmanager
    def of(self, pipeline: str) -> Iterator[Outcome]:
        """The place for the outcome of a pipeline; an error inside is kept in it."""
        outcome = Outcome(pipeline)
        self.all.append(outcome)
        tell(f"{pipeline} → {self.target}")
        try:
            yield outcome
        except LakewrightError as error:
            outcome.error = error

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those that did not come to their end."""
        return tuple(outcome for outcome in self.all if outcome.error)

    def show(self) -> None:
        """Print how each ended, and add it to the page of the workflow's run."""
        for outcome in self.all:
            if outcome.done:
                say(_line(outcome.done), "green")
                if outcome.done.unrecorded:
                    warn(f"   not recorded, so the next merge deploys it again: {outcome.done.unrecorded}")
            elif outcome.error is None:
                say(f" = {outcome.pipeline} → {self.target}   {outcome.idle}", "dim")
            if outcome.error:
                say(f" ✘ {outcome.pipeline} → {self.target}", "bold red")
                complain(outcome.error)
        add_to_summary("".join(_markdown(self.target, outcome) for outcome in self.all))


def _line(done: Deployed) -> str:
    parts = [f" ✔ {done.pipeline} → {done.target}   {counted(done.plan)}", *_facts(done), seconds(done.seconds)]
    return "   ".join(parts)


def _facts(done: Deployed) -> Iterator[str]:
    yield done.revision[:_SHOWN_OF_REVISION] + ("+" if done.revision.endswith("+") else "")
    if done.digest:
        yield f"wheelhouse {done.digest[:_SHOWN_OF_DIGEST]}"
    if done.smoked:
        yield f"ran {quoted(done.smoked)}"
    if done.is_own_copy:
        yield "a copy of your own"


def _markdown(target: str, outcome: Outcome) -> str:
    if outcome.error:
        return f"### {outcome.pipeline} → {target} · ✘ failed\n\n```\n{outcome.error}\n```\n\n"
    if outcome.done is None:
        return f"### {outcome.pipeline} → {target}\n\n= {outcome.idle}\n\n"
    section = plans_markdown(target, [PipelinePlan(pipeline=outcome.pipeline, plan=outcome.done.plan)])
    recorded = f"**not recorded**: {outcome.done.unrecorded}" if outcome.done.unrecorded else "recorded"
    facts = [*_facts(outcome.done), *([] if outcome.done.is_own_copy else [recorded])]
    return f"{section}✔ {' · '.join(facts)}\n\n"
