"""What the body returned."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from lakewright.execution.report.results import result_views
from lakewright.execution.report.view import ResultView
from lakewright.io.engines import polars as engine
from lakewright.model.binding import Binding, Constant, Container, Output, ParameterValue
from lakewright.model.record import Stored

COUNT: Final = Stored(format="json", kind="builtins.int", value=3)
COUNTS: Final = Stored(format="json", kind="builtins.dict", value={"late": [1, 2], "day": {"~": "date", "v": "x"}})


def shown(result: "Binding | None", stored: Mapping[str, Stored] = {}) -> tuple[ResultView, ...]:
    return result_views(result, stored.get, {"month": "2"})[0]


def test_a_body_that_returns_nothing_has_no_result() -> None:
    assert shown(None) == ()


def test_a_whole_output_is_left_to_its_task() -> None:
    assert shown(Output("count"), {"count": COUNT}) == (ResultView(upstream="count"),)


def test_the_parts_of_a_container_come_from_where_they_come() -> None:
    inner = Container("list", (("0", Output("count")), ("1", ParameterValue("month"))))
    views = shown(Container("dict", (("all", inner), ("limit", Constant("7")))), {"count": COUNT})
    assert views == (
        ResultView(place="['all'][0]", upstream="count"),
        ResultView(place="['all'][1]", text="2 (parameter month)"),
        ResultView(place="['limit']", text="7"),
    )


def test_a_part_of_an_output_shows_its_own_first_rows(tmp_path: Path) -> None:
    late = engine.write(pl.DataFrame({"n": [1, 2]}), f"{tmp_path}/late")
    (view,) = shown(Output("split", (-1,)), {"split": Stored(format="tuple", parts=(("0", COUNT), ("1", late)))})
    assert (view.upstream, view.part) == ("split", "[-1]")
    assert view.output
    assert view.output.sample
    assert view.output.sample.rows == (("1",), ("2",))


def test_a_part_inside_a_value_is_shown() -> None:
    (view,) = shown(Output("count", ("late", 1)), {"count": COUNTS})
    assert view.output
    assert view.output.text == "2"


def test_a_part_that_is_not_there_or_cannot_be_told_is_only_named() -> None:
    for path in (("early",), ("day", "year"), ("late", 9)):
        (view,) = shown(Output("count", path), {"count": COUNTS})
        assert (view.upstream, view.output) == ("count", None)
    (failed,) = shown(Output("count", (0,)))
    assert failed.output is None


def test_of_many_parts_the_first_are_shown() -> None:
    many = Container("list", tuple((str(number), Output("count")) for number in range(200)))
    views, more = result_views(many, {"count": COUNT}.get, {})
    assert (len(views), more) == (12, 188)
