"""`show --format html` as its reader sees it."""

from typing import Final

from lakewright import job, task
from lakewright.diagrams.formats import render
from lakewright.model.dag import Dag
from lakewright.model.job import JobDefinition
from tests.browser.conftest import Open

HOSTILE: Final = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"


@task
def load(month: int) -> int:
    """What came in."""
    return month


@task(retries=2)
def clean(rows: int) -> int:
    return rows


@job
def daily(month: int = 1) -> int:
    """Every day."""
    return clean.named("polish").after(load.named("first")(1))(load(month))


def test_the_dag_is_drawn_and_a_click_tells_of_a_task(open_page: Open) -> None:
    page = open_page(render(daily.definition, "html"))
    assert page.locator("#signature").inner_text() == "daily(month: int = 1)"
    assert page.locator(".node").count() == 3
    assert page.locator(".edges path.order:not(.heads)").count() == 1
    page.locator(".node", has_text="load").first.click()
    assert "What came in." in page.locator(".details").inner_text()
    page.keyboard.press("ArrowRight")
    assert "retries" in page.locator(".details").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator(".details").is_visible()


def test_hostile_names_run_nothing(open_page: Open) -> None:
    dag = Dag.from_edges([(HOSTILE, "b")], name=HOSTILE)
    page = open_page(render(JobDefinition(name=HOSTILE, dag=dag), "html"))
    page.locator(".node").first.click()
    assert HOSTILE in page.locator(".details").inner_text()
    assert page.evaluate("typeof window.hacked") == "undefined"


def test_a_phone_reads_it_without_scrolling_sideways(open_page: Open) -> None:
    page = open_page(render(daily.definition, "html"), viewport={"width": 390, "height": 844})
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
