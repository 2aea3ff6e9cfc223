"""What identifies an output across runs: its content, wherever it lies and whoever made it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final, NamedTuple, get_args

from lakewright.execution.cache import UncacheableError
from lakewright.model.containers import Kind
from lakewright.model.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.model.record import Stored

_CONTAINERS: Final = frozenset(get_args(Kind))
_CHUNK: Final = 1024 * 1024
_REFERENCE: Final = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*):[^\W\d]")


class Content(NamedTuple):
    """The content of an output.

    Attributes:
        digest: equal outputs have equal ones.
        files: SHA-256 of each file, by path.
    """

    digest: str
    files: Mapping[str, str]


def content_of(stored: Stored | None) -> Content:
    """What an output holds; all of its files are read.

    Raises:
        UncacheableError: its manager does not say in which files it lies.
        OSError: a file cannot be read.
    """
    files = {file.path: file_digest(file.path) for file in stored.all_files} if stored else {}
    described = _described(stored, files) if stored else None
    return Content(sha256(to_text(described).encode()).hexdigest(), files)


def _described(stored: Stored, files: Mapping[str, str]) -> dict[str, object]:
    """A value as text that says all of it, but not where it lies."""
    if not stored.files and stored.format not in {"json", *_CONTAINERS}:
        raise UncacheableError(f"{stored.format} does not say in which files it keeps it")
    return {
        "format": stored.format,
        "kind": stored.kind,
        "schema": [list(column) for column in stored.schema],
        "value": stored.value if stored.format == "json" and not stored.files else None,
        "files": [files[file.path] for file in stored.files],
        "parts": [[name, _described(part, files)] for name, part in stored.parts],
    }


def modules_in(content: object) -> Iterator[str]:
    """The modules of the references in JSON: classes of containers, and Enums.

    Text that only looks like a reference names no module that there is, or one too many.

    >>> list(modules_in({"object": [["n", {"constant": 1}]], "type": "flights.kinds:Limits"}))
    ['flights.kinds']
    """
    pending = [content]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)
        elif isinstance(each, str) and (found := _REFERENCE.match(each)):
            yield found[1]


def modules_of(stored: Stored | None) -> Iterator[str]:
    """The modules of the classes that a reader of an output needs."""
    for each in (stored, *(part for _, part in stored.parts)) if stored else ():
        yield from modules_in([each.kind, each.value if each.format == "json" else None])
        yield from (module for _, part in each.parts for module in modules_of(part))


def file_digest(path: str) -> str:
    """SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    digest = sha256()
    with open(path, "rb") as file:  # noqa: PTH123  text paths, as everywhere in io
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
