"""Prices of compute: `prices.toml` at the root of a repository, which is its users' and need not be there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lakewright.errors.base import Location
from lakewright.errors.project import ProjectError
from lakewright.loading.source import shown_path
from lakewright.model.prices import Prices
from lakewright.project.repository import PRICES_FILE
from lakewright.project.settings import read_toml
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

_Amount = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
_Label = Annotated[str, Field(max_length=40, pattern=r"^\S(.*\S)?$")]
_WANTED: Final = {
    "currency": 'must be a text, such as "USD" or "€"',
    "as_of": 'must be a text in quotes, such as "2026-11"',
    "per_hour": "must be an amount of money for an hour, such as 0.42",
    "hours": 'must be hours, by "PIPELINE.JOB", such as 0.25',
}
# TOML reads a bare name with a dot as a table within a table.
_QUOTES: Final = 'A name with a dot stands in quotes: "m5.xlarge" = 0.42'


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    currency: _Label = "USD"
    as_of: _Label = ""
    per_hour: dict[str, _Amount]
    hours: dict[Annotated[str, Field(pattern=r"^[^.]+\.[^.]+$")], _Amount] = Field(default_factory=dict)


def read_prices(root: Path) -> Prices | None:
    """The prices that somebody has said for a repository; None where nobody has.

    Raises:
        ProjectError: the file is not TOML, or something in it cannot be.
    """
    file = root / PRICES_FILE
    if not file.is_file():
        return None
    try:
        found = _File.model_validate(read_toml(file))
    except ValidationError as error:
        first = error.errors()[0]
        keys = [str(part) for part in first["loc"]]
        is_split = any(len(each["loc"]) > 1 and isinstance(each["input"], dict) for each in error.errors())
        hint = _QUOTES if is_split else ""
        raise ProjectError(_problem(first["type"], *keys), location=_place(file, keys), hint=hint) from error
    return Prices(per_hour=found.per_hour, hours=found.hours, currency=found.currency, as_of=found.as_of)


def _problem(kind: str, name: str, *rest: str) -> str:
    if kind == "extra_forbidden":
        return f"there is no setting '{name}'{did_you_mean(name, _File.model_fields)}"
    if kind == "missing":
        return f"there is no table [{name}] with money for an hour, by node type"
    return f"{'.'.join([name, *rest[:1]])} {_WANTED[name]}"


def _place(file: Path, keys: list[str]) -> Location:
    """The line that says it, or the first."""
    lines = file.read_text(encoding="utf-8").splitlines()
    *_, key = [part for part in keys if part != "[key]"]
    said = re.compile(rf"""\s*\[?["']?{re.escape(key)}["']?\s*[=\].]""")
    number = next((number for number, line in enumerate(lines, 1) if said.match(line)), 1)
    return Location(shown_path(str(file)), number)
