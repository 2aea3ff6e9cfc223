"""What a change makes of the costs of jobs, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lakewright.model.cost import Cost, cost_of, machines
from lakewright.model.prices import money
from lakewright.text.names import some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lakewright.model.changes import JobChange
    from lakewright.model.prices import Prices

    Definitions = Mapping[str, Mapping[str, Any]]

_SHOWN: Final = 3
# What is told is the first that is known of all: the hours that count, and in words.
_UNITS: Final[tuple[tuple[Callable[[Cost], float | None], str], ...]] = (
    (lambda cost: cost.hours, "a month"),
    (lambda cost: cost.hours_a_run, "a run"),
    (lambda _: 1.0, "for each hour that it runs"),
)
_ALMOST: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDiff:
    """A job that costs something else than before; None where there is no such job.

    Attributes:
        currency: of both.
        as_of: when the prices were looked up, as somebody has said.
    """

    job: str
    before: Cost | None = None
    after: Cost | None = None
    currency: str
    as_of: str = ""


def cost_diffs(
    pipeline: str, changes: Iterable[JobChange], *, before: Definitions, after: Definitions, prices: Prices
) -> Iterator[CostDiff]:
    """The jobs of a pipeline that cost something else than before.

    Args:
        pipeline: its name.
        changes: what has changed of each job.
        before: earlier definitions, by the keys of jobs.
        after: later ones.
        prices: for both.
    """
    for change in changes:
        names = (change.job, change.was or change.job)
        hours = next((found for name in names if (found := prices.hours.get(f"{pipeline}.{name}")) is not None), None)
        was, now = before.get(change.was or change.job), after.get(change.job)
        old, new = (None if each is None else cost_of(each, prices, hours_a_run=hours) for each in (was, now))
        # Two costs that are not known may differ all the same.
        is_other = old != new or [*machines(was or {})] != [*machines(now or {})]
        if is_other and not all(cost is None or cost.is_nothing for cost in (old, new)):
            yield CostDiff(job=change.job, before=old, after=new, currency=prices.currency, as_of=prices.as_of)


def told(diff: CostDiff) -> str:
    """What a job costs before and after, in few words: by the month if that is known, else a run, else an hour."""
    known = [cost for cost in (diff.before, diff.after) if cost is not None and not cost.is_nothing]
    if not known:
        return "nothing"
    unpriced = sorted({each for cost in known for each in cost.unpriced})
    if unpriced:
        return f"not known: no price for {some(unpriced, _SHOWN)}"
    hours_of, unit = next(each for each in _UNITS if all(each[0](cost) is not None for cost in known))
    sides = [_amount(cost, hours_of(cost), diff.currency) for cost in (diff.before, diff.after) if cost is not None]
    change = f"new, {sides[0]}" if diff.before is None else f"removed, was {sides[0]}" if diff.after is None else ""
    return f"{change or ' → '.join(dict.fromkeys(sides))} {unit}{_runs(known)}"


def source(costs: Sequence[CostDiff]) -> tuple[str, ...]:
    """When the prices were looked up, in words; nothing where nobody has said that, or nothing costs anything."""
    return tuple(dict.fromkeys(f"prices of {each.as_of}" for each in costs if each.as_of))


def _amount(cost: Cost, hours: float | None, currency: str) -> str:
    """What so many hours come to, as a range where the compute scales."""
    amounts = [money((each or 0.0) * (hours or 0.0), currency) for each in (cost.least, cost.most)]
    return "–".join(dict.fromkeys(amounts))


def _runs(costs: Sequence[Cost]) -> str:
    """How often it runs, where that is known, and how long."""
    runs = [f"{cost.runs:,.0f}" if cost.runs >= _ALMOST else f"{cost.runs:.2f}" for cost in costs if cost.runs]
    if len(runs) < len(costs):
        return ""
    hours = costs[-1].hours_a_run
    length = f" of {hours:g} h" if hours is not None else ""
    return f" ({' → '.join(dict.fromkeys(runs))} runs a month{length})"
