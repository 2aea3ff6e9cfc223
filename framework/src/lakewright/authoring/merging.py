"""One DAG from several paths: which calls on different paths are one task, and in what order tasks stand.

Calls are one if they stand at the same place of the source, are the same call of this place in number, and agree in the
task, its settings and all constants. Outputs that they take may differ: then they are joined.
"""

from __future__ import annotations

from collections import Counter
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from lakewright.authoring.binding import Gathered
from lakewright.authoring.callsite import with_excerpt
from lakewright.authoring.choices import Decision
from lakewright.authoring.handle import Handle
from lakewright.authoring.passes import PassHandle
from lakewright.errors.authoring import BranchError, SettingError
from lakewright.model.binding import ParameterValue
from lakewright.model.containers import Parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.call import Call
    from lakewright.authoring.passes import LoopedList

    Event: TypeAlias = "Call | Decision"


class Path(NamedTuple):
    """One way through a body.

    Attributes:
        calls: that it makes.
        returned: what the body returns on it.
    """

    calls: Sequence[Call]
    decisions: Sequence[Decision]
    returned: Draft | None

    @property
    def outcomes(self) -> tuple[bool, ...]:
        """Of its decisions, in order."""
        return tuple(decision.outcome for decision in self.decisions)

    def events(self) -> Iterator[Event]:
        """Calls and decisions, as they came about."""
        waiting = list(self.decisions)
        for number, call in enumerate(self.calls):
            while waiting and waiting[0].calls <= number:
                yield waiting.pop(0)
            yield call
        yield from waiting


class Node:
    """What several paths have in common: a call, or a decision.

    Attributes:
        events: by the number of the path.
    """

    def __init__(self) -> None:
        self.events: dict[int, Event] = {}


