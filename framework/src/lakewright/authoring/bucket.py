"""Buckets: where data lie that are not the output of a task."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from lakewright.authoring.current import current_recorder, running_task
from lakewright.errors.authoring import SettingError, TraceError
from lakewright.errors.project import MissingExtraError
from lakewright.model.storage import Storage, resolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    import polars as pl

    from lakewright.model.target import TargetValues


class Bucket(Storage):
    """A place of data: an object in a store, a file in a volume, a folder, a table's folder.

    A body passes it to tasks; a task scans it or writes to it. It carries no secret: clients of stores find theirs in
    the environment.

    >>> Bucket("s3://data-lake/raw/flights.parquet")
    Bucket(uri='s3://data-lake/raw/flights.parquet', format='parquet', options={})
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        try:
            super().__post_init__()
        except SettingError as error:
            # Only errors say where.
            from lakewright.authoring.callsite import located

            raise located(error) from None

    def get_uri(self) -> str:
        """The address on the target of the calling task; outside of a run on the caller's `local` target.

        Raises:
            TraceError: a job's body asks, which is traced once for all targets.
        """
        return resolved(self.uri, self._target("get_uri"))

    def scan(self) -> pl.LazyFrame:
        """The data, read when they are needed and only as far as they are.

        Raises:
            TraceError: a job's body asks.
            MissingExtraError: the format needs a package that is not installed.
            OutputError: the format cannot be read from there.
        """
        uri = resolved(self.uri, self._target("scan"))
        try:
            from lakewright.io.storage import scan
        except ModuleNotFoundError as error:
            raise _no_polars() from error
        return scan(self, uri)

    def write(self, frame: pl.DataFrame | pl.LazyFrame) -> None:
        """Write a frame in place of what is there; a LazyFrame is computed in streaming fashion.

        Raises:
            TraceError: a job's body asks.
            MissingExtraError: the format needs a package that is not installed.
            OutputError: the place cannot be written.
        """
        uri = resolved(self.uri, self._target("write"))
        try:
            from lakewright.io.storage import write
        except ModuleNotFoundError as error:
            raise _no_polars() from error
        write(frame, self, uri)

    def _target(self, method: str) -> TargetValues:
        running = running_task.get()
        if running is not None:
            return running.target_values
        recorder = current_recorder.get()
        if recorder is not None:
            message = f"the bucket '{self.uri}' is asked for {method}() in the body of job '{recorder.name}'"
            hint = "A body only describes. Pass the bucket itself to a task, and ask it there."
            raise recorder.located(TraceError(message, hint=hint))
        from lakewright.authoring.callsite import user_frame
        from lakewright.io.local import local_target

        return local_target(user_frame().f_code.co_filename)


def _no_polars() -> MissingExtraError:
    return MissingExtraError("polars", extra="polars", purpose="reading or writing a bucket")


Source: TypeAlias = Annotated[Bucket, "read"]
"""A parameter's type that says: the task reads this bucket."""

Destination: TypeAlias = Annotated[Bucket, "write"]
"""A parameter's type that says: the task writes to this bucket."""
