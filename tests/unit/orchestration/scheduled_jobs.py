"""Jobs to run again and again."""

from lakewright import job, task


@task
def load(month: int) -> int:
    if month > 12:
        raise ValueError(month)
    return month


@job
def daily(month: int = 1) -> int:
    return load(month)
