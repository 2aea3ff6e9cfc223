"""GitHub on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lakewright.project.github import GitHub, access, connected
from tests.github_api import FakeGitHub, server


@pytest.fixture
def api() -> Iterator[FakeGitHub]:
    """GitHub on this machine."""
    with server() as fake:
        yield fake


@pytest.fixture
def github(api: FakeGitHub, tmp_path: Path) -> Iterator[GitHub]:
    """What speaks to it, and never waits."""
    with connected(access(tmp_path, api.environment), sleep=lambda _: None) as found:
        yield found
