"""What a task does with Spark and the packages of its job; run as a process of its own, the result is JSON on stdout.

Usage: scenario.py URL WHEELHOUSE FOLDER
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pyspark.sql import SparkSession

from lakewright.dependencies import check_packages, install, ship
from lakewright.dependencies.checks import CheckReport
from lakewright.errors.dependencies import ChecksFailedError

PARTITIONS: Final = 4


def session(url: str) -> Any:  # noqa: ANN401  classic sessions and those of Connect have no type in common
    """A session of the cluster behind a URL."""
    builder: Any = SparkSession.builder
    if url.startswith("sc://"):
        return builder.remote(url).getOrCreate()
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.cores.max": "2",
        "spark.executor.cores": "1",
        "spark.executor.memory": "512m",
        "spark.ui.enabled": "false",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.master(url).getOrCreate()


def checks() -> Mapping[str, Callable[[], object]]:
    """What the shipped packages are to do; each imports where it runs."""

    def multiply() -> bool:
        from user_modules.calculator import multiply  # type: ignore[import-not-found]  # only in the wheelhouse

        return bool(multiply(6, 7) == 42)

    def nested() -> object:
        from user_modules.parts.helpers import greet  # type: ignore[import-not-found]  # only in the wheelhouse

        return greet("Ada")

    def data() -> object:
        from importlib.metadata import version
        from importlib.resources import files

        return version("user-modules"), files("user_modules").joinpath("words.txt").read_text()

    return {"multiply": multiply, "nested": nested, "data": data}


def told(report: CheckReport) -> dict[str, object]:
    """A report as JSON."""
    return {"table": report.table, "processes": report.processes, "results": report.results}


def main(url: str, wheelhouse: str, folder: str) -> None:
    """Check, ship, check again."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]  # all that it is for
    logging.getLogger("lakewright.dependencies").addHandler(handler)
    logging.getLogger("lakewright.dependencies").setLevel(logging.INFO)
    spark = session(url)
    target = Path(folder) / "driver"
    install(wheelhouse, target=target)
    sys.path.insert(0, str(target))
    before = check_packages(checks(), spark=spark, partitions=PARTITIONS)
    try:
        before.raise_for_failures()
        refused = ""
    except ChecksFailedError as error:
        refused = str(error)
    shipped = ship(spark, wheelhouse)
    after = check_packages(checks(), spark=spark, partitions=PARTITIONS)
    again = ship(spark, wheelhouse)
    spark.stop()
    found = {
        "pid": os.getpid(),
        "before": told(before),
        "refused": refused,
        "way": shipped.way,
        "file": shipped.file,
        "wheels": shipped.wheels,
        "stays": Path(shipped.file).is_file(),
        "again": again.file,
        "after": told(after),
        "log": lines,
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
