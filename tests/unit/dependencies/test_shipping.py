"""Which way a session takes Python files, and what it is given; real sessions are in tests/spark."""

import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lakewright.dependencies.shipping import WHEELHOUSE, ship
from lakewright.errors.dependencies import NativeWheelsError, ShippingError
from tests.made_wheels import NATIVE, make_wheel, make_wheelhouse


class Context:
    """Stands for a SparkContext: keeps what it is sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def addPyFile(self, path: str) -> None:  # noqa: N802  Spark's own name
        """Take note of a file, and put it on the driver's path as Spark does."""
        self.sent.append(path)
        sys.path.insert(1, f"/scratch/userFiles/{Path(path).name}")


class Classic:
    """A session with a SparkContext."""

    def __init__(self) -> None:
        self.sparkContext = Context()

    @property
    def sent(self) -> list[str]:
        """The files that it was given."""
        return self.sparkContext.sent


class Bare:
    """A session without RDDs, such as one of Connect, that takes no artifacts."""

    @property
    def sparkContext(self) -> Context:  # noqa: N802  Spark's own name
        """Refused."""
        message = "[JVM_ATTRIBUTE_NOT_SUPPORTED] Attribute `sparkContext` is not supported in Spark Connect"
        raise AttributeError(message)


class Connect(Bare):
    """A session of Connect."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def addArtifact(self, path: str, *, pyfile: bool = False) -> None:  # noqa: N802  Spark's own name
        """Take note of a file."""
        assert pyfile
        self.sent.append(path)


@pytest.fixture(autouse=True)
def _own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.fixture
def wheelhouse(tmp_path: Path) -> Path:
    return make_wheelhouse(tmp_path / "volume" / "42" / "wheelhouse.zip", make_wheel(tmp_path, "mine"))


@pytest.mark.parametrize(("session", "way"), [(Classic, "addPyFile"), (Connect, "addArtifact")])
def test_each_file_that_was_sent_is_still_there_afterwards(
    wheelhouse: Path, session: Callable[[], Classic | Connect], way: str
) -> None:
    spark = session()
    shipped = ship(spark, wheelhouse)
    assert shipped.way == way
    assert spark.sent == [shipped.file]
    assert Path(shipped.file).is_file()
    assert Path(shipped.file).parent == wheelhouse.parent


def test_what_is_installed_on_the_driver_is_still_found_first(wheelhouse: Path) -> None:
    before = list(sys.path)
    shipped = ship(Classic(), wheelhouse)
    assert sys.path == [*before, f"/scratch/userFiles/{Path(shipped.file).name}"]


def test_the_wheelhouse_is_that_of_the_process_unless_given(wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WHEELHOUSE, str(wheelhouse))
    assert ship(Classic()).wheels == ("mine-1.0-py3-none-any.whl",)
    monkeypatch.delenv(WHEELHOUSE)
    with pytest.raises(ShippingError, match=r"there is no wheelhouse to ship\n  Give its path, or call ship\(\) in a"):
        ship(Classic())


def test_volumes_are_named_as_spark_knows_them_on_the_platform_alone(
    wheelhouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lakewright.dependencies.shipping import probe

    spark = Classic()
    probe(spark).send("/Volumes/a/b/c/pyfiles.zip")
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "16.4")
    probe(spark).send("/Volumes/a/b/c/pyfiles.zip")
    probe(spark).send(str(wheelhouse))
    assert spark.sent == ["/Volumes/a/b/c/pyfiles.zip", "dbfs:/Volumes/a/b/c/pyfiles.zip", str(wheelhouse)]


def test_compiled_code_is_refused_by_name_with_the_way_out(tmp_path: Path) -> None:
    wheels = [make_wheel(tmp_path, "mine"), make_wheel(tmp_path, "fast", tag=NATIVE)]
    spark, house = Classic(), make_wheelhouse(tmp_path / "wheelhouse.zip", *wheels)
    with pytest.raises(NativeWheelsError, match=rf"compiled code: fast-1.0-{NATIVE}.whl\n  Name these packages where"):
        ship(spark, house)
    assert spark.sent == []


def test_compiled_code_can_be_left_out_which_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    wheels = [make_wheel(tmp_path, "mine"), make_wheel(tmp_path, "fast", tag=NATIVE)]
    shipped = ship(Classic(), make_wheelhouse(tmp_path / "wheelhouse.zip", *wheels), native="leave out")
    assert (shipped.wheels, shipped.left_out) == (("mine-1.0-py3-none-any.whl",), (f"fast-1.0-{NATIVE}.whl",))
    assert [record.levelno for record in caplog.records if "compiled code stays here" in record.message] == [
        logging.WARNING
    ]


def test_where_nothing_is_pure_nothing_is_sent(tmp_path: Path) -> None:
    spark, wheel = Classic(), make_wheel(tmp_path, "fast", tag=NATIVE)
    shipped = ship(spark, make_wheelhouse(tmp_path / "wheelhouse.zip", wheel), native="leave out")
    assert (shipped.way, shipped.file, spark.sent) == ("", "", [])


def test_a_session_that_takes_no_files_is_told_what_it_lacks(wheelhouse: Path) -> None:
    with pytest.raises(ShippingError, match=r"no SparkContext \(AttributeError\) and no addArtifact"):
        ship(Bare(), wheelhouse)


def test_where_there_is_no_spark_the_way_out_is_told(wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ShippingError, match=r"needs the package 'pyspark'\n.*uv add --dev pyspark"):
        ship(wheelhouse=wheelhouse)


def test_a_place_that_cannot_be_written_is_told_with_the_way_out(wheelhouse: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(ShippingError, match=r"cannot be kept in .*\n  Give another place: ship\(…, folder=…\)"):
        ship(Classic(), wheelhouse, folder=tmp_path / "file" / "below")


def test_a_file_that_another_task_has_only_begun_is_not_sent(wheelhouse: Path) -> None:
    whole = Path(ship(Classic(), wheelhouse).file)
    content = whole.read_bytes()
    whole.write_bytes(content[:100])
    mine = Path(ship(Classic(), wheelhouse).file)
    assert mine != whole
    assert mine.read_bytes() == content


def test_tasks_that_ship_at_once_all_send_whole_files(wheelhouse: Path) -> None:
    sessions = [Classic() for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        files = [Path(shipped.file) for shipped in pool.map(lambda spark: ship(spark, wheelhouse), sessions)]
    assert len({file.read_bytes() for file in files}) == 1
