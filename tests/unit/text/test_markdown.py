import pytest
from markdown_it import MarkdownIt

from lakewright.text.markdown import code, escaped

HOSTILE = [
    "<script>alert(1)</script>",
    "a | b",
    "a`b`c | d",
    "`",
    "``",
    "back\\slash | \\`",
    "[link](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<!-- lakewright -->",
    "**bold** _it_ ~~gone~~",
    "&lt;b&gt;",
    "line\nbreak\r\n| --- |",
    "@octocat and @acme/team",
    "#1 GH-1 acme/x#2",
    "$x^2$",
]


def shown(markdown: str) -> str:
    """What a reader sees in the cell of a table."""
    html = str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(f"| a |\n|---|\n| {markdown} |\n"))
    assert html.count("<td") == 1
    cell = html.partition("<td>")[2].partition("</td>")[0]
    assert not any(f"<{tag}" in cell for tag in ("script", "a", "img", "strong", "em", "s", "!--"))
    text = cell.replace("<code>", "").replace("</code>", "").replace("\u200b", "")
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_shown_to_the_letter(text: str) -> None:
    plain = "".join(char if char.isprintable() else " " for char in text)
    assert shown(escaped(text)) == plain
    assert shown(code(text)) == plain.strip()


def test_nobody_is_called_and_nothing_linked() -> None:
    assert "@octocat" not in escaped("@octocat")
    assert "#1" not in escaped("#1")
    assert "GH-1" not in escaped("GH-1")
    assert "https://" not in escaped("https://example.com")
    assert "www." not in escaped("www.example.com")


def test_what_no_reader_can_see_is_taken_out() -> None:
    assert escaped("a\u202eb") == "a b"
