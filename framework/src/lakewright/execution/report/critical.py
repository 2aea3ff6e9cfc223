"""The critical path: the chain of tasks that a run could not have been shorter than."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def critical_path(
    order: Iterable[str], upstream: Mapping[str, Sequence[str]], seconds: Mapping[str, float]
) -> tuple[str, ...]:
    """The chain whose durations add up to the most; of equal ones the first.

    Args:
        order: tasks, each after its upstreams.
        upstream: the direct parents of each.
        seconds: how long each took; tasks that did not run are absent and on no path.

    >>> edges = {"load": [], "slow": ["load"], "quick": ["load"], "report": ["slow", "quick"]}
    >>> critical_path(edges, edges, {"load": 1.0, "slow": 5.0, "quick": 0.5, "report": 0.1})
    ('load', 'slow', 'report')
    """
    total: dict[str, float] = {}
    before: dict[str, str | None] = {}
    for key in order:
        if key not in seconds:
            continue
        parents = [parent for parent in upstream[key] if parent in total]
        before[key] = max(parents, key=total.__getitem__, default=None)
        total[key] = seconds[key] + (total[before[key]] if before[key] is not None else 0.0)  # type: ignore[index]  # not None
    return tuple(reversed(list(_back(before, max(total, key=total.__getitem__, default=None)))))


def _back(before: Mapping[str, str | None], last: str | None) -> Iterable[str]:
    while last is not None:
        yield last
        last = before[last]
