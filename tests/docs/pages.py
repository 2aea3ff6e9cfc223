"""The documents of this repository, and what stands in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "framework" / "README.md", ROOT / "changes" / "README.md"]
)
FENCE: Final = re.compile(
    r"^```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
LINK: Final = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
HEADING: Final = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its code, the line on which the code starts, and the file it is shown as, if any."""

    language: str
    code: str
    line: int
    title: str | None


def name(page: Path) -> str:
    """The page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[Block]:
    """The page's blocks of these languages, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            language=found["language"],
            code=found["code"],
            line=text.count("\n", 0, found.start("code")),
            title=found["title"],
        )
        for found in FENCE.finditer(text)
        if found["language"] in languages
    ]


def commands(block: Block) -> list[str]:
    """What a reader types: the lines of a console block behind `$`, without their comments."""
    lines = (line for line in block.code.splitlines() if line.startswith("$ "))
    return [re.sub(r"\s+# .*", "", line.removeprefix("$ ")) for line in lines]


def links(page: Path) -> Iterator[str]:
    """Targets of the page's links, outside of its code."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    yield from (found["target"] for found in LINK.finditer(prose))


def anchors(page: Path) -> set[str]:
    """What `#…` can lead to in a page, as GitHub makes it."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", found["text"].lower()).replace(" ", "-") for found in HEADING.finditer(prose)}
