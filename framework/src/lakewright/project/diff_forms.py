"""A difference as text for a terminal, and as Markdown for a pull request."""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from lakewright.diagrams.changed import is_picture
from lakewright.project import costs
from lakewright.project.diff_rows import Row, counted, files, rows, wheels, wheels_in_all
from lakewright.text.markdown import code, escaped
from lakewright.text.names import one_line, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.project.diff import DiffReport, PipelineDiff

_LONGEST: Final = 160
# Of a block of text that a comment on GitHub shows without scrolling.
_WIDTH: Final = 105
_MOST_ROWS: Final = 60
_LARGEST_PICTURE: Final = 8_000
_MOST_WHEELS: Final = 12
_TABLE: Final = ("| | job or task | what | before | after |", "|---|---|---|---|---|")


def diff_text(report: DiffReport) -> str:
    """A difference for people at a terminal."""
    lines = [line for each in report.pipelines for line in (*_text(each), "")]
    nothing = [] if lines else ["no pipeline is affected", ""]
    others = [f"not affected: {', '.join(report.unaffected)}"] if report.unaffected else []
    return "\n".join([*lines, *nothing, *others]).rstrip("\n") + "\n"


def _text(pipeline: PipelineDiff) -> Iterator[str]:
    yield f"{pipeline.pipeline}   {title(pipeline)}"
    yield from (f"  {line}" for text in _problems(pipeline) for line in text.splitlines())
    yield from (f"  {_row_text(row)}" for row in rows(pipeline))
    told = [f"{sign} {text}{f' ({size})' if size else ''}" for sign, text, size in wheels(pipeline)]
    if told:
        yield f"  wheels: {'; '.join(filter(None, (', '.join(told), wheels_in_all(pipeline))))}"
    yield from (f"  cost of {one_line(each.job)}: {one_line(costs.told(each))}" for each in pipeline.costs)
    yield from (f"  {one_line(text)}" for text in costs.source(pipeline.costs))
    shown, rest = files(pipeline)
    if shown:
        yield f"  files: {', '.join(map(one_line, shown))}{_more(rest)}"


def _row_text(row: Row) -> str:
    what = " ".join(filter(None, (row.what, ", ".join(row.names), row.field)))
    change = {True: f": {row.old or '–'} → {row.new or '–'}", False: f": {row.new}" if row.new else ""}
    return one_line(f"{row.sign} {row.name}  {what}{change[bool(row.field or row.old)]}")


def title(pipeline: PipelineDiff) -> str:
    """What has happened to a pipeline, in few words."""
    if pipeline.error:
        return "cannot be generated"
    if pipeline.change == "removed":
        return f"REMOVED, with {plural(len(pipeline.jobs), 'job')}"
    if pipeline.change == "added":
        return f"new, with {plural(len(pipeline.jobs), 'job')}"
    return counted(pipeline)


def _problems(pipeline: PipelineDiff) -> Iterator[str]:
    if pipeline.error:
        yield pipeline.error
    if pipeline.error_before:
        yield f"could not be generated before, so nothing is compared:\n{pipeline.error_before}"


def _more(count: int) -> str:
    return f" and {count:,} more" if count else ""


def diff_markdown(report: DiffReport) -> str:
    """A difference for a pull request."""
    sections = ["\n".join(section(each, report.target)) for each in report.pipelines]
    others = unaffected(report)
    return "\n\n".join([*(sections or ["No pipeline is affected."]), *([others] if others else [])]) + "\n"


def unaffected(report: DiffReport) -> str:
    """What stays as it is, and why that is known; empty for nothing."""
    if not report.unaffected:
        return ""
    count, other = len(report.unaffected), "other " if report.pipelines else ""
    names = ", ".join(code(name) for name in report.unaffected[:_MOST_WHEELS])
    are = "pipeline is" if count == 1 else "pipelines are"
    since = f"{code(report.base)}{f' ({report.commit[:9]})' if report.commit.isalnum() else ''}"
    return (
        f"{count:,} {other}{are} not affected: {names}{_more(count - _MOST_WHEELS if count > _MOST_WHEELS else 0)}. "
        f"Nothing that they are made of differs from {since}."
    )


