"""A page that stands alone: one HTML file that opens from disk, asks no network and runs no script but ours."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ASSETS: Final = Path(__file__).parent / "assets"
# The page's text is only ever data: scripts and styles are named by their digests, Graphviz runs in a worker.
_POLICY: Final = (
    "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src {styles}; worker-src blob:; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types graphviz"
)
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
{styles}
</head>
<body>
{body}
<script type="application/json" id="content">{content}</script>
{scripts}
<script type="text/plain" id="graphviz">{graphviz}</script>
</body>
</html>
"""


def page(*, title: str, body: Path, styles: Iterable[Path], scripts: Iterable[Path], content: object) -> str:
    """A page whose scripts find `content` in the element of that name.

    Args:
        title: any text.
        body: the file with the page's frame.
        styles: files, after those that every page has.
        scripts: files, after those that draw a DAG.
        content: JSON-able.
    """
    style_texts = [_text(path) for path in (ASSETS / "page.css", *styles)]
    script_texts = [
        _text(path)
        for path in (*(ASSETS / name for name in ("page.js", "layers.js", "picture.js", "dag.js")), *scripts)
    ]
    text = _PAGE.format(
        policy=_POLICY.format(scripts=_digests(script_texts), styles=_digests(style_texts)),
        title=escape(title),
        styles="\n".join(f"<style>{style}</style>" for style in style_texts),
        body=_text(body).rstrip(),
        content=embedded(content),
        scripts="\n".join(f"<script>{script}</script>" for script in script_texts),
        graphviz=b64encode((ASSETS / "graphviz.js.gz").read_bytes()).decode(),
    )
    # A lone half of a surrogate pair, which Python takes from odd file names, has no UTF-8.
    return text.encode("utf-8", "replace").decode("utf-8")


def embedded(content: object) -> str:
    r"""JSON that stays inside its element: no `<` opens or closes anything.

    >>> print(embedded({"name": "</script><!--"}))
    {"name":"\u003c/script>\u003c!--"}
    """
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _digests(texts: Iterable[str]) -> str:
    return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts)
