"""Jobs whose tasks run in one process, and each in a process of its own."""

from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

import polars as pl

from lakewright import Bucket, FileIo, IoManager, Provider, get_task_value, job, pipeline, set_task_value, task
from lakewright.config import DatabricksConfig, LocalConfig
from lakewright.io.base import InputContext, OutputContext
from lakewright.model.record import Stored


class Colour(Enum):
    """A choice."""

    RED = "red"
    BLUE = 2


@dataclass(frozen=True)
class Point:
    """A pair with names."""

    x: float
    tags: list[str]


class Split(NamedTuple):
    """Two frames."""

    train: pl.DataFrame
    test: pl.DataFrame


class Totals(TypedDict):
    """Named numbers."""

    rows: int
    mean: float


@dataclass
class Upper(IoManager):
    """Keeps text in capitals, under a mark."""

    mark: str

    def write(self, context: OutputContext, value: object) -> Stored:
        """One file of the attempt."""
        file = Path(context.folder) / "text"
        file.parent.mkdir(parents=True)
        file.write_text(self.mark + str(value).upper(), encoding="utf-8")
        return Stored(format="upper", schema=(("file", str(file)),))

    def read(self, context: InputContext) -> object:
        """The text."""
        return Path(dict(context.stored.schema)["file"]).read_text(encoding="utf-8")


loud = Upper("!")


@task
def see(*values: object, **named: object) -> list[str]:
    """What arrived, with its type."""
    given = [*values, *(item for pair in sorted(named.items()) for item in pair)]
    return [f"{type(value).__name__}: {value!r}" for value in given]


@job
def parameters(
    *,
    text: str = "a {brace} $ ' \" ü",
    number: int = -7,
    ratio: float = 1e-9,
    on: bool = True,
    day: date = date(2013, 1, 31),
    moment: datetime = datetime(2013, 1, 31, 5, 17, tzinfo=timezone.utc),
    price: Decimal = Decimal("1.10"),
    colour: Colour = Colour.RED,
    size: Literal["s", "m"] = "m",
    maybe: int | None = None,
    items: list[int] = [1, 2],  # noqa: B006  a job parameter
    help: str = "h",  # noqa: A002  a job parameter of any name
) -> list[str]:
    """Parameters of all types."""
    return see(text, number, ratio, on, day, moment, price, colour, size, maybe, items, help=help)


@job
def constants() -> list[str]:
    """Constants of all kinds."""
    scalars = see.named("scalars")(None, True, 1, 1.5, "ü {{x}} ${y}", b"\x00", Decimal("0.10"), Colour.BLUE)  # noqa: FBT003  a constant of each kind
    places = see.named("places")(Path("a/b"), date(2013, 1, 31), float("inf"), datetime(2013, 1, 1))  # noqa: DTZ001  as many write it
    return see(scalars, places, [1, [2]], (1, "a"), {"k": {"~": None}}, Point(1.5, ["a"]), key=(Colour.RED,))


@task
def load(rows: int) -> pl.DataFrame:
    """A frame with nulls and dates."""
    return pl.DataFrame({"n": [*range(rows), None], "day": [date(2013, 1, 1)] * rows + [None]})


