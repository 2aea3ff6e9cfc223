"""The comment on a pull request as its reader sees it, beside the picture that GitHub draws."""

import re
from typing import Final

from markdown_it import MarkdownIt

from lakewright.project.review import comment
from lakewright.project.review_reports import LocalRun, PlannedAction, PlannedPipeline, PlanReport, Reports
from tests.browser.conftest import DESK, Open
from tests.unit.project.test_diff_forms import REPORT

# GitHub's column of comments, and its text.
STYLE: Final = """
body { width: 820px; font: 14px/1.5 sans-serif }
td, th { padding: 6px 13px; border: 1px solid }
h3 { font-size: 18px }
"""
PICTURE: Final = re.compile(r'<pre><code class="language-mermaid">.*?</code></pre>', re.DOTALL)
# The graph of the example pipeline, with 12 tasks, as Mermaid draws it from left to right.
PICTURE_HEIGHT: Final = 390


def test_a_change_of_a_task_fits_one_screen(open_page: Open) -> None:
    planned = PlannedPipeline(pipeline="flights", actions=(PlannedAction(resource="jobs.delays", action="update"),))
    run = LocalRun(job="delays", status="success", tasks=11, seconds=0.9)
    told = comment(Reports(diff=REPORT, plans=(PlanReport(target="prod", pipelines=(planned,)),), runs=(run,)))
    html = str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(told))
    without, pictures = PICTURE.subn(f'<div style="height: {PICTURE_HEIGHT}px"></div>', html)
    assert pictures == 1
    page = open_page(f"<!doctype html><style>{STYLE}</style><main>{without}</main>", waits="main")
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().height") <= DESK["height"]
