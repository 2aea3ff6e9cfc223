"""What stands in the page; tests/browser opens it."""

import json
import re
from typing import Any

from lakewright import Cron, job, task
from lakewright.diagrams.html import html


@task
def load(month: int) -> int:
    """What came in."""
    return month


@task(retries=2, timeout=1.5, run_if="all_done", tags=["slow"])
def clean(rows: int, limit: int) -> int:
    return rows + limit


@job(schedule=Cron("0 6 * * *", timezone="UTC"))
def daily(month: int = 1) -> int:
    """Every day."""
    return clean(load(month), 3)


def content() -> dict[str, Any]:
    found = re.search(r'id="content">(.*?)</script>', html(daily.definition), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_the_page_tells_what_the_tree_does() -> None:
    assert content()["signature"] == "daily(month: int = 1)"
    assert content()["facts"].startswith("2 tasks · 2 stages · schedule 0 6 * * * UTC")
    assert content()["description"] == "Every day."


def test_a_task_tells_where_its_arguments_come_from_and_what_was_set() -> None:
    first, second = content()["tasks"]
    assert first["description"] == "What came in."
    assert first["inputs"] == [["month", "", "(parameter month)"]]
    assert first["settings"] == []
    assert second["inputs"] == [["rows", "load", ""], ["limit", "", "3"]]
    assert second["upstream"] == ["load"]
    assert second["settings"] == [["run if", "all_done"], ["retries", "2"], ["timeout", "1.5 s"], ["tags", "slow"]]


def test_the_page_is_the_same_each_time() -> None:
    assert html(daily.definition) == html(daily.definition)
