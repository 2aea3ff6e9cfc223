"""The outcomes of conditions along one path through a body."""

from __future__ import annotations

import sys
from typing import Any, Final, NamedTuple

from lakewright.authoring.callsite import has_source, here, is_pythons, user_frame, with_excerpt
from lakewright.authoring.conditions import (
    IN,
    NOTHING,
    TRUTH,
    Comparison,
    ConditionHandle,
    answer,
    is_comparable,
    is_element,
)
from lakewright.authoring.handle import Handle, ParameterHandle, shape_of_handle
from lakewright.errors.authoring import BranchError, LoopError
from lakewright.loading.objects import load
from lakewright.model.binding import Constant, ParameterValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import CodeType, FrameType

    from lakewright.authoring.binding import Binder, Draft
    from lakewright.authoring.current import Recorder
    from lakewright.authoring.handle import Known
    from lakewright.errors.base import Location
    from lakewright.model.parameter import ParameterType

MOST_PATHS: Final = 16
_MOST_TESTS: Final = 100_000
_FINITE: Final = frozenset({"literal", "enum", "bool"})
_UNKNOWN: Final = object()


class Decision(NamedTuple):
    """A comparison that a body has branched on, and what came out.

    Attributes:
        calls: how many task calls were recorded before.
        code: the code and the instruction of it that asked.
    """

    comparison: Comparison
    outcome: bool
    calls: int
    location: Location
    code: CodeType
    instruction: int

    def __str__(self) -> str:
        return f"{self.comparison} is {str(self.outcome).lower()}"


def too_many_paths(location: Location) -> BranchError:
    """The error for a body that can go too many ways."""
    message = f"the body can go more than {MOST_PATHS} ways; this condition adds one"
    hint = "Decide inside a task, or divide the job into several."
    return with_excerpt(BranchError(message, location=location, hint=hint))