@task
def lazily(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Read and kept lazily."""
    return frame.filter(pl.col("n") > 0)


@task
def split(frame: pl.DataFrame) -> Split:
    """Two parts."""
    return Split(frame.head(1), frame.tail(2))


@task
def totals(frame: pl.DataFrame | None, *others: pl.DataFrame, label: str = "x") -> Totals:
    """Numbers of a frame."""
    height = 0 if frame is None else frame.height
    return {"rows": height + sum(other.height for other in others) + len(label), "mean": 1 / 3}


@task
def parts() -> tuple[list[int], dict[str, pl.DataFrame], Point]:
    """Parts of several kinds."""
    return [5, 6], {"a": pl.DataFrame({"x": [1]})}, Point(0.5, [])


@job
def frames(rows: int = 3) -> dict[str, object]:
    """Frames, parts of outputs, containers of them, `*args` and keywords."""
    frame = load(rows)
    kept = lazily(frame)  # type: ignore[arg-type]  # read by annotation
    train, test = split(kept)  # type: ignore[arg-type]  # read by annotation
    numbers, named, point = parts()
    total = totals(train, test, frame, named["a"], label="abc")
    seen = see(numbers[1], point.x, total["rows"], [numbers, {"deep": (point.tags, rows)}], more=total)
    return {"seen": seen, "frame": test, "kept": kept, "whole": [total, named]}


@task
def publish() -> None:
    """Sets a value, returns nothing."""
    set_task_value("found", {"rows": [1, None, "ü"]})


@task
def collect(key: str, *_after: object) -> object:
    """Takes the value."""
    return get_task_value(key, "found")


@job
def order() -> list[str]:
    """Order without data, None as data, task values."""
    nothing = publish()
    after = collect.after(nothing)("publish")
    other = collect.named("with_data")("publish", nothing)
    return see(nothing, after, other)


@task(io=loud)
def shout(text: str) -> str:
    """Kept by the module's manager."""
    return text


@task(io=Upper("?"))
def ask(text: str) -> str:
    """Kept by a manager built inline."""
    return text


@task(io=FileIo("exports/numbers.json"))
def export_numbers() -> dict[str, list[int]]:
    """Kept for others, as JSON."""
    return {"a": [1, 2]}


@task(io=FileIo("exports/rows.parquet"))
def export_rows() -> pl.DataFrame:
    """Kept for others, as Parquet."""
    return pl.DataFrame({"a": [1, 2]})


@job
def managers(text: str = "hello") -> list[str]:
    """Managers of every kind."""
    counted = totals(export_rows())
    return see(shout(text), ask(text), export_numbers(), export_numbers()["a"], counted)


@job
def nested(factor: int = 3) -> object:
    """Tasks that are defined in the body."""
    base = 10

    @task
    def scale(value: int, by: int) -> int:
        return value * by + base

    @task
    def label(value: int) -> Point:
        return Point(value, [str(base)])

    once = scale(1, factor)
    return {"twice": scale(once, factor), "label": label(once), "constant": base}


volumes = Provider(DatabricksConfig())
machine = volumes.local()
cluster = volumes.cluster(DatabricksConfig(cluster_id="1120-abc"))


@machine.task
def put(frame: pl.DataFrame, destination: Bucket) -> Bucket:
    """Writes to a bucket, and says to which."""
    destination.write(frame)
    return destination


@cluster.task(retries=1)
def get(sources: list[Bucket], *, named: dict[str, Bucket]) -> pl.DataFrame:
    """Reads from buckets."""
    return pl.concat([bucket.scan().select("n") for bucket in (*sources, *named.values())]).collect()


@job
def buckets(rows: int = 3) -> object:
    """Buckets as arguments, as outputs, in containers, on places of the target; tasks on resources."""
    frame = load(rows)
    volume = Bucket("/Volumes/{catalog}/raw/$ ü.parquet")
    lines = put(frame, Provider(LocalConfig(root="{root}")).bucket("{schema}", "rows.ndjson"))
    copied = put(frame, volume)
    return {"read": get.after(copied)([lines, volume], named={"again": volume}), "volume": volume}


@pipeline
def part(frame: pl.DataFrame, head: int = 2) -> tuple[Split, Totals]:
    """A part of other jobs that takes data."""
    halves = split(frame)
    return halves, totals(halves.train, halves.test, label="x" * head)


@job
def parts_of(rows: int = 3) -> dict[str, object]:
    """Parts, parts of parts and jobs as parts, each more than once."""
    first, counted = part(load(rows))
    _, other = part.named("other")(first.test, head=1)
    return {"counted": counted["rows"], "other": other, "nested": [buckets(rows), managers(), nested(2)]}
