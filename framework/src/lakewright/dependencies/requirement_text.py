"""The lines of a file of requirements, as pip would join and number them."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from lakewright.dependencies.requirement_policy import without_credentials
from lakewright.errors.base import Location
from lakewright.errors.dependencies import RequirementEncodingError, RequirementError, RequirementSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterator

# A longer file was not written by anyone; it is read as a whole.
_MAX_BYTES: Final = 2**20
# The longer mark begins like the shorter one.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# One space before it will do, the others go anyway; a search for many would begin anew at each of them.
_COMMENT: Final = re.compile(r"(?:^|\s)#.*$")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Line(NamedTuple):
    """A line that says something, without its comment.

    Attributes:
        text: joined with those that it is continued on.
        location: of its first one.
    """

    text: str
    location: Location


def decode(content: bytes, file: str) -> str:
    """The text of a file that is UTF-8, or begins with a mark that says what else it is.

    PowerShell writes UTF-16 with such a mark.

    Raises:
        RequirementError: it is longer than such files are, or the text cannot be told for certain.

    >>> decode("six".encode("utf-16"), "requirements.txt")
    'six'
    """
    if len(content) > _MAX_BYTES:
        raise RequirementError(f"{file} has more than {_MAX_BYTES:,} bytes", hint="Name packages in it, nothing else.")
    mark, encoding = next((each for each in _MARKS if content.startswith(each[0])), (b"", "utf-8"))
    content = content.removeprefix(mark)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RequirementEncodingError(str(error), location=Location(file, line)) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        why = "it has NUL characters; it may be UTF-16 without a mark"
        raise RequirementEncodingError(why, location=Location(file, line))
    return text


def lines(text: str, file: str) -> Iterator[Line]:
    r"""The lines that say something: joined where they end in a backslash, without comments.

    Raises:
        RequirementSyntaxError: a line has characters that cannot be seen.

    >>> [line.text for line in lines("six \\\n  >=1.16  # old\n\n# nothing\nrequests", "requirements.txt")]
    ['six   >=1.16', 'requests']
    """
    for number, joined in _joined(text):
        said = _COMMENT.sub("", joined).strip()
        location = Location(file, number)
        if not said.replace("\t", " ").isprintable():
            raise RequirementSyntaxError(
                f"{without_credentials(said)!a} has characters that cannot be seen",
                location=location,
                hint="Type the line again.",
            )
        if said:
            yield Line(said, location)


def _joined(text: str) -> Iterator[tuple[int, str]]:
    first, parts = 1, list[str]()
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if not parts:
            first = number
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            parts.append(line[:-1])
            continue
        # A comment ends what is continued, and is none of it.
        yield first, "".join((*parts, f" {line}" if is_comment else line))
        parts = []
    if parts:
        yield first, "".join(parts)
