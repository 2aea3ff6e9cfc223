"""Running a body once for each way that conditions let it go."""

from __future__ import annotations

from lakewright.authoring.choices import MOST_PATHS, too_many_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lakewright.authoring.merging import Path


def explored(follow: Callable[[Sequence[bool]], Path]) -> list[Path]:
    """All ways through a body; the one on which every condition holds is the first.

    Args:
        follow: runs the body, the outcomes of the first conditions given; the others hold.

    Raises:
        BranchError: there are too many.
    """
    paths: list[Path] = []
    pending: list[Sequence[bool]] = [()]
    while pending:
        given = pending.pop()
        path = follow(given)
        paths.append(path)
        outcomes = path.outcomes
        pending.extend((*outcomes[:place], False) for place in range(len(given), len(outcomes)))
        if len(paths) + len(pending) > MOST_PATHS:
            decision = path.decisions[-1] if path.decisions else paths[0].decisions[-1]
            raise too_many_paths(decision.location)
    return paths
