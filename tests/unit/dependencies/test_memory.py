"""What is large goes through piece by piece: the memory that it takes does not grow with it."""

import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from lakewright.dependencies.delivery import deliver, pack
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.projects import Taken
from lakewright.dependencies.repack import repack
from lakewright.dependencies.shipping import ship
from lakewright.dependencies.wheel import check_contents, read_wheel
from lakewright.dependencies.wheel_file import Content, write_wheel
from lakewright.dependencies.wheelhouse import assemble
from tests.unit.dependencies.test_shipping import Classic

# In `nox -s soak` beyond what a zip can hold without extensions, a minute each; here some pieces of a MiB.
SIZE: Final = (2 << 30) + 1 if settings().max_examples >= settings.get_profile("soak").max_examples else 24 << 20
MOST: Final = 8 << 20
PLACE: Final = "rows/large.bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("wheels")
    files: dict[str, Content] = {"rows/__init__.py": b"", PLACE: large_file(place)}
    yield write_wheel(place, files, name="rows", version="1.0", summary="Large.")
    shutil.rmtree(place)


def large_file(folder: Path) -> Path:
    """A file that takes no room."""
    with (folder / "hole").open("wb") as hole:
        hole.truncate(SIZE)
    return folder / "hole"


def repacked(wheel: Path, place: Path) -> None:
    repack(read_wheel(wheel), place, local=True)


def accounted_for(wheel: Path, place: Path) -> None:
    assert Taken(wheel).find("moved.bin", large_file(place)) == PLACE


def shipped_twice(wheel: Path, place: Path) -> None:
    first = ship(Classic(), wheel.parent, folder=place)
    assert ship(Classic(), wheel.parent, folder=place).file == first.file


def delivered(wheel: Path, place: Path) -> None:
    deliver(pack([wheel], "{}", place), "{}", place / "run")


def assembled(wheel: Path, place: Path) -> None:
    assemble([wheel], place, target=WheelTarget("3.12"))


def checked(wheel: Path, place: Path) -> None:
    assert place.is_dir()
    check_contents(read_wheel(wheel))


@pytest.mark.hypothesis
@pytest.mark.parametrize("work", [repacked, accounted_for, shipped_twice, delivered, assembled, checked])
def test_a_large_file_in_a_wheel_takes_no_memory(
    tmp_path: Path, wheel: Path, work: Callable[[Path, Path], None]
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    tracemalloc.start()
    try:
        work(wheel, place)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        shutil.rmtree(place)
    assert peak < MOST
