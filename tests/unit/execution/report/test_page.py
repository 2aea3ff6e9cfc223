"""What stands in the page of a run; tests/browser opens it."""

import json
import re

from lakewright.execution.report.page import render
from lakewright.execution.report.view import to_json
from tests.unit.execution.report import samples


def test_the_page_holds_the_view() -> None:
    found = re.search(r'id="content">(.*?)</script>', render(samples.broken()), re.DOTALL)
    assert found
    assert json.loads(found[1]) == json.loads(json.dumps(to_json(samples.broken())))


def test_a_run_of_a_thousand_tasks_stays_below_two_megabytes() -> None:
    assert len(render(samples.large(1000, log=20_000)).encode()) <= 2_000_000
