"""Each of the six formats, and all that they are made of in one archive, from the archive to executors."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.dependencies.fixtures import FORMATS
from tests.spark import formats
from tests.spark.clusters import Cluster, environment

# Two archives of loose files are two builds of one package, so they have a session each.
SESSIONS: Final = {
    "classic": ("requirements_only", "pure_python", "packaged", "existing_wheels"),
    "connect": ("mixed", "nested"),
    "classic, of all kinds": ("everything",),
    "connect, of all kinds": ("everything",),
}


def test_every_format_has_a_session() -> None:
    assert {form for forms in SESSIONS.values() for form in forms} == formats.USES.keys()
    assert formats.USES.keys() == {*FORMATS, "everything"}


@pytest.mark.parametrize("kind", SESSIONS)
def test_what_was_handed_in_runs_on_the_driver_and_on_executors(cluster: Cluster, kind: str, tmp_path: Path) -> None:
    url = cluster.master if kind.startswith("classic") else cluster.connect
    paths = os.pathsep.join(path for path in sys.path if path)
    ended = subprocess.run(
        [sys.executable, formats.__file__, url, str(tmp_path), *SESSIONS[kind]],
        env={**os.environ, **environment(cluster.folder), "PYTHONPATH": paths},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    expected = {where: True for form in SESSIONS[kind] for where in (form, f"{form} (workers)")}
    assert {name: ok for name, ok, _ in told["results"]} == expected, told["results"]
    assert told["processes"]
