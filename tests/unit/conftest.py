"""A workspace on this machine, for tests of several floors."""

from collections.abc import Iterator

import pytest

from lakewright.databricks.workspace import Workspace
from tests.files_api import FakeWorkspace, server


@pytest.fixture
def workspace_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWorkspace]:
    """A workspace on this machine, and all that signs in to it."""
    with server() as fake:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def workspace(workspace_api: FakeWorkspace) -> Workspace:
    """What speaks to it."""
    return Workspace.of({"host": workspace_api.url, "root_path": "/Workspace/bundles"})
