import re
from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links, name

DOCS: Final = [page for page in PAGES if page.is_relative_to(ROOT / "docs")]
RECORDS: Final = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
FRAGMENT: Final = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md|README\.md")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_document_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    seen: set[Path] = set()
    waiting = [index]
    while waiting:
        page = waiting.pop()
        if page in seen or page not in DOCS:
            continue
        seen.add(page)
        waiting.extend((page.parent / link.partition("#")[0]).resolve() for link in links(page) if "://" not in link)
    assert [name(page) for page in DOCS if page not in seen] == []


@pytest.mark.parametrize("page", RECORDS, ids=name)
def test_a_record_has_context_decision_and_consequences(page: Path) -> None:
    headings = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert headings[0].startswith(f"# {int(page.name[:4])}. ")
    assert headings[1:] == ["## Context", "## Decision", "## Consequences"]


def test_a_fragment_says_its_kind() -> None:
    strange = [path.name for path in (ROOT / "changes").iterdir() if not FRAGMENT.fullmatch(path.name)]
    assert strange == []
