from pathlib import Path

import pytest

from lakewright.errors.project import ProjectError
from lakewright.model.prices import Prices
from lakewright.project.prices import read_prices
from tests.unit.project.repos import write

WHOLE = """\
currency = "€"
as_of = "2026-11"

[per_hour]
Standard_D4ds_v5 = 0.42
serverless = 3

[hours]
"flights.delays" = 0.25
"""


def test_prices_are_those_that_somebody_has_said(tmp_path: Path) -> None:
    write(tmp_path, {"prices.toml": WHOLE})
    assert read_prices(tmp_path) == Prices(
        per_hour={"Standard_D4ds_v5": 0.42, "serverless": 3.0},
        hours={"flights.delays": 0.25},
        currency="€",
        as_of="2026-11",
    )


def test_nobody_has_to_say_any(tmp_path: Path) -> None:
    assert read_prices(tmp_path) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.42", "-1.0", r"prices.toml:5: per_hour.Standard_D4ds_v5 must be an amount of money for an hour"),
        ("0.42", '"0.42"', r"prices.toml:5: per_hour.Standard_D4ds_v5 must be an amount"),
        ("0.42", "inf", r"prices.toml:5: per_hour.Standard_D4ds_v5 must be an amount"),
        ("flights.delays", "delays", r'prices.toml:9: hours.delays must be hours, by "PIPELINE.JOB"'),
        ("[per_hour]", "[per_hours]", r"there is no (table \[per_hour\]|setting 'per_hours'; did you mean 'per_hour')"),
        ("currency", "curency", r"prices.toml:1: there is no setting 'curency'; did you mean 'currency'"),
        ("as_of = ", "as_of = 2", r"is not TOML"),
        ('"2026-11"', "2026", r"prices.toml:2: as_of must be a text in quotes"),
    ],
)
def test_what_cannot_be_a_price_is_refused_at_its_line(tmp_path: Path, *, old: str, new: str, message: str) -> None:
    assert old in WHOLE
    write(tmp_path, {"prices.toml": WHOLE.replace(old, new)})
    with pytest.raises(ProjectError, match=message):
        read_prices(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [("Standard_D4ds_v5", "m5.xlarge", "5: per_hour.m5"), ('"flights.delays"', "flights.delays", "9: hours.flights")],
)
def test_who_leaves_out_the_quotes_around_a_name_with_a_dot_is_told(
    tmp_path: Path, *, old: str, new: str, place: str
) -> None:
    write(tmp_path, {"prices.toml": WHOLE.replace(old, new)})
    with pytest.raises(ProjectError, match=f"prices.toml:{place} must be [^\n]*\n  A name with a dot stands in quotes"):
        read_prices(tmp_path)
