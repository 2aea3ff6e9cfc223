"""What the first command of the README takes of a new user's machine: a fresh clone, with and without caches."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Final

from tests.benchmarks.measure import SECONDS, Row
from tests.docs.pages import ROOT, blocks, commands
from tests.docs.users import User, new_user

# What the command makes in the clone.
MADE: Final = (".nox", "build")


def measure() -> Iterator[Row]:
    """Two rows, in seconds of one core: who has two and a network that is no hindrance waits for less."""
    command, _ = commands(blocks(ROOT / "README.md", "console")[0])
    with tempfile.TemporaryDirectory() as folder:
        user = new_user(Path(folder))
        user.environment |= {name: str(user.place / name) for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR")}
        user.place = user.clone
        cold = _seconds(user, command)
        warm = _seconds(user, command)
    yield Row(name="nox -s local in a fresh clone, its packages in the cache", ours=warm, limit=15.0, unit=SECONDS)
    yield Row(name="nox -s local in a fresh clone, nothing in any cache", ours=cold, limit=60.0, unit=SECONDS)


def _seconds(user: User, command: str) -> float:
    for name in MADE:
        shutil.rmtree(user.clone / name, ignore_errors=True)
    before = getrusage(RUSAGE_CHILDREN)
    user.types(command)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
