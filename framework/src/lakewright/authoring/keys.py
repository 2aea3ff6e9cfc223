"""Which key each call of a body gets.

One rule a line: an explicit key stands; a call that a loop over constants repeats takes its key from the item; any
other repetition is numbered in source order (`clean`, `clean__2`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict

from lakewright.errors.authoring import DuplicateKeyError
from lakewright.model import binding as bindings
from lakewright.model.binding import Constant, Output
from lakewright.text.names import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.authoring.tracing import Call


def final_keys(calls: Sequence[Call]) -> Mapping[str, str]:
    """Provisional key → final key for every call.

    Raises:
        DuplicateKeyError: two calls were given the same explicit key.
    """
    taken = _explicit(calls)
    items = _items(calls) if len({call.site for call in calls}) < len(calls) else {}
    counts: Counter[str] = Counter()
    keys: dict[str, str] = {}
    for call in calls:
        if call.explicit_key:
            keys[call.key] = call.explicit_key
            continue
        name = call.name + (f"_{items[call.key]}" if call.key in items else "")
        keys[call.key] = _next_free(name, counts, taken)
    return keys


def _explicit(calls: Sequence[Call]) -> set[str]:
    first: dict[str, Call] = {}
    for call in calls:
        if call.explicit_key in first:
            raise DuplicateKeyError.task(
                call.explicit_key, location=call.location, first=first[call.explicit_key].location
            )
        if call.explicit_key:
            first[call.explicit_key] = call
    return set(first)


def _next_free(name: str, counts: Counter[str], taken: set[str]) -> str:
    while True:
        counts[name] += 1
        key = name if counts[name] == 1 else f"{name}__{counts[name]}"
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
            labels = _labels(group, found)
            found.update({call.key: label for call, label in zip(group, labels, strict=True) if label})
    return found


def _labels(group: Sequence[Call], known: Mapping[str, str]) -> Sequence[str]:
    by_argument: defaultdict[str, list[str]] = defaultdict(list)
    for call in group:
        for argument in call.arguments:
            by_argument[argument.name].append(_label(argument.binding, known))
    for labels in by_argument.values():
        if len(set(labels)) == len(group) and all(labels):
            return labels
    return [""] * len(group)


def _label(binding: bindings.Binding, known: Mapping[str, str]) -> str:
    if isinstance(binding, Constant):
        value = json.loads(binding.encoded)
        return slug(value if isinstance(value, str) else binding.encoded)
    return known.get(binding.task, "") if isinstance(binding, Output) else ""
