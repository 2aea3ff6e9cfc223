"""The first rows of an output."""

from pathlib import Path
from typing import Final

import polars as pl

from lakewright.execution.report.preview import output_view
from lakewright.execution.report.view import OutputView
from lakewright.io.engines import polars as engine
from lakewright.model.record import CommitRecord, Stored


def viewed(stored: Stored | None, root: str = "") -> OutputView | None:
    return output_view(CommitRecord(job="j", run_id="r", task="t", attempt=1, stored=stored), root=root)


def test_a_frame_shows_its_head_its_schema_and_its_files(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": list(range(25)), "text": ["<b>", None, "x", *["y"] * 22]})
    view = viewed(engine.write(frame, f"{tmp_path}/load/1/data"), root=str(tmp_path))
    assert view
    assert view.sample
    assert (view.rows, view.schema) == (25, (("n", "Int64"), ("text", "String")))
    assert view.sample.rows[:2] == (("0", "<b>"), ("1", None))
    assert len(view.sample.rows) == 10
    assert [file.path for file in view.files] == ["load/1/data.parquet"]


def test_a_frame_whose_file_is_gone_shows_the_rest(tmp_path: Path) -> None:
    stored = engine.write(pl.DataFrame({"n": [1]}), f"{tmp_path}/data")
    Path(stored.files[0].path).unlink()
    view = viewed(stored)
    assert view
    assert view.sample is None
    assert view.rows == 1


def test_a_list_of_objects_is_a_table() -> None:
    view = viewed(Stored(format="json", kind="builtins.list", value=[{"a": 1, "b": True}, {"a": None, "c": "x"}]))
    assert view
    assert view.sample
    assert view.sample.columns == ("a", "b", "c")
    assert view.sample.rows == (("1", "true", None), (None, None, "x"))
    assert (view.kind, view.rows) == ("list", 2)


def test_a_list_of_values_is_a_column() -> None:
    view = viewed(Stored(format="json", kind="builtins.list", value=[1, "x", [2]]))
    assert view
    assert view.sample
    assert view.sample.rows == (("1",), ("x",), ("[2]",))


VALUES: Final[tuple[object, ...]] = (3, {"a": [1]}, "x", [])


def test_a_value_is_its_text() -> None:
    views = [viewed(Stored(format="json", kind="builtins.int", value=value)) for value in VALUES]
    assert [view.text for view in views if view] == ["3", '{"a": [1]}', "x", "[]"]


def test_a_container_shows_its_parts() -> None:
    part = Stored(format="json", kind="builtins.int", value=1)
    view = viewed(Stored(format="tuple", parts=(("0", part), ("1", part))))
    assert view
    assert view.kind == "tuple"
    assert [(part.place, part.output.kind, part.output.text) for part in view.parts] == [
        ("[0]", "int", "1"),
        ("[1]", "int", "1"),
    ]


def test_each_part_of_a_container_has_its_own_first_rows(tmp_path: Path) -> None:
    late, early = (engine.write(pl.DataFrame({"n": numbers}), f"{tmp_path}/{numbers[0]}") for numbers in ([1, 2], [3]))
    inner = Stored(format="dict", parts=(("early", early),))
    view = viewed(Stored(format="tuple", parts=(("0", late), ("1", inner))), root=str(tmp_path))
    assert view
    assert (view.rows, [file.path for file in view.files]) == (3, ["1.parquet", "3.parquet"])
    assert [part.place for part in view.parts] == ["[0]", "[1]['early']"]
    assert [part.output.sample.rows for part in view.parts if part.output.sample] == [(("1",), ("2",)), (("3",),)]


def test_a_long_container_shows_its_first_parts() -> None:
    part = Stored(format="json", kind="builtins.int", value=1)
    view = viewed(Stored(format="list", parts=tuple((str(number), part) for number in range(200))))
    assert view
    assert (len(view.parts), view.more_parts) == (8, 192)


def test_none_shows_nothing() -> None:
    assert viewed(None) is None
