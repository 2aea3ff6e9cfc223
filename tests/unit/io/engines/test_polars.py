from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lakewright.io.engines import polars

WIDE = pl.DataFrame(
    {
        "text": ["a", None],
        "list": [[1], []],
        "struct": [{"x": 1}, {"x": None}],
        "category": pl.Series(["u", "v"], dtype=pl.Categorical),
        "when": pl.Series([0, None], dtype=pl.Datetime("us", "America/New_York")),
    }
)


@pytest.mark.parametrize("frame", [WIDE, WIDE.clear(), pl.DataFrame()])
def test_a_frame_comes_back_type_by_type(tmp_path: Path, frame: pl.DataFrame) -> None:
    stored = polars.write(frame, str(tmp_path / "data"))
    again = polars.read(stored, polars.EAGER)
    assert isinstance(again, pl.DataFrame)
    assert_frame_equal(again, frame)


def test_eager_and_lazy_writing_keep_the_same(tmp_path: Path) -> None:
    eager, lazy = polars.write(WIDE, str(tmp_path / "a")), polars.write(WIDE.lazy(), str(tmp_path / "b"))
    assert (eager.rows, eager.schema) == (lazy.rows, lazy.schema)
    assert (eager.kind, lazy.kind) == (polars.EAGER, polars.LAZY)


def test_a_query_that_fails_raises_its_own_error(tmp_path: Path) -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        polars.write(WIDE.lazy().select("nothing"), str(tmp_path / "data"))
