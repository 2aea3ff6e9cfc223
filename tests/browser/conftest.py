"""Pages in a real browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browsers import MISSING, find_browser

Open: TypeAlias = Callable[..., Page]

DESK: Final = {"width": 1280, "height": 800}


# Not for the session: while playwright runs, its event loop stands in the way of every test that starts one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None:
        # A laptop without it lists these tests as not run; CI must run them.
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens HTML from disk as a reader would; a script error, a dialog or a request to elsewhere fails the test."""
    strange: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(html: str, *, waits: str = ".dag svg.picture", **settings: object) -> Page:
        file = tmp_path / f"page{len(contexts)}.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(**{"viewport": DESK, **settings})  # type: ignore[arg-type]  # playwright's own words
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: strange.append(f"error: {error}"))
        page.on("console", lambda message: strange.append(f"{message.type}: {message.text}"))
        page.on("dialog", lambda dialog: strange.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: strange.append(request.url) if request.url.startswith("http") else None)
        page.goto(file.as_uri())
        page.wait_for_selector(waits)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strange == []


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A page that may complain: for what must be refused."""
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]  # a TypedDict of playwright's
    yield context.new_page()
    context.close()
