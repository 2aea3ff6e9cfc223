"""A job whose task sends the packages of its run to executors."""

import os
from collections.abc import Mapping

from lakewright import job, task
from lakewright.dependencies import check_packages, ship
from tests.spark.scenario import session


@task
def scored(master: str) -> Mapping[str, object]:
    """What executors say."""
    spark = session(master)

    def multiplied() -> str:
        from user_modules import calculator  # type: ignore[import-not-found]  # only in the archive

        return f"{calculator.multiply(6, 7)} in {calculator.__file__}"

    try:
        shipped = ship(spark)
        report = check_packages({"multiplied": multiplied}, spark=spark, partitions=2)
    finally:
        spark.stop()
    report.raise_for_failures()
    return {
        "way": shipped.way,
        "file": shipped.file,
        "driver": report.results[0].message,
        "table": report.table,
        "processes": list(report.processes),
        "pid": os.getpid(),
    }


@job(dependencies="libs.zip")
def scoring(master: str) -> Mapping[str, object]:
    """Packages on the driver, and from there on executors."""
    return scored(master)
