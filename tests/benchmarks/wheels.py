"""What wheelhouses cost: resolving and fetching against uv and a download by hand, and against pip; and doing nothing.

The files are those of PyPI, served on loopback: a network would measure itself. Each side is a process that begins with
empty caches; what serves it is not counted.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lakewright.dependencies.cache import default_cache
from lakewright.dependencies.fetch import fetch
from lakewright.dependencies.index import Index
from lakewright.dependencies.resolve import resolve
from lakewright.dependencies.wheel_file import write_wheel
from tests.benchmarks.measure import MEGABYTES, MILLISECONDS, TIMES, Row, Work, calls, command, side_by_side
from tests.benchmarks.wheel_sides import LARGE, LOCK, PEAK, PINS, REQUIREMENTS, TARGET
from tests.wheel_files import package_index

ROUNDS: Final = 5
LARGE_SIZE: Final = 512 << 20
MEMORY_LIMIT: Final = 32.0
FRAMEWORK: Final = Path(__file__).parents[2] / "framework" / "src" / "lakewright"


def measure() -> Iterator[Row]:
    """Every promise about wheels."""
    with tempfile.TemporaryDirectory(prefix="lakewright-bench-") as folder:
        yield from _fetching(Path(folder))
        yield _unchanged(Path(folder))
        yield _memory(Path(folder))


def _fetching(place: Path) -> Iterator[Row]:
    """The same files by us, by hand and by pip."""
    index = Index()
    files = fetch(resolve(REQUIREMENTS, TARGET, index=index).files, cache=default_cache(), index=index)
    served_from = place / "files"
    served_from.mkdir()
    for file in files:
        shutil.copy(file, served_from)
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    with package_index(served_from) as served:
        served.tells_metadata = True
        lock = resolve(REQUIREMENTS, TARGET, index=Index(urls=(served.url,)))
        (place / LOCK).write_text(lock.text, encoding="utf-8")
        (place / PINS).write_text("\n".join(f"{file.package}=={file.version}" for file in lock.files), encoding="utf-8")
        sides = ("ours", "by-hand", "locked", "pip")
        works = {name: _apart(name, served.url, place / name, expected=len(files)) for name in sides}
        seconds = side_by_side(works, rounds=ROUNDS)
    what = f"{len(files)} wheels, {megabytes:.0f} MB, resolved and fetched"
    yield Row(
        name=f"{what}, against uv and a download by hand",
        ours=seconds["ours"],
        baseline=seconds["by-hand"],
        limit=1.3,
        unit=TIMES,
    )
    yield Row(
        name=f"{len(files)} wheels, {megabytes:.0f} MB, fetched from a lock, against pip download of the same list",
        ours=seconds["locked"],
        baseline=seconds["pip"],
        # By the clock it is less, because pip fetches one file after the other; the clock measures the network too.
        limit=0.5,
        unit=TIMES,
    )


def _apart(name: str, url: str, place: Path, *, expected: int) -> Work:
    """A side as a process of its own, with nothing from the round before."""
    line = [sys.executable, "-m", "tests.benchmarks.wheel_sides", name, url, str(place)]
    work = command(line, environment={"UV_CACHE_DIR": str(place / "uv"), "PIP_CONFIG_FILE": os.devnull})

    def run() -> float:
        shutil.rmtree(place, ignore_errors=True)
        seconds = work()
        assert len(list(place.rglob("*.whl"))) >= expected
        return seconds

    return run


def _unchanged(place: Path) -> Row:
    """A build that finds nothing to do, of as many files as the framework has."""
    # The processes that are measured do not need it.
    from tests.unit.project.wheel_repos import workspace

    with workspace(place / "workspace") as repo:
        shutil.copytree(FRAMEWORK, repo.root / "shared" / "money" / "src" / "money" / "lakewright")
        sys.path.insert(0, str(repo.folder.path / "src"))
        try:
            assert repo.build().is_new
            seconds = side_by_side({"again": calls(lambda: repo.build())}, rounds=5)["again"]  # noqa: PLW0108  a fresh result each time
            assert not repo.build().is_new
        finally:
            sys.path.pop(0)
    return Row(name="a wheelhouse that has not changed, after start-up", ours=seconds, limit=300.0, unit=MILLISECONDS)


def _memory(place: Path) -> Row:
    """What fetching and assembling large wheels needs at most, on top of what small ones do."""
    peaks = {}
    for name, size in (("small", 1 << 10), ("large", LARGE_SIZE)):
        folder, out = place / name, place / f"{name}-out"
        folder.mkdir()
        for number in range(LARGE):
            _write_large(folder, f"part{number}", size)
        with package_index(folder) as served:
            served.tells_metadata = True
            command([sys.executable, "-m", "tests.benchmarks.wheel_sides", "assemble", served.url, str(out)])()
        peaks[name] = int((out / PEAK).read_text(encoding="utf-8"))
        shutil.rmtree(folder)
        shutil.rmtree(out)
    return Row(
        name=f"memory for a wheelhouse of {LARGE * LARGE_SIZE >> 20:,} MB, on top of a small one",
        ours=peaks["large"],
        baseline=peaks["small"],
        limit=MEMORY_LIMIT,
        unit=MEGABYTES,
    )


def _write_large(folder: Path, name: str, size: int) -> None:
    """A wheel with a file of this size, which takes no room until it is in the wheel."""
    hole = folder / "hole"
    with hole.open("wb") as file:
        file.truncate(size)
    write_wheel(folder, {f"{name}.py": b"", "zeros.bin": hole}, name=name, version="1.0", summary="Large.")
    hole.unlink()
