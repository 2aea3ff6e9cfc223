"""A task of a DAG on its way: what it is, and what it waits for, as long as nothing has a key."""

from __future__ import annotations

from dataclasses import dataclass, field

from lakewright.authoring.callsite import with_excerpt
from lakewright.errors.authoring import SettingError
from lakewright.model.task import DEFAULT_RULE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.authoring.call import Call
    from lakewright.authoring.comparing import Compared
    from lakewright.errors.base import Location


@dataclass(eq=False, slots=True)
class Step:
    """A task of the DAG: a call, a condition, or a gate, which has neither.

    Attributes:
        name: what its key is made of, unless it is a call's.
        when: the steps whose outcomes it wants.
        after: the steps that it waits for beside those whose outputs it takes.
        gated: of those whose outputs it takes, the ones that it waits for through a gate.
    """

    name: str
    location: Location | None
    call: Call | None = None
    compared: Compared | None = None
    rule: str = DEFAULT_RULE
    when: list[tuple[Step, bool]] = field(default_factory=list)
    after: list[Step] = field(default_factory=list)
    gated: list[Step] = field(default_factory=list)


def call_of(step: Step) -> Call:
    """The call of a step that is one."""
    assert step.call is not None  # noqa: S101  only calls give outputs
    return step.call


def check_rule(step: Step) -> None:
    """Raise if a task has a rule of its own and stands behind a condition.

    Raises:
        SettingError: it has.
    """
    rule = call_of(step).task.settings.run_if
    if step.when and rule != DEFAULT_RULE:
        message = f"task '{step.name}' has run_if={rule!r} and stands behind a condition: it can have one rule only"
        hint = "Leave run_if out, or call the task outside of the branches."
        raise with_excerpt(SettingError(message, location=step.location, hint=hint))
