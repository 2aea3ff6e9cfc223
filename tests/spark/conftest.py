"""One cluster for all tests of Spark, and one process for each kind of session."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.made_wheels import make_wheel, make_wheelhouse
from tests.spark import scenario
from tests.spark.clusters import Cluster, environment, missing, started

RUN_ID: Final = "42"
MODULES: Final = {
    "user_modules/__init__.py": "",
    "user_modules/calculator.py": "def multiply(left, right):\n    return left * right\n",
    # Without an `__init__.py`: from a zip that is found only if the zip lists folders.
    "user_modules/parts/helpers.py": "def greet(name):\n    return f'Hello, {name}!'\n",
    "user_modules/words.txt": "42 words",
}


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    lacking = missing()
    if lacking:
        # A laptop without it lists these tests as not run; CI must run them.
        if os.environ.get("CI"):
            pytest.fail(lacking)
        pytest.skip(lacking)
    with started(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's wheelhouse, in the folder that a volume would have for the run."""
    folder = tmp_path_factory.mktemp("volume")
    wheels = [make_wheel(folder, "user_modules", files=MODULES), make_wheel(folder, "other", "2.0")]
    return make_wheelhouse(folder / RUN_ID / "wheelhouse.zip", *wheels)


def told(cluster: Cluster, url: str, *, wheelhouse: Path, folder: Path) -> Mapping[str, Any]:
    """What the scenario says of a session of the cluster."""
    paths = os.pathsep.join(path for path in sys.path if path)
    ended = subprocess.run(
        [sys.executable, scenario.__file__, url, str(wheelhouse), str(folder)],
        env={**environment(cluster.folder), "PYTHONPATH": paths},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: Mapping[str, Any] = json.loads(ended.stdout)
    return found


@pytest.fixture(scope="session")
def classic(cluster: Cluster, wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What happened in a classic session."""
    return told(cluster, cluster.master, wheelhouse=wheelhouse, folder=tmp_path_factory.mktemp("classic"))


@pytest.fixture(scope="session")
def connect(cluster: Cluster, wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What happened in a session of Connect."""
    return told(cluster, cluster.connect, wheelhouse=wheelhouse, folder=tmp_path_factory.mktemp("connect"))