def section(
    pipeline: PipelineDiff, target: str | None = None, *, with_picture: bool = True, most_rows: int = _MOST_ROWS
) -> Iterator[str]:
    """The lines of one pipeline in Markdown.

    Args:
        pipeline: what has changed.
        target: that the title names.
        with_picture: whether graphs are drawn.
        most_rows: of its table.
    """
    yield f"### {heading(pipeline, target)}"
    yield ""
    yield from content(pipeline, with_picture=with_picture, most_rows=most_rows)


def heading(pipeline: PipelineDiff, target: str | None = None) -> str:
    """The name of a pipeline, and what has happened to it: the same in Markdown and in HTML."""
    return f"{escaped(pipeline.pipeline)}{f' → {escaped(target)}' if target else ''} · {title(pipeline)}"


def content(pipeline: PipelineDiff, *, with_picture: bool = True, most_rows: int = _MOST_ROWS) -> Iterator[str]:
    """What stands below the heading of a pipeline."""
    if pipeline.change == "removed":
        yield "> [!CAUTION]"
        yield "> Its folder is gone. Its jobs run on until `lakewright destroy` takes them away.\n"
    for problem in _problems(pipeline):
        yield from fenced(problem)
    found = rows(pipeline)
    if found and most_rows:
        yield from _TABLE
        yield from (_cells(row) for row in found[:most_rows])
        yield ""
    if len(found) > most_rows:
        yield f"{len(found) - most_rows:,} more rows: `lakewright diff` shows all.\n"
    for job in pipeline.jobs if with_picture else ():
        if len(job.picture) <= _LARGEST_PICTURE and is_picture(job.picture):
            yield from ("```mermaid", job.picture.rstrip("\n"), "```", "")
    yield from _footer(pipeline)


def _footer(pipeline: PipelineDiff) -> Iterator[str]:
    told = [f"{sign} {code(text)}{f' ({size})' if size else ''}" for sign, text, size in wheels(pipeline)]
    if told:
        first = f"{', '.join(told[:_MOST_WHEELS])}{_more(max(0, len(told) - _MOST_WHEELS))}"
        yield f"wheels: {'; '.join(filter(None, (first, wheels_in_all(pipeline))))}  "
    yield from _costs(pipeline)
    shown, rest = files(pipeline)
    if shown:
        yield f"files: {', '.join(code(each) for each in shown)}{_more(rest)}"


def _costs(pipeline: PipelineDiff) -> Iterator[str]:
    told = [f"{code(each.job)} {escaped(costs.told(each))}" for each in pipeline.costs]
    if told:
        source = "".join(f"; {escaped(text)}" for text in costs.source(pipeline.costs))
        yield f"cost: {', '.join(told[:_MOST_WHEELS])}{_more(max(0, len(told) - _MOST_WHEELS))}{source}  "


def fenced(text: str) -> Iterator[str]:
    """A block of text to the letter, whatever fences it holds."""
    longest = max((len(list(run)) for char, run in groupby(text) if char == "`"), default=0)
    fence = "`" * max(3, longest + 1)
    shown = (one_line(line) for line in text.splitlines()[:_MOST_ROWS])
    yield from (f"{fence}text", *(part for line in shown for part in _wrapped(line)), fence, "")


def _wrapped(line: str) -> list[str]:
    """A line in pieces that a reader sees whole: a block of text on GitHub does not break them."""
    # What is indented further, such as carets below a long line, would leave no room.
    indent = " " * min(len(line) - len(line.lstrip()) + 4, _WIDTH // 2)
    return wrap(line, _WIDTH, subsequent_indent=indent, drop_whitespace=True, max_lines=4, placeholder="…") or [""]


def _cells(row: Row) -> str:
    names = ", ".join(code(name) for name in row.names)
    what = " ".join(filter(None, (row.what, names, escaped(row.field))))
    name = code(row.name)
    if row.is_loud:
        name, what = f"**{name}**", f"**{what}**"
    return f"| {row.sign} | {name} | {what} | {code(_cut(row.old))} | {code(_cut(row.new))} |"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
