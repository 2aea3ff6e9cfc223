"""The wheels of a wheelhouse, importable in the processes of Spark's executors.

Spark sends Python files, not wheels: `SparkContext.addPyFile` takes a wheel without a word and executors cannot import
it, `SparkSession.addArtifact` of Connect refuses one. What both take is a zip of modules, so the pure wheels are merged
into one, kept where it stays as long as the run, and sent the way the session allows.

Sources: Apache Spark, "Python Package Management"; pyspark 4, `sql/connect/client/artifact.py`.
"""

from __future__ import annotations

import filecmp
import importlib
import logging
import os
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, NamedTuple, TypeAlias

from lakewright.dependencies.opened import content_digest, local_path, opened
from lakewright.dependencies.pure import merge, sort_wheels
from lakewright.errors.dependencies import NativeWheelsError, ShippingError
from lakewright.model.target import ON_PLATFORM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

_log: Final = logging.getLogger("lakewright.dependencies")
# Names the wheelhouse that a task's process runs with.
WHEELHOUSE: Final = "LAKEWRIGHT_WHEELHOUSE"
_VOLUMES: Final = "/Volumes/"
_DIGITS: Final = 12
_CHUNK: Final = 1 << 20

Way: TypeAlias = Literal["addPyFile", "addArtifact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """What executors can import from now on.

    Attributes:
        way: what sent it: `addPyFile` of a classic session, `addArtifact` of Connect; empty where there was nothing.
        file: the zip that was sent, which stays.
        wheels: names of the wheels in it.
        left_out: names of those with compiled code, which executors do not have from here.
    """

    way: Way | Literal[""]
    file: str
    wheels: tuple[str, ...]
    left_out: tuple[str, ...]


def ship(
    spark: object = None,
    wheelhouse: str | os.PathLike[str] | None = None,
    *,
    folder: str | os.PathLike[str] | None = None,
    native: Literal["refuse", "leave out"] = "refuse",
) -> Shipped:
    """Make the pure-Python wheels of a wheelhouse importable on executors; which way is found by asking the session.

    Call it in the task that uses Spark, before the first function is sent to executors.

    Args:
        spark: the session; the active one unless given.
        wheelhouse: the zip or folder; that of the job's `dependencies=` unless given.
        folder: where the zip that is sent is kept: it has to outlive the session. By default the folder that the
            wheelhouse lies in, which for a job is that of the run.
        native: what becomes of wheels with compiled code, which can only come by the cluster's or the environment's
            own libraries.

    Raises:
        NativeWheelsError: there are wheels with compiled code, and nothing was said about them.
        NoWheelsError: no wheelhouse is there.
        ShippingError: there is no Spark, the session takes no Python files, or two wheels hold one module.
    """
    place = _wheelhouse(wheelhouse)
    session = _active() if spark is None else spark
    with opened(place) as wheels:
        kinds = sort_wheels(wheels)
        left_out = tuple(wheel.name for wheel in kinds.native)
        if left_out and native == "refuse":
            raise NativeWheelsError(left_out)
        _report(left_out)
        if not kinds.pure:
            return Shipped(way="", file="", wheels=(), left_out=left_out)
        sender = probe(session)
        file = _kept(kinds.pure, local_path(folder) if folder else local_path(place).parent)
    names = tuple(wheel.name for wheel in kinds.pure)
    _log.info("executors get %s by %s (%s): %s", ", ".join(names), sender.way, sender.why, file)
    sender.send(str(file))
    _stand_back(file.name)
    return Shipped(way=sender.way, file=str(file), wheels=names, left_out=left_out)


class Sender(NamedTuple):
    """How a session takes Python files, and what told so."""

    way: Way
    why: str
    send: Callable[[str], object]


def probe(session: Any) -> Sender:  # noqa: ANN401  sessions of Spark and of Connect have no type in common
    """How a session takes Python files: a classic one by its SparkContext, one of Connect as an artifact.

    Raises:
        ShippingError: neither way is open.
    """
    try:
        context = session.sparkContext
    # Connect raises one error or the other, depending on its version; Databricks' own sessions another one.
    except Exception as error:  # noqa: BLE001  whatever it is, there is no context
        refused = type(error).__name__
    else:
        return Sender(
            "addPyFile", "a classic session: it has a SparkContext", lambda file: context.addPyFile(_uri(file))
        )
    add = getattr(session, "addArtifact", None)
    if add is None:
        raise ShippingError(
            f"this session takes no Python files: it has no SparkContext ({refused}) and no addArtifact",
            hint="Name the packages where the compute is described.",
        )
    return Sender("addArtifact", f"a Connect session: sparkContext is a {refused}", lambda file: add(file, pyfile=True))


def _stand_back(name: str) -> None:
    """Let what is installed here be found before the zip, which Spark puts to the front of the driver's path.

    Code that opens files beside itself works installed, and not from a zip.
    """
    ours = [path for path in sys.path if os.path.basename(path) == name]  # noqa: PTH119  text paths, as in sys.path
    sys.path[:] = [*(path for path in sys.path if path not in ours), *ours]


def _uri(file: str) -> str:
    """A path as Spark's own file systems take it: on the platform volumes are none of the driver's local files.

    Source: Databricks, "Work with files on Databricks".
    """
    return f"dbfs:{file}" if file.startswith(_VOLUMES) and ON_PLATFORM in os.environ else file


def _wheelhouse(given: str | os.PathLike[str] | None) -> str:
    place = os.fspath(given) if given is not None else os.environ.get(WHEELHOUSE, "")
    if not place:
        hint = "Give its path, or call ship() in a task of a job with dependencies=…"
        raise ShippingError("there is no wheelhouse to ship", hint=hint)
    return place


def _active() -> object:
    try:
        sql: Any = importlib.import_module("pyspark.sql")
    except ModuleNotFoundError as error:
        hint = "Runtimes of Databricks have it; here: `uv add --dev pyspark` in the pipeline."
        raise ShippingError("shipping wheels to executors needs the package 'pyspark'", hint=hint) from error
    return sql.SparkSession.builder.getOrCreate()


def _report(left_out: Sequence[str]) -> None:
    if left_out:
        _log.warning("compiled code stays here, executors do not get it: %s", ", ".join(left_out))


def _kept(wheels: Sequence[Path], folder: Path) -> Path:
    """The merged zip in a folder of its own name; tasks of one run that ship the same may share it.

    Volumes have no rename, so a file that another task is still writing cannot be told from a whole one by its name: it
    is taken only if its bytes are right, else this one gets a name of its own.
    """
    stem = f"pyfiles-{content_digest(wheels)[:_DIGITS]}"
    places = (folder / f"{stem}.zip", folder / f"{stem}-{secrets.token_hex(4)}.zip")
    with TemporaryDirectory(prefix="lakewright-pyfiles-") as scratch:
        whole = Path(scratch) / "whole.zip"
        merge(wheels, whole)
        return _kept_at(places, whole)


def _kept_at(places: Sequence[Path], whole: Path) -> Path:
    """The first of some places that holds a file, or that it can be written to."""
    folder = places[0].parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return next(place for place in places if _holds(place, whole))
    except OSError as error:
        message = f"the zip for executors cannot be kept in {folder}: {error.strerror}"
        raise ShippingError(message, hint="Give another place: ship(…, folder=…).") from error


def _holds(place: Path, whole: Path) -> bool:
    """Whether a place holds a file; one where nothing is gets it."""
    try:
        target = place.open("xb")
    except FileExistsError:
        return filecmp.cmp(place, whole, shallow=False)
    with target, whole.open("rb") as source:
        try:
            shutil.copyfileobj(source, target, _CHUNK)
        except OSError:
            place.unlink(missing_ok=True)
            raise
    return True
