"""The comment on a pull request as its reader sees it, beside the picture that GitHub draws."""

import re
from dataclasses import replace
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
    assert told.count("```mermaid") == 1
    assert height(told, open_page) <= DESK["height"]


def test_changes_in_twelve_pipelines_fit_one_screen_and_each_opens(open_page: Open) -> None:
    [flights] = REPORT.pipelines
    twelve = tuple(replace(flights, pipeline=f"pipeline_{number}") for number in range(12))
    told = comment(Reports(diff=replace(REPORT, pipelines=twelve)))
    assert height(told, open_page) <= DESK["height"]
    assert height(told.replace("<details>", "<details open>"), open_page) > 12 * PICTURE_HEIGHT


def height(told: str, open_page: Open) -> float:
    html = str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(told))
    drawn = PICTURE.sub(f'<div style="height: {PICTURE_HEIGHT}px"></div>', html)
    page = open_page(f"<!doctype html><style>{STYLE}</style><main>{drawn}</main>", waits="main")
    return float(page.evaluate("document.querySelector('main').getBoundingClientRect().height"))
