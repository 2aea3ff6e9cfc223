"""From what several paths have in common to tasks, conditions and gates.

A task that some paths lack wants the outcomes that lead to it. Two or more ways to come to it meet in a gate, and so do
outputs of which each path has another one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from lakewright.authoring.binding import Gathered, Joined
from lakewright.authoring.callsite import with_excerpt
from lakewright.authoring.choices import Decision
from lakewright.authoring.comparing import compiled
from lakewright.authoring.conditions import NOTHING
from lakewright.authoring.cover import products
from lakewright.authoring.handle import Handle
from lakewright.authoring.passes import LoopedList, Mark, PassHandle
from lakewright.authoring.step import Step, call_of, check_rule
from lakewright.errors.authoring import BranchError
from lakewright.model.containers import Parts
from lakewright.model.states import Rule
from lakewright.model.task import DEFAULT_RULE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.call import Call
    from lakewright.authoring.cover import Product
    from lakewright.authoring.current import Recorder
    from lakewright.authoring.merging import Merged, Node
    from lakewright.model.parameter import ParameterType

_GATE: Final = "gate"


class Branches:
    """The steps of a body that branches.

    Args:
        merged: its paths.
        types: of the job's parameters.
        recorder: of one of the paths.

    Attributes:
        steps: in an order in which each stands behind all that it needs.
        result: what the body returns.

    Raises:
        BranchError: no gate can tell what the body returns.
        SettingError: a task with a rule of its own stands behind a condition.
    """

    def __init__(self, merged: Merged, types: Mapping[str, ParameterType], recorder: Recorder) -> None:
        self.steps: list[Step] = []
        self._merged = merged
        self._types = types
        self._recorder = recorder
        self._all = frozenset(range(len(merged.paths)))
        self._on: dict[Step, frozenset[int]] = {}
        self._step: dict[Node, Step] = {}
        self._outcomes: list[dict[Any, bool]] = [{} for _ in merged.paths]
        self._gates: dict[object, Step] = {}
        place = 0
        while place < len(merged.order):
            for node in self._apart(merged.order[place]):
                self._add(node)
                place += 1
        self.result = self._result()

    def _apart(self, node: Node) -> list[Node]:
        """The node, or several in its place if no gate and no record could tell which way a run came to it."""
        groups = self._groups(node)
        return [node] if len(groups) == 1 else self._merged.split(node, groups)

    def _groups(self, node: Node) -> list[set[int]]:
        by_list: dict[object, set[int]] = {}
        for number, event in node.events.items():
            key = self._merged.identity(event.comparison) if isinstance(event, Decision) else self._lists(event)
            by_list.setdefault(key, set()).add(number)
        if len(by_list) > 1 or isinstance(next(iter(node.events.values())), Decision):
            return list(by_list.values())
        classes = self._classes(node)
        if len(classes) == 1:
            return [set(node.events)]
        is_told = self._told(list(classes.values()), self._needed(node, with_waits=False)) is not None
        return [set(node.events)] if is_told else [set(paths) for paths in classes.values()]

    def _lists(self, call: Call) -> object:
        """The lists that a call is repeated for or gathers over: they cannot be joined."""
        looped = call.looped
        own = self._merged.identity(Gathered(looped, ())) if looped is not None else None
        return (own, *(self._gathered(draft) for _, draft, _ in call.arguments))

    def _gathered(self, draft: Any) -> object:  # noqa: ANN401  a draft
        if isinstance(draft, Gathered):
            return self._merged.identity(Gathered(draft.looped, ()))
        return tuple(map(self._gathered, draft.parts.values())) if isinstance(draft, Parts) else None

    def _classes(self, node: Node, *, with_waits: bool = False) -> dict[object, frozenset[int]]:
        """Paths by what a call takes on them, or by what it waits for too."""
        found: dict[object, set[int]] = {}
        for number, call in _calls(node):
            taken = tuple(self._merged.identity(draft) for _, draft, _ in call.arguments)
            waited = tuple(id(self._merged.node(origin)) for origin in call.after if with_waits)
            found.setdefault((taken, waited), set()).add(number)
        return {key: frozenset(paths) for key, paths in found.items()}

    def _told(
        self, classes: Sequence[frozenset[int]], steps: Sequence[Step]
    ) -> list[tuple[Step | None, frozenset[int]]] | None:
        """Classes of paths, each with a task whose output tells that a run went there unless it went to one before.

        The last may have none. None if that cannot be.
        """
        marking = [step for step in steps if step.call is not None and step.call.looped is None]
        if len(classes) > 1 and not marking:
            # Repeated tasks leave no output for a list without elements; then all they gave is alike.
            marking = [step for step in steps if step.call is not None]
        found: list[tuple[Step | None, frozenset[int]]] = []
        left = list(classes)
        while len(left) > 1:
            rest = frozenset().union(*left)
            told = next(((step, each) for each in left for step in marking if self._on[step] & rest == each), None)
            if told is None:
                return None
            found.append(told)
            left.remove(told[1])
        last = next((step for step in marking if self._on[step] & left[0] == left[0]), None) if found else None
        return [*found, (last if last is not None and last not in dict(found) else None, left[0])]

    def _taken(self, draft: Any) -> Iterable[Step]:  # noqa: ANN401  a draft
        """The tasks whose outputs a draft takes."""
        if isinstance(draft, Handle):
            yield self._step[self._merged.node(draft.lw_origin)]
        elif isinstance(draft, (Parts, Gathered)):
            for part in draft.parts.values() if isinstance(draft, Parts) else draft.items:
                yield from self._taken(part)

    def _add(self, node: Node) -> None:
        on = frozenset(node.events)
        event = next(iter(node.events.values()))
        if isinstance(event, Decision):
            self._add_condition(node, event, on)
            return
        step = Step(event.task.name, event.location)
        step.when = self._when(on, step)
        conditional = [each for each in self._needed(node) if not self._on[each] >= on]
        if conditional:
            self._held_back(node, step, conditional)
        step.call = replace(
            event,
            arguments=self._arguments(node),
            after=[call_of(each) for each in self._waited(node) if each not in step.gated],
            looped=self._looped(event.looped) if event.looped else None,
        )
        check_rule(step)
        self._put(node, step)

    def _put(self, node: Node, step: Step) -> None:
        self.steps.append(step)
        self._on[step] = frozenset(node.events)
        self._step[node] = step

    def _held_back(self, node: Node, step: Step, conditional: Sequence[Step]) -> None:
        """Let a step wait for what it takes on each path, through a gate."""
        call = next(call for _, call in _calls(node))
        if call.task.settings.run_if != DEFAULT_RULE and not step.when:
            # Its own rule judges tasks that may be excluded; it has no condition of its own.
            return
        ways = [
            self._met(product, step)
            for paths in self._classes(node, with_waits=True).values()
            if not any(self._on[each] >= paths for each in conditional)
            for product in products(paths, self._outcomes)
        ]
        gate = self._gate(step, after=conditional, when=ways)
        step.gated = list(conditional)
        step.when.append((gate, True))

    def _gate(
        self,
        step: Step,
        *,
        after: Sequence[Step] = (),
        when: Sequence[tuple[Step, bool]] = (),
        rule: str = Rule.NONE_FAILED.value,
    ) -> Step:
        """What holds back a step, and others that wait for the same."""
        key = (frozenset(after), frozenset(when), rule)
        if key not in self._gates:
            gate = Step(f"{_GATE}_{step.name}", step.location, rule=rule, after=list(after), when=list(when))
            self.steps.append(gate)
            self._gates[key] = gate
        return self._gates[key]

    def _needed(self, node: Node, *, with_waits: bool = True) -> list[Step]:
        """All tasks that a call takes outputs of or waits for, on any path."""
        taken = [step for _, call in _calls(node) for _, draft, _ in call.arguments for step in self._taken(draft)]
        return list(dict.fromkeys([*taken, *(self._waited(node) if with_waits else ())]))

    def _waited(self, node: Node) -> list[Step]:
        waited = (self._step[self._merged.node(origin)] for _, call in _calls(node) for origin in call.after)
        return list(dict.fromkeys(waited))

    def _add_condition(self, node: Node, decision: Decision, on: frozenset[int]) -> None:
        compared = compiled(decision, self._canonical(decision.comparison), types=self._types, recorder=self._recorder)
        when = self._when(on, Step(compared.name, decision.location))
        if compared.call is not None:
            helper = Step(compared.call.task.name, decision.location, call=compared.call, when=list(when))
            self.steps.append(helper)
            self._on[helper] = on
        step = Step(compared.name, decision.location, compared=compared, when=when)
        self._put(node, step)
        for number, event in node.events.items():
            if isinstance(event, Decision):
                self._outcomes[number][step] = event.outcome

    def _when(self, on: frozenset[int], step: Step) -> list[tuple[Step, bool]]:
        """The outcomes that lead to some paths and no other; of several ways, a gate that they meet in."""
        if on == self._all:
            return []
        found = products(on, self._outcomes)
        if len(found) == 1:
            return list(found[0])
        return [(self._gate(step, when=[self._met(product, step) for product in found]), True)]

    def _met(self, product: Product, step: Step) -> tuple[Step, bool]:
        """The one outcome that says that several came out; a gate of its own if there are several."""
        return product[0] if len(product) == 1 else (self._gate(step, when=product, rule=DEFAULT_RULE), True)

    def _arguments(self, node: Node) -> list[tuple[str, Draft, Any]]:
        calls = list(_calls(node))
        first = calls[0][1]
        return [
            (name, self._joined(node, [(number, call.arguments[place][1]) for number, call in calls]), arrival)
            for place, (name, _, arrival) in enumerate(first.arguments)
        ]

    def _joined(self, node: Node, drafts: Sequence[tuple[int, Draft]]) -> Draft:
        """What an argument takes: on all paths the same, or a side for each way."""
        if len({self._merged.identity(draft) for _, draft in drafts}) == 1:
            found: Draft = self._canonical(drafts[0][1])
            return found
        by_path = dict(drafts)
        told = self._told(list(self._classes(node).values()), self._needed(node, with_waits=False)) or []
        return self._sides([(step, by_path[min(paths)]) for step, paths in told])

    def _sides(self, told: Sequence[tuple[Step | None, Any]]) -> Joined:
        sides = [(() if step is None else (call_of(step),), self._canonical(draft)) for step, draft in told]
        on = [self._on[step] for step, _ in told if step is not None]
        is_apart = len(on) == len(sides) and sum(map(len, on)) == len(frozenset().union(*on))
        return Joined(tuple(sides), is_apart)

    def _result(self) -> Draft | None:
        """What the body returns: any task of a path may tell that it was gone."""
        by_value: dict[object, set[int]] = {}
        for number, path in enumerate(self._merged.paths):
            by_value.setdefault(self._merged.identity(path.returned), set()).add(number)
        classes = [frozenset(paths) for paths in by_value.values()]
        told = self._told(classes, [step for step in self._on if step.call is not None])
        if told is None:
            message = "what the body returns depends on conditions, and no task tells which way a run went"
            hint = "Return what a task gives, or the same on all ways."
            raise with_excerpt(BranchError(message, location=self._merged.paths[0].decisions[0].location, hint=hint))
        values = [(step, self._merged.paths[min(paths)].returned) for step, paths in told]
        if len(values) == 1:
            return None if values[0][1] is None else self._canonical(values[0][1])
        return self._sides([(step, NOTHING if value is None else value) for step, value in values])

    def _canonical(self, draft: Any) -> Any:  # noqa: ANN401  a draft, or a comparison of some
        """A draft of one path with what stands for its calls on all paths."""
        if isinstance(draft, PassHandle):
            mark = Mark(self._looped(draft.lw_mark.looped), 0)
            return PassHandle(self._call(draft.lw_origin), mark, is_element=draft.lw_is_element, path=draft.lw_path)
        if isinstance(draft, Handle):
            return Handle(self._call(draft.lw_origin), draft.lw_path, draft.lw_shape)
        if isinstance(draft, Gathered):
            return Gathered(self._looped(draft.looped), tuple(map(self._canonical, draft.items)))
        if isinstance(draft, Parts):
            return draft._replace(parts={name: self._canonical(part) for name, part in draft.parts.items()})
        return type(draft)(*map(self._canonical, draft)) if isinstance(draft, tuple) else draft

    def _looped(self, looped: LoopedList) -> LoopedList:
        return LoopedList(Handle(self._call(looped.origin), looped.path), looped.location)

    def _call(self, origin: Any) -> Call:  # noqa: ANN401  an origin, which is a call
        return call_of(self._step[self._merged.node(origin)])


def _calls(node: Node) -> list[tuple[int, Call]]:
    return [(number, event) for number, event in node.events.items() if not isinstance(event, Decision)]
