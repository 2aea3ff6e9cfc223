"""Classes and values that outputs are made of."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import polars as pl


class Kind(Enum):
    FULL = "full"


class Split(NamedTuple):
    train: pl.DataFrame
    test: pl.DataFrame


@dataclass
class Report:
    title: str
    rows: pl.DataFrame
    notes: list[str] = field(default_factory=list)


def frame(*delays: int) -> pl.DataFrame:
    return pl.DataFrame({"delay": delays})
