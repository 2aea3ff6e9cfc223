"""The report as its reader sees it."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

import pytest
from playwright.sync_api import Page

from lakewright.execution.report.page import render
from lakewright.execution.report.view import (
    AttemptView,
    ErrorView,
    InputView,
    OutputView,
    PartView,
    ResultView,
    RunView,
    SampleView,
    TaskView,
)
from tests.browser.conftest import Open
from tests.unit.execution.report import samples

HOSTILE: Final = (
    "</script><script>window.hacked = 1; alert(1)</script>",
    '<img src=x onerror="window.hacked = 1">',
    '"]; t0 [URL="javascript:window.hacked=1"]; x["',
    "<!--<script>window.hacked = 1",
    "'; window.hacked = 1; //${window.hacked = 1}`",
    "__proto__",
)


def inside(page: Page, selector: str) -> bool:
    """Whether an element lies within the window, with all its height."""
    box = page.locator(selector).first.bounding_box()
    window = page.viewport_size
    assert box
    assert window
    return box["y"] >= 0 and box["x"] >= 0 and box["y"] + box["height"] <= window["height"] and box["height"] > 0


def chosen(page: Page) -> str:
    return page.locator(".details h2").inner_text().removesuffix("✕").strip()


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_the_first_screen_shows_what_failed_why_and_its_log(open_page: Open) -> None:
    page = open_page(render(samples.broken()))
    assert "Failed" in page.locator(".verdict").inner_text()
    assert "dep_tiem" in page.locator(".causes").inner_text()
    assert chosen(page) == "clean"
    assert "attempt 3 meets a strange column" in page.locator("#log").inner_text()
    for selector in (
        ".verdict",
        ".causes button",
        ".details .error",
        "#log",
        ".dag svg.picture",
        ".gantt .row.state-failed",
    ):
        assert inside(page, selector), selector
    assert not page.evaluate("document.documentElement.scrollHeight > innerHeight")


@pytest.mark.parametrize("run", [samples.large(200), samples.large(1000)], ids=["200", "1000"])
def test_the_first_screen_of_a_large_run_shows_the_same(open_page: Open, run: RunView) -> None:
    page = open_page(render(run))
    for selector in (".verdict", ".causes button", ".details .error", "#log", ".gantt .row[aria-selected=true]"):
        assert inside(page, selector), selector


def test_a_very_long_error_leaves_room_for_the_log(open_page: Open) -> None:
    page = open_page(render(samples.broken(message="no such column\n" * 500)))
    assert inside(page, ".details .error")
    assert inside(page, "#log")


def test_a_very_long_error_ends_at_a_line_and_can_be_shown_whole(open_page: Open) -> None:
    page = open_page(render(samples.broken(message="no such column " * 500)))
    message = page.locator(".details .error p")
    hidden = "(each) => each.scrollHeight - each.clientHeight"
    assert message.evaluate("(each) => each.clientHeight % parseFloat(getComputedStyle(each).lineHeight)") == 0
    assert message.evaluate(hidden) > 0
    page.get_by_role("button", name="Show all of it").click()
    assert message.evaluate(hidden) == 0
    assert not page.get_by_role("button", name="Show all of it").is_visible()


def test_empty_lines_hide_nothing_of_a_message(open_page: Open) -> None:
    page = open_page(render(samples.broken(message="no such column\n\n\n\n\n\n\n\nDid you mean dep_time?")))
    page.wait_for_timeout(100)
    assert not page.get_by_role("button", name="Show all of it").is_visible()
    assert "Did you mean dep_time?" in page.locator(".details .error").inner_text()


def test_a_short_error_has_nothing_more_to_show(open_page: Open) -> None:
    page = open_page(render(samples.broken()))
    page.wait_for_timeout(100)
    assert not page.get_by_role("button", name="Show all of it").is_visible()


def wide(count: int = 200) -> RunView:
    """Many tasks feed one; one of them failed."""
    names = [f"shop_{number}" for number in range(count)]
    tasks = {name: samples.succeeded(name, (), start=0, seconds=1) for name in names}
    tasks[names[150]] = samples.failed(tasks[names[150]])
    tasks["gather"] = samples.skipped(samples.succeeded("gather", tuple(names), start=1, seconds=1), "upstream failed")
    return samples.run_of(samples.linked(tasks), status="failed")


def test_the_failed_one_of_many_tasks_is_in_sight_and_can_be_read(open_page: Open) -> None:
    page = open_page(render(wide()))
    frame, node = page.locator(".dag").bounding_box(), page.locator(".node.selected").bounding_box()
    assert frame
    assert node
    assert frame["x"] < node["x"] < frame["x"] + frame["width"] - node["width"]
    assert frame["y"] < node["y"] < frame["y"] + frame["height"] - node["height"]
    assert page.locator(".node.selected text").is_visible()


def test_many_tasks_in_a_row_are_folded_into_columns(open_page: Open) -> None:
    page = open_page(render(wide()))
    page.get_by_role("button", name="Show all").click()
    boxes = [node.bounding_box() for node in page.locator(".node rect").all()]
    places = [(round(box["x"]), round(box["y"])) for box in boxes if box]
    assert len(set(places)) == 201
    assert len({x for x, _ in places}) >= 5
    assert min(box["height"] for box in boxes if box) > 5
    lines = page.locator(".edges > path:not(.heads)").evaluate_all("(all) => all.map((each) => each.getAttribute('d'))")
    assert "".join(lines).count("M") == 200


def test_the_dag_is_drawn_in_the_colours_of_the_states(open_page: Open) -> None:
    page = open_page(render(samples.broken()))
    assert page.locator(".node").count() == len(samples.EDGES)
    assert page.locator(".node.state-failed").count() == 1
    assert page.locator(".node.state-upstream_failed").count() == 4
    fills = page.evaluate("[...document.querySelectorAll('.node rect')].map((rect) => getComputedStyle(rect).fill)")
    assert len(set(fills)) == 3
    heads = page.evaluate(
        "[...document.querySelectorAll('.edges > path.heads')].map((path) => path.getAttribute('d')).join('')"
    )
    assert heads.count("M") == sum(len(upstream) for upstream in samples.EDGES.values())


def test_a_click_on_a_task_shows_its_log_and_its_output(open_page: Open) -> None:
    page = open_page(render(samples.small()))
    page.locator(".node", has_text="load_weather").click()
    assert chosen(page) == "load_weather"
    assert "load_weather is done" in page.locator("#log").inner_text()
    assert page.locator(".details tbody tr").count() == len(samples.ROWS)
    assert "26,483 rows" in page.locator(".details").inner_text()
    page.locator(".gantt .row", has_text="enrich").click()
    assert chosen(page) == "enrich"
    page.locator(".details .link", has_text="clean").first.click()
    assert chosen(page) == "clean"
    page.get_by_role("button", name="Back to the run").click()
    assert chosen(page) == "delays"


def test_the_result_is_what_the_body_returned(open_page: Open) -> None:
    part = OutputView(kind="polars.DataFrame", rows=1, sample=SampleView(columns=("n",), rows=(("the part",),)))
    result = (
        ResultView(place="['late']", upstream="load_planes", part="[1]", output=part),
        ResultView(place="['rows']", upstream="clean"),
        ResultView(place="['limit']", text="700"),
    )
    page = open_page(render(replace(samples.small(), result=result, more_results=5)))
    shown = page.locator(".details section", has_text=re.compile("^Result", re.IGNORECASE))
    assert "['late'] of load_planes[1] · 1 row" in shown.inner_text()
    assert shown.locator("tbody tr").count() == 1 + len(samples.ROWS)
    assert "['limit'] 700" in shown.inner_text()
    assert "and 5 more parts" in shown.inner_text()
    assert "report" not in shown.inner_text()


def test_a_body_that_returns_nothing_has_no_result(open_page: Open) -> None:
    page = open_page(render(samples.small()))
    assert "RESULT" not in page.locator(".details").inner_text().upper()


def test_each_part_of_an_output_has_its_first_rows(open_page: Open) -> None:
    parts = tuple(PartView(place=f"[{number}]", output=replace(samples.output(3), files=())) for number in range(2))
    pair = OutputView(kind="tuple", rows=6, parts=parts, more_parts=1)
    run = samples.small()
    page = open_page(render(replace(run, tasks=tuple(replace(task, output=pair) for task in run.tasks))))
    page.locator(".node", has_text="clean").click()
    assert page.locator(".details .table").count() == 2
    assert page.locator(".details .part").all_inner_texts() == [f"[{n}] 3 rows · polars.DataFrame" for n in range(2)]
    assert "and 1 more part" in page.locator(".details").inner_text()


def test_a_run_whose_process_died_says_so(open_page: Open) -> None:
    run = replace(samples.broken(), status="interrupted", leaf_status="interrupted")
    page = open_page(render(run))
    assert page.locator(".verdict .status").inner_text().strip() == "Interrupted"
    colour = "(each) => getComputedStyle(each).color"
    assert page.locator(".verdict .status").evaluate(colour) != page.locator("body").evaluate(colour)


def test_each_attempt_has_its_log(open_page: Open) -> None:
    page = open_page(render(samples.broken()))
    page.get_by_role("tab").first.click()
    assert "attempt 1 meets" in page.locator("#log").inner_text()
    assert page.locator(".row.state-failed .bar").count() == 3


def test_bars_lie_where_the_attempts_were(open_page: Open) -> None:
    page = open_page(render(samples.small()))
    track = page.locator(".row .track").first.bounding_box()
    assert track
    for task in samples.small().tasks:
        bar = page.locator(".row", has_text=task.key).last.locator(".bar").bounding_box()
        assert bar
        share = (bar["x"] - track["x"]) / track["width"]
        assert share == pytest.approx(task.attempts[0].start / samples.small().seconds, abs=0.01)


def test_the_critical_path_stands_out(open_page: Open) -> None:
    page = open_page(render(samples.small()))
    path = samples.small().critical_path
    assert page.locator(".row.critical .name").all_text_contents() == list(path)
    heads = page.locator(".edges .heads.critical").get_attribute("d")
    assert heads
    assert heads.count("M") == len(list(pairwise(path)))
    assert page.locator(".chain li .link").all_text_contents() == list(path)


def test_an_edge_that_only_orders_is_dashed_on_the_critical_path_too(open_page: Open) -> None:
    run = samples.small()
    last = run.critical_path[-1]
    page = open_page(
        render(replace(run, tasks=tuple(replace(t, inputs=()) if t.key == last else t for t in run.tasks)))
    )
    dashes = "(path) => getComputedStyle(path).strokeDasharray"
    ordering = page.locator(".edges path.critical.order:not(.heads)")
    assert ordering.evaluate(dashes) != "none"
    assert (ordering.get_attribute("d") or "").count("M") == 1
    assert page.locator(".edges path.critical:not(.order):not(.heads)").evaluate(dashes) == "none"
    page.locator(".node", has_text=last).click()
    assert page.locator(".edges path.chosen.order:not(.heads)").evaluate(dashes) != "none"


def test_arrow_keys_walk_over_the_tasks(open_page: Open) -> None:
    page = open_page(render(samples.small()))
    order = page.locator(".row .name").all_text_contents()
    page.keyboard.press("ArrowDown")
    assert chosen(page) == order[0]
    page.keyboard.press("ArrowDown")
    assert chosen(page) == order[1]
    page.keyboard.press("ArrowUp")
    assert chosen(page) == order[0] == "load_flights"
    page.keyboard.press("ArrowRight")
    assert chosen(page) == "clean"
    page.keyboard.press("ArrowLeft")
    assert chosen(page) == "load_flights"
    assert page.locator(".node.selected").text_content() is not None
    page.keyboard.press("Escape")
    assert chosen(page) == "delays"


def test_a_key_goes_from_failure_to_failure(open_page: Open) -> None:
    run = samples.large(200)
    failed = [task.key for task in run.tasks if task.state == "failed"]
    page = open_page(render(run))
    assert chosen(page) == failed[0]
    page.keyboard.press("f")
    assert chosen(page) == failed[1]


def test_search_finds_tasks_by_name_and_by_error(open_page: Open) -> None:
    page = open_page(render(samples.broken()))
    visible = page.locator(".row:visible .name")
    page.keyboard.press("/")
    page.keyboard.type("delays_by")
    assert visible.all_text_contents() == ["delays_by_carrier"]
    assert page.locator(".node:not(.faded)").count() == 1
    page.keyboard.press("Enter")
    assert chosen(page) == "delays_by_carrier"
    page.locator("#search").fill("columnnotfound")
    assert visible.all_text_contents() == ["clean"]
    page.locator("#search").fill("no such thing")
    assert page.locator(".gantt .none").is_visible()
    page.keyboard.press("Escape")
    assert visible.count() == len(samples.EDGES)


def test_a_state_can_be_singled_out(open_page: Open) -> None:
    page = open_page(render(samples.broken()))
    page.get_by_role("button", name="4 upstream failed").click()
    assert page.locator(".row:visible").count() == 4
    page.get_by_role("button", name="4 upstream failed").click()
    assert page.locator(".row:visible").count() == len(samples.EDGES)


def test_a_link_to_a_task_opens_the_report_there(open_page: Open) -> None:
    page = open_page(render(samples.small()))
    page.locator(".node", has_text="enrich").click()
    assert page.url.endswith("#enrich")
    page.reload()
    assert chosen(page) == "enrich"


def background(page: Page) -> list[int]:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", str(colour))][:3]


def test_it_is_dark_where_the_system_is_and_can_be_changed(open_page: Open) -> None:
    page = open_page(render(samples.small()), color_scheme="dark")
    assert max(background(page)) < 60
    page.get_by_role("button", name="Use light colours").click()
    assert min(background(page)) > 200
    light = open_page(render(samples.small()), color_scheme="light")
    assert min(background(light)) > 200
    light.keyboard.press("t")
    assert max(background(light)) < 60


def test_a_phone_reads_it_without_scrolling_sideways(open_page: Open) -> None:
    page = open_page(render(samples.broken()), viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    assert not scrolls_sideways(page)
    assert inside(page, ".causes button")
    assert inside(page, ".dag svg.picture")
    assert page.locator(".node.selected text").first.is_visible()
    page.locator(".gantt .row", has_text="load_planes").tap()
    assert chosen(page) == "load_planes"
    assert inside(page, ".details h2")
    assert not scrolls_sideways(page)


def faster(run: RunView, times: float) -> RunView:
    """The same run on a faster machine."""

    def sooner(attempt: AttemptView) -> AttemptView:
        return replace(attempt, start=attempt.start / times, seconds=attempt.seconds / times)

    tasks = tuple(replace(task, attempts=tuple(map(sooner, task.attempts))) for task in run.tasks)
    return replace(run, tasks=tasks, seconds=run.seconds / times)


def test_the_times_of_the_chart_have_room_on_a_phone(open_page: Open) -> None:
    page = open_page(render(faster(samples.broken(), 6.5)), viewport={"width": 390, "height": 844})
    times = [box for tick in page.locator(".gantt .tick").all() if (box := tick.bounding_box())]
    assert len(times) > 1
    assert all(left["x"] + left["width"] < right["x"] for left, right in pairwise(times))


@pytest.mark.parametrize(
    "run", [samples.small(), samples.broken(), samples.large(1000)], ids=["small", "failed", "1000"]
)
def test_it_prints_on_one_page_on_white(open_page: Open, run: RunView) -> None:
    page = open_page(render(run), color_scheme="dark")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.emulate_media(media="print")
    assert not page.locator(".search").is_visible()
    assert not page.locator(".zoom").is_visible()


def hostile(text: str) -> RunView:
    """A run whose every text is hostile."""
    run = samples.broken(message=text)
    keys = {task.key: f"{text} {number}" for number, task in enumerate(run.tasks)}
    return replace(
        run,
        job=text,
        run_id=text,
        description=text,
        revision=text,
        target=text,
        folder=text,
        result=(ResultView(place=text, upstream=keys["clean"], part=text, output=OutputView(text=text)),),
        parameters=((text, text),),
        critical_path=tuple(keys[key] for key in run.critical_path),
        tasks=tuple(hostile_task(task, keys, text) for task in run.tasks),
    )


def hostile_task(task: TaskView, keys: dict[str, str], text: str) -> TaskView:
    error = ErrorView(type=text, message=text, traceback=text)
    sample = SampleView(columns=(text,), rows=((text,),))
    return replace(
        task,
        key=keys[task.key],
        reason=text if task.reason else "",
        description=text,
        compute=text,
        function=text,
        location=text,
        cache=text,
        upstream=tuple(keys[key] for key in task.upstream),
        downstream=tuple(keys[key] for key in task.downstream),
        inputs=(InputView(argument=text, text=text),),
        attempts=tuple(replace(each, log=text, error=error if each.error else None) for each in task.attempts),
        output=OutputView(kind=text, schema=((text, text),), sample=sample, text=text) if task.output else None,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_runs_nothing(open_page: Open, text: str) -> None:
    page = open_page(render(hostile(text)))
    for _ in samples.EDGES:
        page.keyboard.press("ArrowDown")
        assert text in page.locator(".details").inner_text()
    page.keyboard.press("Escape")
    page.locator("#search").fill(text)
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("img").count() == 0
    assert page.locator(".node").count() == len(samples.EDGES)
    assert text in page.locator(".node title").first.inner_html().replace("&lt;", "<").replace("&gt;", ">")
    assert text in page.title()


@pytest.mark.parametrize(
    "markup",
    [
        "<script>window.hacked = 1</script>",
        '<img src="data:," onerror="window.hacked = 1">',
        '<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
        '<a id="a" href="javascript:window.hacked=1">x</a><script>document.getElementById("a").click()</script>',
    ],
)
def test_markup_that_slipped_in_would_run_nothing(browser_page: Page, markup: str) -> None:
    page = browser_page
    html = render(samples.small()).replace("<body>", f"<body>{markup}", 1)
    page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://report.example/")
    page.wait_for_selector(".dag svg.picture")
    assert page.evaluate("typeof window.hacked") == "undefined"


def test_scripts_cannot_turn_text_into_markup(browser_page: Page) -> None:
    page = browser_page
    page.set_content(render(samples.small()))
    refused = page.evaluate(
        "(() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } })()"
    )
    assert refused


def milliseconds(page: Page, mark: str) -> float:
    """From the request for the page to a mark that its scripts set once it is drawn."""
    page.wait_for_function("(name) => performance.getEntriesByName(name).length > 0", arg=mark)
    return float(page.evaluate("(name) => performance.getEntriesByName(name)[0].startTime", mark))


def test_a_thousand_tasks_are_small_and_open_whole(open_page: Open) -> None:
    html = render(samples.large(1000, log=5000))
    assert len(html.encode()) <= 2_000_000
    page = open_page(html)
    assert page.locator(".node").count() == 1000
    # How fast is for benchmarks to say; a page that takes a minute is broken.
    assert milliseconds(page, "drawn") < 60_000


def test_five_thousand_tasks_are_all_there(open_page: Open) -> None:
    run = samples.large(5000)
    page = open_page(render(run))
    assert page.locator(".node").count() == page.locator(".gantt .row").count() == 5000
    assert page.locator(".row.critical .name").count() == len(run.critical_path)
    for selector in (".verdict", ".causes button", ".details .error", "#log", ".gantt .row[aria-selected=true]"):
        assert inside(page, selector), selector
    page.keyboard.press("/")
    page.keyboard.type(run.tasks[4321].key)
    page.keyboard.press("Enter")
    assert chosen(page) == run.tasks[4321].key


def dense() -> RunView:
    """More edges than Graphviz lays out in time: 70 tasks feed 70 others."""
    tasks = {f"a{number}": samples.succeeded(f"a{number}", (), start=0, seconds=1) for number in range(70)}
    feeding = tuple(tasks)
    tasks |= {f"b{number}": samples.succeeded(f"b{number}", feeding, start=1, seconds=1) for number in range(70)}
    return samples.run_of(samples.linked(tasks))


def test_a_dense_graph_is_drawn_too(open_page: Open) -> None:
    page = open_page(render(dense()))
    assert page.locator(".node").count() == 140


def test_without_graphviz_the_picture_is_plainer(browser_page: Page) -> None:
    page = browser_page
    page.add_init_script("delete window.Worker")
    html = render(samples.small())
    page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://report.example/")
    page.wait_for_selector(".dag svg.picture")
    assert page.locator(".node").count() == len(samples.EDGES)


SLOW_GRAPHVIZ: Final = """(wait) => window.Worker = class extends Worker {
  postMessage(data) { if (wait) setTimeout(() => super.postMessage(data), wait); }
}"""


UNTIL_DRAWN: Final = """new Promise((resolve) => {
  const look = () => (performance.getEntriesByName("drawn").length ? resolve() : setTimeout(look, 50));
  look();
})"""


@pytest.mark.parametrize("wait", [0, 4000], ids=["never", "late"])
def test_a_plainer_picture_is_there_until_graphviz_answers(browser_page: Page, wait: int) -> None:
    page = browser_page
    page.add_init_script(f"({SLOW_GRAPHVIZ})({wait})")
    html = render(samples.broken())
    page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://report.example/")
    page.wait_for_selector(".dag svg.picture", timeout=6000)
    assert page.evaluate("performance.getEntriesByName('drawn').length") == 0
    page.locator(".node", has_text="load_planes").click()
    if wait:
        page.evaluate(UNTIL_DRAWN)
    assert page.locator(".node.selected", has_text="load_planes").count() == 1
    assert page.locator(".dag svg.picture").count() == page.locator(".dag .zoom").count() == 1
    assert page.locator(".dag .hint").count() == 0


def test_the_picture_is_moved_and_zoomed(open_page: Open) -> None:
    page = open_page(render(samples.small()))
    picture = page.locator(".dag svg.picture")
    whole = picture.get_attribute("viewBox")
    page.get_by_role("button", name="Zoom in").click()
    near = picture.get_attribute("viewBox")
    assert near != whole
    box = picture.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60)
    page.mouse.up()
    assert picture.get_attribute("viewBox") != near
    assert chosen(page) == "delays"
    page.mouse.wheel(0, 200)
    page.get_by_role("button", name="Show all").click()
    assert picture.get_attribute("viewBox") == whole