class Merged:
    """The nodes of some paths, in an order that each of them keeps.

    Args:
        paths: the ways through the body, the one on which all conditions hold first.

    Raises:
        BranchError: the body did otherwise before anything was decided otherwise.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = paths
        self._known: dict[object, Node] = {}
        self._of_call: dict[Call, Node] = {}
        sequences = [self._sequence(number, path) for number, path in enumerate(paths)]
        for number, path in enumerate(paths):
            self._check_same(number, path, sequences)
        nodes = dict.fromkeys(node for sequence in sequences for node in sequence)
        self.order = _woven(sequences, {node: self._needs(node) for node in nodes if _is_decision(node)})

    def node(self, call: Any) -> Node:  # noqa: ANN401  an origin, which is a call
        """The node of a call."""
        return self._of_call[call]

    def _sequence(self, number: int, path: Path) -> list[Node]:
        counts: Counter[object] = Counter()
        sequence: dict[Node, None] = {}
        for event in path.events():
            site = None if isinstance(event, Decision) else event.site
            counts[site] += 1
            node = self._known.setdefault(self._key(event, (site, counts[site])), Node())
            node.events[number] = event
            if not isinstance(event, Decision):
                self._of_call[event] = node
            sequence[node] = None
        return list(sequence)

    def _needs(self, decision: Node) -> set[Node]:
        """The calls whose outputs a decision is about."""
        comparisons = [event.comparison for event in decision.events.values() if isinstance(event, Decision)]
        sides = [side for each in comparisons for side in (each.left, each.right)]
        return {self.node(side.lw_origin) for side in sides if isinstance(side, Handle)}

    def _check_same(self, number: int, path: Path, sequences: Sequence[Sequence[Node]]) -> None:
        """Raise unless a path does what the one that it turns off from does, up to there."""
        for earlier, other in enumerate(self.paths[:number]):
            common = next(
                (
                    place
                    for place, pair in enumerate(zip(path.outcomes, other.outcomes, strict=False))
                    if pair[0] != pair[1]
                ),
                None,
            )
            if common is None:
                raise _unsteady(path.calls[-1] if path.calls else None)
            place = sequences[number].index(self._decided(number, common, sequences))
            for mine, theirs in zip(sequences[number][: place + 1], sequences[earlier], strict=False):
                if mine is not theirs:
                    event = mine.events[number]
                    raise _unsteady(event)

    def _decided(self, number: int, place: int, sequences: Sequence[Sequence[Node]]) -> Node:
        decision = self.paths[number].decisions[place]
        return next(node for node in sequences[number] if node.events.get(number) is decision)

    def _key(self, event: Event, place: object) -> object:
        """What events on different paths have in common if they are one."""
        if isinstance(event, Decision):
            return self.identity(event.comparison)
        call, task = event, event.task
        arguments = tuple((name, arrival, self._skeleton(draft)) for name, draft, arrival in call.arguments)
        looped = self._list(call.looped) if call.looped else None
        try:
            io: object = task.io_spec
        except SettingError:
            io = id(task.io)
        return (place, str(task.reference), task.name, task.key, task.settings, io, arguments, looped)

    def _list(self, looped: LoopedList) -> object:
        return (id(self.node(looped.origin)), looped.path)

    def _skeleton(self, draft: Any) -> object:  # noqa: ANN401  a draft
        """A draft with one sign in the place of all that is known only when the job runs."""
        if isinstance(draft, (Handle, ParameterValue)):
            return type(draft) is PassHandle
        if isinstance(draft, Gathered):
            return ("gathered", self._list(draft.looped), *map(self._skeleton, draft.items))
        if isinstance(draft, Parts):
            return (draft.kind, draft.type, *((name, self._skeleton(part)) for name, part in draft.parts.items()))
        return draft

    def identity(self, draft: Any) -> object:  # noqa: ANN401  a draft, or a tuple of some
        """What drafts on different paths have in common if they stand for the same."""
        if isinstance(draft, PassHandle):
            way = (id(self.node(draft.lw_origin)), draft.lw_path, draft.lw_is_element)
            return ("pass", *way, self._list(draft.lw_mark.looped))
        if isinstance(draft, Handle):
            return ("output", id(self.node(draft.lw_origin)), draft.lw_path)
        if isinstance(draft, Gathered):
            return ("gathered", self._list(draft.looped), *map(self.identity, draft.items))
        if isinstance(draft, Parts):
            return (draft.kind, draft.type, *((name, self.identity(part)) for name, part in draft.parts.items()))
        return tuple(map(self.identity, draft)) if isinstance(draft, tuple) else draft

    def split(self, node: Node, groups: Sequence[set[int]]) -> list[Node]:
        """Nodes in the place of one, for groups of its paths that have less in common than it seemed."""
        place = self.order.index(node)
        found: list[Node] = []
        for group in groups:
            part = Node()
            part.events = {number: event for number, event in node.events.items() if number in group}
            self._of_call.update({event: part for event in part.events.values() if not isinstance(event, Decision)})
            found.append(part)
        self.order[place : place + 1] = found
        return found


def _is_decision(node: Node) -> bool:
    return isinstance(next(iter(node.events.values())), Decision)


def _unsteady(event: Event | None) -> BranchError:
    message = "the body does something else each time it is traced, before any condition could tell"
    hint = "Leave out what changes by itself: the time, random numbers, the order of a set."
    return with_excerpt(BranchError(message, location=event.location if event is not None else None, hint=hint))


def _woven(sequences: Sequence[Sequence[Node]], needs: Mapping[Node, set[Node]]) -> list[Node]:
    """The nodes of all sequences in an order that each keeps; of those that may come next, the one that was met first.

    A decision only stands behind what it needs and the decisions before it: another way may come to it earlier.

    Raises:
        BranchError: there is none.
    """
    met = {node: place for place, node in enumerate(dict.fromkeys(node for each in sequences for node in each))}
    before = {node: set(needs.get(node, ())) for node in met}
    for sequence in sequences:
        last: dict[bool, Node] = {}
        for node in sequence:
            is_decision = node in needs
            before[node].update(each for kind, each in last.items() if kind or not is_decision)
            last[is_decision] = node
    order = _sorted(met, before)
    if len(order) < len(met):
        raise _tangled(next(event for node in met if node not in order for event in node.events.values()))
    return order


def _sorted(met: Mapping[Node, int], before: Mapping[Node, set[Node]]) -> list[Node]:
    """The nodes, each behind those before it; where some wait for each other, they are left out."""
    after: dict[Node, list[Node]] = {node: [] for node in met}
    for node, earlier in before.items():
        for each in earlier:
            after[each].append(node)
    ready = [(met[node], node) for node, earlier in before.items() if not earlier]
    heapify(ready)
    order: list[Node] = []
    while ready:
        _, node = heappop(ready)
        order.append(node)
        for following in after[node]:
            before[following].discard(node)
            if not before[following]:
                heappush(ready, (met[following], following))
    return order


def _tangled(event: Event) -> BranchError:
    message = "calls or conditions here come in another order on another way through the body"
    hint = "Keep one order, and let conditions only choose."
    return with_excerpt(BranchError(message, location=event.location, hint=hint))
