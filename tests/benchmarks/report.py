"""What the report of a run of 1,000 tasks weighs, and how long its reader waits for it."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from lakewright.execution.report.page import render
from tests.benchmarks.measure import MEGABYTES, SECONDS, Row, calls
from tests.browsers import MISSING, find_browser
from tests.unit.execution.report import samples

TASKS: Final = 1000
# Bytes that each task has printed.
LOG: Final = 5000
ROUNDS: Final = 5
# When the page's scripts say that all is there, counted from the request for it.
DRAWN: Final = """new Promise((resolve) => {
  const seen = (list) => list.getEntriesByName("drawn").forEach((mark) => resolve(mark.startTime));
  new PerformanceObserver(seen).observe({ type: "mark", buffered: true });
})"""


def measure() -> Iterator[Row]:
    """Its size, and the time from the request for it to the picture of its DAG, in a browser without a window."""
    run = samples.large(TASKS, log=LOG)
    html = render(run)
    yield Row(name="the report of 1,000 tasks", ours=len(html.encode()), limit=2.0, unit=MEGABYTES)
    yield Row(name="the report of 1,000 tasks, until its DAG is drawn", ours=opened(html), limit=2.0, unit=SECONDS)
    making = calls(lambda: render(run))
    yield Row(name="the report of 1,000 tasks, made", ours=median(making() for _ in range(ROUNDS)), unit=SECONDS)


def opened(html: str) -> float:
    """Seconds by the clock, because a reader waits for the clock; the fewest, because it measures others too."""
    found = find_browser()
    if found is None:
        sys.exit(MISSING)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        file.write_text(html, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=found)
        seconds = min(_drawn(browser, file) for _ in range(ROUNDS))
        browser.close()
    return seconds


def _drawn(browser: Browser, file: Path) -> float:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri())
    milliseconds = float(page.evaluate(DRAWN))
    page.close()
    return milliseconds / 1000
