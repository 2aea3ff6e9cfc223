"""Which tasks an expression means: `clean`, `clean+`, `+report`, `load_*`, `tag:gold`."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from lakewright.errors.authoring import SelectionError
from lakewright.model import graph
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.dag import Dag

TAG = "tag:"


@dataclass(frozen=True, slots=True)
class Term:
    """One part of an expression.

    Attributes:
        pattern: a key, which may hold `*` and `?`, or `tag:` and a tag.
        upstream: whether all that leads to a match belongs to it (`+report`).
        downstream: whether all that follows from a match belongs to it (`clean+`).
    """

    pattern: str
    upstream: bool = False
    downstream: bool = False


def parse(expression: str) -> tuple[Term, ...]:
    """The terms of an expression, separated by spaces or commas; a task that any of them means is selected.

    >>> parse("clean+, tag:gold")
    (Term(pattern='clean', upstream=False, downstream=True), Term(pattern='tag:gold', upstream=False, downstream=False))

    Raises:
        SelectionError: the expression is empty, or a term names nothing.
    """
    words = expression.replace(",", " ").split()
    if not words or not all(word.strip("+") for word in words):
        raise SelectionError(
            f"{expression!r} selects nothing: write task keys, as in 'clean+', '+report' or 'tag:gold'"
        )
    return tuple(Term(word.strip("+"), word.startswith("+"), word.endswith("+")) for word in words)


def select(dag: Dag, expression: str) -> tuple[str, ...]:
    """The selected keys, in declaration order.

    >>> from lakewright.model.dag import Dag
    >>> select(Dag.from_edges([("load", "clean"), ("clean", "report")]), "clean+")
    ('clean', 'report')

    Raises:
        SelectionError: a term matches no task.
    """
    selected: set[str] = set()
    for term in parse(expression):
        matching = _matching(dag, term)
        selected |= matching
        if term.upstream:
            selected |= graph.reach(matching, {key: dag.upstream(key) for key in dag.nodes})
        if term.downstream:
            selected |= graph.reach(matching, {key: dag.downstream(key) for key in dag.nodes})
    return tuple(key for key in dag.nodes if key in selected)


def _matching(dag: Dag, term: Term) -> set[str]:
    if term.pattern.startswith(TAG):
        tag = term.pattern.removeprefix(TAG)
        found = {task.key for task in dag.tasks if tag in task.settings.tags}
        known = [f"{TAG}{each}" for task in dag.tasks for each in task.settings.tags]
    else:
        found = {key for key in dag.nodes if fnmatchcase(key, term.pattern)}
        known = list(dag.nodes)
    if not found:
        raise SelectionError(
            f"no task of job '{dag.name}' is meant by '{term.pattern}'{did_you_mean(term.pattern, known)}"
        )
    return found
