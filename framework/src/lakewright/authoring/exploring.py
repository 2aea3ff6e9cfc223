"""Running a body once for each way that conditions let it go."""

from __future__ import annotations

from lakewright.authoring.choices import MOST_PATHS, too_many_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lakewright.authoring.merging import Path


def explored(first: Path, follow: Callable[[Sequence[bool]], Path]) -> list[Path]:
    """All ways through a body.

    Args:
        first: the one on which every condition holds.
        follow: runs the body, the outcomes of the first conditions given; the others hold.

    Raises:
        BranchError: there are too many.
    """
    paths = [first]
    pending = _turns(first, known=0)
    while pending:
        given = pending.pop()
        path = follow(given)
        paths.append(path)
        pending.extend(_turns(path, known=len(given)))
        if len(paths) + len(pending) > MOST_PATHS:
            decision = path.decisions[-1] if path.decisions else first.decisions[-1]
            raise too_many_paths(decision.location)
    return paths


def _turns(path: Path, *, known: int) -> list[Sequence[bool]]:
    """The outcomes that lead to where other ways turn off from a path, behind those that led to it."""
    outcomes = path.outcomes
    return [(*outcomes[:place], False) for place in range(known, len(outcomes))]
