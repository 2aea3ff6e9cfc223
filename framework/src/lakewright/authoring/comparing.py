"""From a comparison that a body branches on to a condition task, and to a task that decides where that cannot.

Three comparisons are the platform's own: a text parameter with a text, a number with a number, the truth of a boolean
output. Everything else is decided by a task on typed values, whose boolean output the condition tests.
"""

from __future__ import annotations

from math import isfinite
from typing import Final, NamedTuple

from lakewright.authoring.call import Call
from lakewright.authoring.callsite import Sites
from lakewright.authoring.conditions import TRUTH, Comparison
from lakewright.authoring.handle import Handle, shape_of_handle
from lakewright.authoring.steps import decider
from lakewright.loading.objects import load
from lakewright.model.binding import Constant, ParameterValue
from lakewright.model.comparison import EQUAL
from lakewright.text.names import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.choices import Decision
    from lakewright.authoring.current import Recorder
    from lakewright.model.parameter import ParameterType

    _Compiled: TypeAlias = tuple[str, Draft, Draft]

_NUMERIC: Final = {
    "<": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL",
    ">": "GREATER_THAN",
    ">=": "GREATER_THAN_OR_EQUAL",
}
_WORDS: Final = {"==": "is", "<": "below", "<=": "at_most", ">": "above", ">=": "at_least", "in": "in"}
_NUMBERS: Final = (int, float)
_TRUE: Final = Constant('"true"')


class Compared(NamedTuple):
    """A condition task.

    Attributes:
        name: what its key is made of.
        text: the comparison as its author would write it.
        call: of the task that decides, where the platform cannot.
    """

    name: str
    text: str
    operator: str
    left: Draft
    right: Draft
    call: Call | None = None


def compiled(
    decision: Decision, comparison: Comparison, *, types: Mapping[str, ParameterType], recorder: Recorder
) -> Compared:
    """The condition task for a comparison that a body branches on.

    Args:
        decision: where it was made.
        comparison: with what stands for its calls on all paths.
        types: of the job's parameters.
        recorder: of the body.
    """
    words = _words(comparison)
    text = str(comparison)
    found = _truth(comparison) or _texts(comparison, types) or _numbers(comparison, types)
    if found is not None:
        return Compared(f"if_{words}", text, *found)
    arguments = [("operator", Constant.of(comparison.operator)), ("left", comparison.left), ("right", comparison.right)]
    call = Call(
        recorder,
        decider(f"decide_{words}"),
        ((id(decision.code), decision.instruction),),
        decision.code,
        Sites(),
        [(name, draft, "keyword") for name, draft in arguments],
        (),
    )
    return Compared(f"if_{words}", text, EQUAL, Handle(call), _TRUE, call)


def _truth(comparison: Comparison) -> _Compiled | None:
    """The truth of a boolean output."""
    if comparison.operator == TRUTH and _annotation(comparison.left) is bool:
        return EQUAL, comparison.left, _TRUE
    return None


def _texts(comparison: Comparison, types: Mapping[str, ParameterType]) -> _Compiled | None:
    """A text parameter and one text."""
    for parameter, constant in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
        if comparison.operator == "==" and isinstance(parameter, ParameterValue) and isinstance(constant, Constant):
            text = _text(constant.value(load), types[parameter.name])
            # The platform would fill in what looks like a reference.
            if text is not None and "{{" not in text and "${" not in text:
                return EQUAL, parameter, Constant.of(text)
    return None


def _text(value: object, kind: ParameterType) -> str | None:
    if kind.kind == "literal" and any(type(value) is type(choice) and value == choice for choice in kind.choices):
        return kind.text(value)
    return value if kind.kind == "str" and isinstance(value, str) else None


def _numbers(comparison: Comparison, types: Mapping[str, ParameterType]) -> _Compiled | None:
    """Two numbers, of which one is known only when the job runs."""
    sides = (comparison.left, comparison.right)
    if comparison.operator in _NUMERIC and all(_is_number(side, types) for side in sides):
        return _NUMERIC[comparison.operator], *sides
    return None


def _is_number(draft: Draft, types: Mapping[str, ParameterType]) -> bool:
    if isinstance(draft, ParameterValue):
        return types[draft.name].kind in {"int", "float"} and not types[draft.name].optional
    if isinstance(draft, Constant):
        value = draft.value(load)
        return type(value) is int or (type(value) is float and isfinite(value))
    return _annotation(draft) in _NUMBERS


def _annotation(draft: Draft) -> object:
    return shape_of_handle(draft).annotation if isinstance(draft, Handle) else None


def _words(comparison: Comparison) -> str:
    """A comparison as a part of a key."""
    sides = [slug(_word(side), limit=30) for side in (comparison.left, comparison.right)]
    words = [sides[0]] if comparison.operator == TRUTH else [sides[0], _WORDS[comparison.operator], sides[1]]
    return "_".join(word for word in words if word)


def _word(draft: Draft) -> str:
    if isinstance(draft, ParameterValue):
        return draft.name
    if isinstance(draft, Handle):
        return "_".join([draft.lw_origin.task.name, *map(str, draft.lw_path)])
    return str(draft.value(load)) if isinstance(draft, Constant) else ""