class Choices:
    """Decides conditions along one path: as given, then always true.

    Args:
        recorder: the record of the body.
        binder: drafts operands.
        given: outcomes of the first conditions.
        known: values of parameters, where they are given beforehand.

    Attributes:
        decisions: those made so far.
    """

    def __init__(
        self, recorder: Recorder, binder: Binder, *, given: Sequence[bool], known: Mapping[str, object]
    ) -> None:
        self.decisions: list[Decision] = []
        self._recorder = recorder
        self._binder = binder
        self._given = given
        self._outcomes: dict[object, bool] = {}
        self._possible: dict[str, list[Any]] = {name: [value] for name, value in known.items()}
        self._types: dict[str, ParameterType] = {}
        self._tests = 0

    def compared(self, symbol: str, handle: Known, other: object) -> ConditionHandle:
        """The condition that a comparison of a handle gives."""
        self._check(symbol, handle)
        if isinstance(other, (Handle, ParameterHandle)):
            self._check(symbol, other)
        drafts = self._binder.draft(handle, ""), self._binder.draft(other, "")
        is_negated = symbol == "!="
        comparison = Comparison("==" if is_negated else symbol, *drafts)
        return ConditionHandle(self._recorder, comparison, is_negated=is_negated)

    def contained(self, handle: Known, item: object, calls: int) -> bool:
        """Whether an item is in a future list or dict."""
        self._check("`in`", handle)
        if isinstance(item, (Handle, ParameterHandle)):
            self._check("`in`", item)
        return self.decide(Comparison(IN, self._binder.draft(item, ""), self._binder.draft(handle, "")), calls)

    def truth(self, handle: Known, calls: int) -> bool:
        """Whether a future value is true."""
        self._check("a truth test", handle)
        return self.decide(Comparison(TRUTH, self._binder.draft(handle, ""), NOTHING), calls)

    def decide(self, comparison: Comparison, calls: int) -> bool:
        """The outcome of a comparison on this path.

        Raises:
            BranchError: no branches are possible here.
        """
        known = self._known(comparison)
        if known is not None:
            return known
        key = identity(comparison)
        if key in self._outcomes:
            self._check_ends()
            return self._outcomes[key]
        frame = self._frame()
        if len(self.decisions) == MOST_PATHS:
            raise too_many_paths(here(frame))
        place = len(self.decisions)
        outcome = self._given[place] if place < len(self._given) else True
        self._outcomes[key] = outcome
        self.decisions.append(Decision(comparison, outcome, calls, here(frame), frame.f_code, frame.f_lasti))
        self._learn(comparison, outcome=outcome)
        return outcome

    def _frame(self) -> FrameType:
        frame = user_frame(self._recorder.body)
        if is_pythons(frame.f_code) and not hasattr(frame.f_code, "co_positions"):
            version = ".".join(map(str, sys.version_info[:2]))
            message = f"a body with branches is compiled with Python 3.11 or newer; this is {version}"
            hint = "Let a task decide, or compile the job with a newer Python: that of its tasks may stay."
            raise self._recorder.located(BranchError(message, hint=hint))
        if not has_source(frame.f_code.co_filename):
            message = "a body whose source cannot be read may not branch on what is known only when the job runs"
            raise self._recorder.located(BranchError(message, hint="Put it into a module."))
        return frame

    def _check(self, operation: str, handle: Known) -> None:
        if is_element(handle):
            message = "a condition on the element of a loop cannot be: the task is repeated for all elements"
            hint = "Decide inside the task, or let the task that gives the list give only what is wanted."
            raise self._recorder.located(LoopError(message, hint=hint))
        if isinstance(handle, ParameterHandle):
            self._types.setdefault(handle.lw_name, handle.lw_type)
        elif isinstance(handle, Handle) and not is_comparable(shape_of_handle(handle).annotation):
            handle.lw_refuse(operation)

    def _check_ends(self) -> None:
        self._tests += 1
        if self._tests > _MOST_TESTS:
            message = "a loop asks the same of a future value again and again; it would not end"
            raise self._recorder.located(BranchError(message, hint="Repeat inside of a task."))

    def _known(self, comparison: Comparison) -> bool | None:
        """What follows from the values that parameters can still have on this path."""
        left, right = self._candidates(comparison.left), self._candidates(comparison.right)
        try:
            found = {answer(comparison.operator, one, other) for one in left for other in right}
        except TypeError:
            return None
        return found.pop() if len(found) == 1 else None

    def _candidates(self, side: Draft) -> list[Any]:
        """What a side of a comparison may be; nothing if that is not known."""
        if isinstance(side, Constant):
            return [side.value(load)]
        return self._possible_of(side.name) if isinstance(side, ParameterValue) else []

    def _possible_of(self, name: str) -> list[Any]:
        if name not in self._possible:
            kind = self._types.get(name)
            self._possible[name] = values_of(kind) if kind is not None else []
        return self._possible[name]

    def _answer(self, comparison: Comparison, value: object) -> bool:
        left, right = (
            side.value(load) if isinstance(side, Constant) else value for side in (comparison.left, comparison.right)
        )
        return answer(comparison.operator, left, right)

    def _values(self, comparison: Comparison) -> tuple[str, list[Any]]:
        """The one parameter that a comparison is about, and what it may be; nothing if that is not known."""
        sides = (comparison.left, comparison.right)
        names = {side.name for side in sides if isinstance(side, ParameterValue)}
        if len(names) != 1 or not all(isinstance(side, (ParameterValue, Constant)) for side in sides):
            return "", []
        (name,) = names
        return name, self._possible_of(name)

    def _learn(self, comparison: Comparison, *, outcome: bool) -> None:
        name, possible = self._values(comparison)
        if not name:
            return
        if possible:
            self._possible[name] = [v for v in possible if self._answer(comparison, v) is outcome]
        elif outcome and comparison.operator == "==":
            sides = (comparison.left, comparison.right)
            values = [side.value(load) for side in sides if isinstance(side, Constant)]
            self._possible[name] = values if type(next(iter(values), _UNKNOWN)) in {str, int} else []


def values_of(kind: ParameterType) -> list[Any]:
    """All values of a type that has few; none of one that has many."""
    if kind.kind not in _FINITE:
        return []
    found = list(load(kind.enum)) if kind.kind == "enum" else list(kind.choices) or [True, False]
    return [*found, None] if kind.optional else found


def identity(draft: Any) -> object:  # noqa: ANN401  a draft or a tuple of drafts
    """What two drafts of one trace have in common if they stand for the same value."""
    if isinstance(draft, Handle):
        return ("output", id(draft.lw_origin), draft.lw_path)
    if isinstance(draft, tuple):
        return (type(draft).__name__, *map(identity, draft))
    if isinstance(draft, dict):
        return tuple((name, identity(part)) for name, part in draft.items())
    return draft
