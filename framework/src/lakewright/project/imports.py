"""Which names a Python file imports: read quickly, none that is written out missed."""

from __future__ import annotations

import re
from typing import Final

# Each begins with letters of its own, which are found fastest. A name in quotes with a dot or a colon behind it is that
# of a module or a function, as in `run("a.b:f")`. What only looks like one is a name too many: a check too many runs.
_FROM: Final = re.compile(rb"from[ \t\\\n]+([\w.]+)[ \t\\\n]+import\b")
_IMPORT: Final = re.compile(rb"import[ \t\\\n]+([A-Za-z_][^#;\n(]*)")
_CALLED: Final = re.compile(rb"import_(?:module|_)\(\s*[\"']([A-Za-z_]\w*)")
_QUOTED: Final = re.compile(rb"[\"']([A-Za-z_]\w*)[.:][A-Za-z_]")
_NAME: Final = re.compile(rb"[ \t\\]*([A-Za-z_]\w*)")


def imported_names(source: bytes) -> set[str]:
    r"""First names of what a source imports or names in quotes.

    >>> sorted(
    ...     imported_names(
    ...         b"import os.path, sales as s\nfrom geo.units import km\nfrom . import near\nx = 'etl.jobs:a'"
    ...     )
    ... )
    ['etl', 'geo', 'os', 'sales']
    """
    found = {*_QUOTED.findall(source), *_CALLED.findall(source)}
    found.update(module.partition(b".")[0] for module in _FROM.findall(source))
    for several in _IMPORT.findall(_FROM.sub(b"", source)):
        found.update(match[1] for part in several.split(b",") if (match := _NAME.match(part)))
    return {name.decode() for name in found if name}
