"""The formats that a DAG can be shown in."""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import Final

from lakewright.authoring.callsite import located
from lakewright.diagrams.dot import dot
from lakewright.diagrams.html import html
from lakewright.diagrams.mermaid import mermaid
from lakewright.diagrams.tree import tree
from lakewright.errors.authoring import SettingError
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.model.job import JobDefinition


def _json(job: JobDefinition) -> str:
    return json.dumps(json.loads(job.dag.to_json()), indent=2) + "\n"


FORMATS: Final[Mapping[str, Callable[[JobDefinition], str]]] = {
    "tree": tree,
    "mermaid": lambda job: mermaid(job.dag),
    "dot": lambda job: dot(job.dag),
    "json": _json,
    "html": html,
}
SUFFIXES: Final[Mapping[str, str]] = {
    ".dot": "dot",
    ".gv": "dot",
    ".htm": "html",
    ".html": "html",
    ".json": "json",
    ".mermaid": "mermaid",
    ".mmd": "mermaid",
    ".txt": "tree",
}


def render(job: JobDefinition, name: str) -> str:
    """A job in one of the formats.

    Raises:
        ValueError: there is no such format.
    """
    if name not in FORMATS:
        message = f"unknown format '{name}'{did_you_mean(name, FORMATS)}"
        raise ValueError(message)
    return FORMATS[name](job)


def picture(job: JobDefinition, path: str | None = None, name: str | None = None) -> str:
    """A job as text, also written to `path` if given.

    Args:
        job: what is drawn.
        path: a file, whose suffix says the format where `name` does not.
        name: of the format; by default `mermaid`.

    Raises:
        ValueError: there is no such format.
    """
    text = render(job, name or format_of(path or ""))
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text


def format_of(path: str) -> str:
    """The format that a file's name asks for; Mermaid where it asks for none.

    Raises:
        SettingError: the name asks for a format that there is not, as `dag.png` does.

    >>> format_of("docs/daily.html"), format_of("DAILY.DOT"), format_of("daily")
    ('html', 'dot', 'mermaid')
    """
    suffix = PurePath(path).suffix.lower()
    if suffix and suffix not in SUFFIXES:
        message = f"a picture cannot be written as '{suffix}'; known suffixes are {', '.join(SUFFIXES)}"
        hint = 'Take one of these, or name the format too: format="mermaid". Graphviz makes images of a .dot file.'
        raise located(SettingError(message, hint=hint))
    return SUFFIXES.get(suffix, "mermaid")
