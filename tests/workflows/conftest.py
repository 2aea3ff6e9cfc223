"""A repository on GitHub that holds no more than the workflows of a test."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.template.rendering import commit, run
from tests.workflows.hub import Hub
from tests.workflows.machine import Machine

Publish: TypeAlias = Callable[..., Hub]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(folder=tmp_path / "machine")


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Puts workflows, by name without suffix, on GitHub."""

    def put(**workflows: str) -> Hub:
        work, origin = tmp_path / "local", tmp_path / "origin.git"
        for name, text in workflows.items():
            path = work / ".github" / "workflows" / f"{name}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        commit(work)
        run("git", "clone", "--quiet", "--bare", str(work), str(origin), cwd=tmp_path)
        return Hub(origin=origin, storage=tmp_path / "storage")

    return put
