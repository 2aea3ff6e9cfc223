"""A job as Mermaid, with what has changed of it in colours: new green, changed yellow, removed red and dashed."""

from __future__ import annotations

import re
from itertools import chain
from typing import Final

from lakewright.diagrams.drawn import Arrow
from lakewright.diagrams.mermaid import arrow_text, node_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lakewright.model.changes import Compared
    from lakewright.model.described_job import DescribedJob, DescribedTask

# More of a graph than this is drawn around what has changed only: GitHub draws no larger one well.
_WHOLE: Final = 40
_MOST: Final = 80
_NAMES: Final = {"added": "new", "changed": "changed", "renamed": "changed", "removed": "removed"}
# GitHub's own colours of its light theme, the text too: they are read on its dark one as well.
_CLASSES: Final = (
    "classDef new fill:#dafbe1,stroke:#1a7f37,stroke-width:2px,color:#1f2328",
    "classDef changed fill:#fff8c5,stroke:#9a6700,stroke-width:2px,color:#1f2328",
    "classDef removed fill:#ffebe9,stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 4,color:#1f2328",
)
_NEW_ARROW: Final = "stroke:#1a7f37,stroke-width:2px"
_REMOVED_ARROW: Final = "stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 4"
# Every line that is drawn here: what else stands in a picture that was read from a file is none.
_LINE: Final = re.compile(
    r"graph LR|    classDef [a-z]+ [a-z0-9#:,\- ]+|    linkStyle [\d,]+ [a-z0-9#:,\- ]+"
    r'|    t\d+(\["[^"`<>]*"\]|\[\["[^"`<>]*"\]\]|\{"[^"`<>]*"\})(:::[a-z]+)?'
    r"|    t\d+ (-->|-\.->|-->\|[^|`<>]*\|) t\d+"
)


def changed_picture(compared: Compared) -> str:
    """The graph of a job with what has changed of its tasks and arrows; empty where there is nothing to see."""
    jobs = [job for job in (compared.after, compared.before) if job is not None]
    changes = {change.task: _NAMES[change.change] for change in compared.change.tasks}
    tasks = {task.key: task for job in reversed(jobs) for task in job.tasks if task.shape != "gate"}
    if compared.before is None or compared.after is None or not changes:
        return ""
    now, was = (tuple(_arrows(job)) for job in jobs)
    places = [task.key for task in chain(*(job.tasks for job in jobs))]
    shown = _shown(tuple(dict.fromkeys(key for key in places if key in tasks)), changes, {*now, *was})
    return _drawn([tasks[key] for key in shown], changes, now=now, was=was) if len(shown) <= _MOST else ""


def is_picture(text: str) -> bool:
    """Whether a text is a picture as it is drawn here, and nothing else."""
    return bool(text) and all(_LINE.fullmatch(line) for line in text.splitlines())


def _shown(keys: Sequence[str], changes: Mapping[str, str], arrows: Iterable[Arrow]) -> tuple[str, ...]:
    """All tasks; of many, those that have changed and their neighbours."""
    if len(keys) <= _WHOLE:
        return tuple(keys)
    pairs = [(arrow.upstream, arrow.downstream) for arrow in arrows]
    near = {key for pair in pairs if changes.keys() & set(pair) for key in pair} | changes.keys()
    return tuple(key for key in keys if key in near)


def _drawn(
    tasks: Sequence[DescribedTask], changes: Mapping[str, str], *, now: Sequence[Arrow], was: Sequence[Arrow]
) -> str:
    ids = {task.key: f"t{number}" for number, task in enumerate(tasks)}
    classes = {key: f":::{name}" for key, name in changes.items()}
    nodes = [
        f"{ids[task.key]}{node_text(task.label or task.key, task.shape)}{classes.get(task.key, '')}" for task in tasks
    ]
    every = [arrow for arrow in dict.fromkeys((*now, *was)) if {arrow.upstream, arrow.downstream} <= ids.keys()]
    lines = [f"{ids[arrow.upstream]} {arrow_text(arrow)} {ids[arrow.downstream]}" for arrow in every]
    styles = [*_styled(every, set(now) - set(was), _NEW_ARROW), *_styled(every, set(was) - set(now), _REMOVED_ARROW)]
    used = [line for line in _CLASSES if line.split()[1] in {*changes.values()}]
    return "\n".join(["graph LR", *(f"    {line}" for line in (*nodes, *lines, *used, *styles))]) + "\n"


def _styled(every: Sequence[Arrow], those: set[Arrow], style: str) -> Iterator[str]:
    numbers = [str(number) for number, arrow in enumerate(every) if arrow in those]
    if numbers:
        yield f"linkStyle {','.join(numbers)} {style}"


def _arrows(job: DescribedJob) -> Iterator[Arrow]:
    """What each task waits for; what a gate holds back waits for what the gate waits for."""
    tasks = {task.key: task for task in job.tasks}
    for task in job.tasks:
        if task.shape != "gate":
            found = dict.fromkeys(pair for pair in _before(task, tasks, depth=len(tasks)))
            yield from (Arrow(key, task.key, key in task.takes, outcome) for key, outcome in found)


def _before(task: DescribedTask, tasks: Mapping[str, DescribedTask], *, depth: int) -> Iterator[tuple[str, str]]:
    for key, outcome in task.needs.items():
        earlier = tasks.get(key)
        if earlier is not None and earlier.shape == "gate" and depth:
            yield from _before(earlier, tasks, depth=depth - 1)
        elif earlier is not None:
            yield key, outcome
