"""The example's data is what its script makes of the package."""

import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.template.rendering import ROOT, run

DATA = ROOT / "template" / "pipelines" / "{{ pipeline }}" / "data"
HEIGHTS = {"airlines": 16, "airports": 1_458, "flights": 27_004, "planes": 3_322, "weather": 2_226}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    run(sys.executable, "scripts/flights_data.py", "--out", str(folder), cwd=ROOT)
    return folder


def test_the_data_is_what_the_script_makes(made: Path) -> None:
    assert {path.name for path in DATA.iterdir()} == {path.name for path in made.iterdir()}
    for name, height in HEIGHTS.items():
        committed = pl.read_parquet(DATA / f"{name}.parquet")
        assert committed.height == height
        assert_frame_equal(committed, pl.read_parquet(made / f"{name}.parquet"))


def test_the_data_is_small() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 512 * 1024


def test_every_flight_finds_its_weather_by_the_hour() -> None:
    flights = pl.read_parquet(DATA / "flights.parquet")
    weather = pl.read_parquet(DATA / "weather.parquet")
    assert weather.select("origin", "time_hour").is_unique().all()
    assert flights.join(weather, on=["origin", "time_hour"], how="semi").height > 0.99 * flights.height


def test_what_is_missing_is_null() -> None:
    for path in DATA.iterdir():
        texts = pl.read_parquet(path).select(pl.col(pl.String))
        assert not texts.select(pl.any_horizontal((pl.all() == "NA").any().fill_null(value=False))).item()
    assert pl.read_parquet(DATA / "flights.parquet")["dep_time"].null_count() == 521
