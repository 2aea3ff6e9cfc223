"""Which key each call of a body gets.

One rule a line: an explicit key stands; a call that a loop over constants repeats takes its key from the item; any
other repetition is numbered in source order (`clean`, `clean__2`).
"""

from __future__ import annotations

import json
from collections import defaultdict

from lakewright.authoring.callsite import with_excerpt
from lakewright.errors.authoring import DuplicateKeyError
from lakewright.model.binding import Constant, Output
from lakewright.model.values import TAG
from lakewright.text.names import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.authoring.call import Call
    from lakewright.model.binding import Binding


def final_keys(calls: Sequence[Call]) -> Mapping[str, str]:
    """Provisional key → final key for every call.

    Raises:
        DuplicateKeyError: two calls were given the same explicit key.
    """
    taken = _explicit(calls)
    items = _items(calls) if len({call.site for call in calls}) < len(calls) else {}
    counts: dict[str, int] = {}
    keys: dict[str, str] = {}
    for call in calls:
        name = f"{call.task.name}_{items[call.key]}" if call.key in items else call.task.name
        keys[call.key] = call.task.key or _next_free(name, counts, taken)
    return keys


def _explicit(calls: Sequence[Call]) -> set[str]:
    first: dict[str, Call] = {}
    for call in [call for call in calls if call.task.key]:
        known = first.setdefault(call.task.key, call)
        if known is not call:
            error = DuplicateKeyError.task(call.task.key, location=call.location, first=known.location)
            raise with_excerpt(error)
    return set(first)


def _next_free(name: str, counts: dict[str, int], taken: set[str]) -> str:
    while True:
        count = counts[name] = counts.get(name, 0) + 1
        key = name if count == 1 else f"{name}__{count}"
        if key not in taken:
            taken.add(key)
            return key


def _items(calls: Sequence[Call]) -> Mapping[str, str]:
    """For calls that one place in the source made several times: the text that tells them apart."""
    repeated: defaultdict[object, list[Call]] = defaultdict(list)
    for call in calls:
        repeated[call.site].append(call)
    found: dict[str, str] = {}
    for group in repeated.values():
        if len(group) > 1:
            found.update(_labels(group, found))
    return found


def _labels(group: Sequence[Call], known: Mapping[str, str]) -> Mapping[str, str]:
    """The first argument that is another text in each call; nothing where there is none."""
    names = (argument.name for argument in group[0].arguments)
    return next(filter(None, (_distinct(name, group, known) for name in names)), {})


def _distinct(name: str, group: Sequence[Call], known: Mapping[str, str]) -> Mapping[str, str]:
    """The text of one argument in each call, by the call's key; nothing unless each has a text of its own."""
    keys: dict[str, str] = {}
    for call in group:
        label = next((_label(argument.binding, known) for argument in call.arguments if argument.name == name), "")
        if not label or label in keys:
            return {}
        keys[label] = call.key
    return {key: label for label, key in keys.items()}


def _label(binding: Binding, known: Mapping[str, str]) -> str:
    if isinstance(binding, Constant):
        return slug(_text(binding.encoded))
    return known.get(binding.task, "") if isinstance(binding, Output) else ""


def _text(encoded: str) -> str:
    """A constant as a person would write it: text without quotes, a date without its tag, an Enum by its name."""
    value = json.loads(encoded)
    if isinstance(value, dict) and TAG in value:
        value = value["v"][-1] if value[TAG] == "Enum" else value["v"]
    return value if isinstance(value, str) else encoded
