"""A page that stands alone, and the file that it carries."""

import gzip
import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.diagrams.page import ASSETS, embedded, page

SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
EXECUTION = ASSETS.parents[1] / "execution" / "report" / "assets"
OWN = sorted(
    path for folder in (ASSETS, EXECUTION) for path in folder.iterdir() if path.suffix in {".js", ".css", ".html"}
)


def made(content: object = None, title: str = "title") -> str:
    return page(title=title, body=ASSETS / "show.html", styles=[], scripts=[], content=content)


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_policy_names_every_script_and_style_of_the_page_and_nothing_else() -> None:
    html = made()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == [*map(digest, SCRIPT.findall(html)), "'wasm-unsafe-eval'"]
    assert rules["style-src"].split() == [*map(digest, STYLE.findall(html))]
    assert rules["require-trusted-types-for"] == "'script'"


def test_the_policy_comes_before_all_that_it_rules() -> None:
    html = made()
    assert html.index("Content-Security-Policy") < html.index("<style>") < html.index("<script>")


def test_the_page_asks_no_network() -> None:
    markup = re.sub(r"<script.*?</script>", "", made(), flags=re.DOTALL)
    assert not re.search(r"https?:|src=|href=|@import|url\(", markup)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_own_files_are_small_and_make_no_markup_from_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|</script", text)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


@given(
    st.recursive(
        st.text() | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_content_comes_out_as_it_went_in_and_closes_nothing(content: object) -> None:
    text = embedded(content)
    assert json.loads(text) == content
    assert "<" not in text


def test_a_title_is_text() -> None:
    assert "<title>&lt;/title&gt;&lt;b&gt;</title>" in made(title="</title><b>")


def test_half_a_surrogate_pair_does_not_stop_a_report() -> None:
    made("\ud800").encode()


def test_the_page_carries_graphviz_as_it_was_published() -> None:
    packed = (ASSETS / "graphviz.js.gz").read_bytes()
    licence = (ASSETS / "graphviz.LICENSE.txt").read_text(encoding="utf-8")
    script = gzip.decompress(packed)
    assert sha256(script).hexdigest() == "c9e0b310f9883910e01c66054b48b7ff4be3d8695141116635e72b0af152692e"
    assert sha256(script).hexdigest() in licence
    assert sha256(packed).hexdigest() in licence
    assert script.startswith(b"/*!\nViz.js 3.31.0\n")
    assert re.search(rb'graphvizVersion="16\.1\.0"', script)
    carried = re.search(r'id="graphviz">([^<]*)<', made())
    assert carried
    assert b64decode(carried[1]) == packed
