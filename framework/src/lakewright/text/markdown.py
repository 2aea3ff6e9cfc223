"""Text from anywhere inside of Markdown as GitHub reads it: shown to the letter, calling nobody, leading nowhere."""

from __future__ import annotations

import re
from typing import Final

from lakewright.text.names import one_line

# GitHub looks for these in what it has rendered, so an entity would not hide them; a space of no width does.
_CALLS: Final = re.compile(r"(@|#|\bGH(?=-)|\bwww(?=\.)|:(?=//))")
_APART: Final = "&#8203;"
_SPECIAL: Final = "&<>\"'`*_~[]()\\|$!{}"
_ENTITIES: Final = {ord(char): f"&#{ord(char)};" for char in _SPECIAL}


def escaped(text: str) -> str:
    r"""Text on one line, as words in Markdown or in a cell of a table.

    >>> escaped("the job"), escaped("@all | <b>"), escaped("a\nb")
    ('the job', '@&#8203;all &#124; &#60;b&#62;', 'a b')
    """
    return _CALLS.sub(rf"\1{_APART}", one_line(text).translate(_ENTITIES).replace("&#", "&\0")).replace("&\0", "&#")


def code(text: str) -> str:
    """Text as code, in which GitHub looks for nothing; in a cell of a table too. Empty for no text.

    >>> code("0 6 * * *"), code("a|b`"), code("")
    ('`0 6 * * *`', '<code>a&#124;b&#96;</code>', '')
    """
    line = one_line(text)
    if not line:
        return ""
    # Whether a bar in a code span parts two cells depends on where it stands.
    return f"<code>{line.translate(_ENTITIES)}</code>" if "|" in line or "`" in line else f"`{line}`"
