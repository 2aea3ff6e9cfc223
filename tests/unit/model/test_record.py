import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.model.record import CommitRecord, Stored, StoredFile
from tests.unit.model.strategies import texts

FRAME: Final = Stored(
    format="parquet",
    kind="polars.DataFrame",
    files=(StoredFile("runs/a/1/load/1/data.parquet", 812),),
    rows=27_004,
    schema=(("carrier", "String"), ("delay", "Int64")),
)
VALUE: Final = Stored(format="json", kind="builtins.dict", value={"a": [1, None]})


def record(stored: Stored | None) -> CommitRecord:
    return CommitRecord(job="delays", run_id="1", task="load", attempt=2, stored=stored, finished_at=12.5)


def stored_values() -> st.SearchStrategy[Stored]:
    """Outputs of every kind, containers of them too."""
    json_values = (st.none() | st.integers() | texts()).map(lambda value: Stored(format="json", value=value))
    frames = st.builds(
        lambda kind, files, rows, schema: Stored(format="parquet", kind=kind, files=files, rows=rows, schema=schema),
        texts(),
        st.lists(st.builds(StoredFile, texts(), st.integers(0)), min_size=1, max_size=2).map(tuple),
        st.none() | st.integers(0),
        st.lists(st.tuples(texts(), texts()), max_size=2).map(tuple),
    )
    return st.recursive(
        json_values | frames,
        lambda inner: st.builds(
            lambda kind, parts: Stored(format=kind, parts=parts),
            st.sampled_from(["list", "tuple", "dict", "object"]),
            st.lists(st.tuples(texts(), inner), max_size=3).map(tuple),
        ),
        max_leaves=6,
    )


@given(st.none() | stored_values())
def test_a_record_comes_back_from_its_text(stored: Stored | None) -> None:
    assert CommitRecord.from_json(record(stored).to_json()) == record(stored)


@given(st.integers(0, 400))
def test_a_torn_record_is_none(length: int) -> None:
    text = record(FRAME).to_json()
    assert CommitRecord.from_json(text[: min(length, len(text) - 1)]) is None


def test_a_record_of_a_newer_release_is_refused() -> None:
    content = {**json.loads(record(None).to_json()), "version": 2}
    with pytest.raises(ValueError, match="a commit record of version 2 was written by a newer lakewright"):
        CommitRecord.from_json(json.dumps(content))


def test_a_value_is_kept_in_the_record_unless_a_file_has_it() -> None:
    assert json.loads(record(VALUE).to_json())["stored"]["value"] == {"a": [1, None]}
    elsewhere = Stored(format="json", files=(StoredFile("data.json", 9),))
    assert "value" not in json.loads(record(elsewhere).to_json())["stored"]


def test_rows_and_files_of_a_container_are_those_of_its_parts() -> None:
    inner = Stored(format="dict", parts=(("a", FRAME), ("b", VALUE)))
    outer = Stored(format="tuple", parts=(("0", inner), ("1", FRAME)))
    assert record(outer).rows == 2 * 27_004
    assert outer.all_files == FRAME.files * 2
    assert outer.part(0) == inner
    assert outer.part("2") is None


def test_what_has_no_rows_says_so() -> None:
    assert record(None).rows is None
    assert record(VALUE).rows is None
    assert record(Stored(format="parquet", rows=0)).rows == 0
