"""Which key each call of a body gets.

One rule a line: an explicit key stands; a call that a loop over constants repeats takes its key from the item; any
other repetition is numbered in source order (`clean`, `clean__2`).
"""

from __future__ import annotations

import json
from collections import defaultdict

from lakewright.authoring.callsite import with_excerpt
from lakewright.authoring.handle import Handle
from lakewright.errors.authoring import DuplicateKeyError
from lakewright.model.binding import Constant
from lakewright.model.storage import StorageValue
from lakewright.model.values import TAG
from lakewright.text.names import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.authoring.call import Call
    from lakewright.authoring.handle import Origin


def keys_of(calls: Sequence[Call]) -> Mapping[Origin, str]:
    """The key of each call.

    Raises:
        DuplicateKeyError: two calls were given the same explicit key.
    """
    taken = _explicit(calls)
    items = _items(calls)
    counts: dict[str, int] = {}
    keys: dict[Origin, str] = {}
    for call in calls:
        name = f"{call.task.name}_{items[call]}" if call in items else call.task.name
        keys[call] = call.task.key or next_free(name, counts, taken)
    return keys


def _explicit(calls: Sequence[Call]) -> set[str]:
    first: dict[str, Call] = {}
    for call in [call for call in calls if call.task.key]:
        known = first.setdefault(call.task.key, call)
        if known is not call:
            error = DuplicateKeyError.task(call.task.key, location=call.location, first=known.location)
            raise with_excerpt(error)
    return set(first)


def next_free(name: str, counts: dict[str, int], taken: set[str]) -> str:
    """A key for a name that nothing has yet: the name, or with a number."""
    while True:
        count = counts[name] = counts.get(name, 0) + 1
        key = name if count == 1 else f"{name}__{count}"
        if key not in taken:
            taken.add(key)
            return key


def _items(calls: Sequence[Call]) -> Mapping[Origin, str]:
    """For calls that one place in the source made several times: the text that tells them apart."""
    repeated: defaultdict[object, list[Call]] = defaultdict(list)
    for call in calls:
        repeated[call.site].append(call)
    found: dict[Origin, str] = {}
    for group in repeated.values():
        if len(group) > 1:
            found.update(_labels(group, found))
    return found


def _labels(group: Sequence[Call], known: Mapping[Origin, str]) -> Mapping[Origin, str]:
    """The first argument that is another text in each call; nothing where there is none."""
    names = (name for name, _, _ in group[0].arguments)
    return next(filter(None, (_distinct(name, group, known) for name in names)), {})


def _distinct(name: str, group: Sequence[Call], known: Mapping[Origin, str]) -> Mapping[Origin, str]:
    """The text of one argument in each call; nothing unless each has a text of its own."""
    found: dict[str, Call] = {}
    for call in group:
        label = _label(call, name, known)
        if not label or label in found:
            return {}
        found[label] = call
    return {call: label for label, call in found.items()}


def _label(call: Call, name: str, known: Mapping[Origin, str]) -> str:
    for parameter, draft, _ in call.arguments:
        if parameter == name and isinstance(draft, Handle):
            return known.get(draft.lw_origin, "")
        if parameter == name and isinstance(draft, Constant):
            return slug(_text(draft.encoded))
        if parameter == name and isinstance(draft, StorageValue):
            return slug(draft.storage.stem)
    return ""


def _text(encoded: str) -> str:
    """A constant as a person would write it: text without quotes, a date without its tag, an Enum by its name."""
    value = json.loads(encoded)
    if isinstance(value, dict) and TAG in value:
        value = value["v"][-1] if value[TAG] == "Enum" else value["v"]
    return value if isinstance(value, str) else encoded
