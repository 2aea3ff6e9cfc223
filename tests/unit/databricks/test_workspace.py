"""The real SDK against a server on this machine."""

import hashlib
from pathlib import Path

import pytest

from lakewright.databricks.workspace import Workspace
from lakewright.errors.deploying import WorkspaceError
from tests.files_api import FakeWorkspace

PLACE = "/Volumes/dev/sales/lakewright/wheelhouse"


def test_files_are_put_listed_and_read(workspace: Workspace, workspace_api: FakeWorkspace, tmp_path: Path) -> None:
    file = tmp_path / "a.whl"
    file.write_bytes(b"wheel" * 1000)
    assert workspace.sizes(PLACE) == {}
    workspace.make(PLACE)
    workspace.send(file, f"{PLACE}/wheels/a.whl")
    workspace.send(file, f"{PLACE}/manifest.json")
    assert workspace.sizes(PLACE) == {"manifest.json": 5000, "wheels/a.whl": 5000}
    assert b"".join(workspace.read(f"{PLACE}/wheels/a.whl")) == file.read_bytes()
    assert workspace.sha256(f"{PLACE}/wheels/a.whl") == hashlib.sha256(file.read_bytes()).hexdigest()
    assert PLACE in workspace_api.folders


def test_who_one_is_can_be_asked(workspace: Workspace) -> None:
    assert workspace.me() == "deployer@example.com"


def test_a_large_file_arrives_whole(workspace: Workspace, workspace_api: FakeWorkspace, tmp_path: Path) -> None:
    file = tmp_path / "large.whl"
    file.write_bytes(b"0123456789abcdef" * (4 << 20))
    workspace.send(file, f"{PLACE}/large.whl")
    assert len(workspace_api.files[f"{PLACE}/large.whl"]) == 64 << 20


def test_a_missing_permission_is_named(workspace: Workspace, workspace_api: FakeWorkspace, tmp_path: Path) -> None:
    workspace_api.denied = "/Volumes/dev"
    (tmp_path / "a.whl").write_bytes(b"")
    with pytest.raises(WorkspaceError, match=r"(?s)may not put a.whl to .*WRITE VOLUME on the volume"):
        workspace.send(tmp_path / "a.whl", f"{PLACE}/a.whl")
    with pytest.raises(WorkspaceError, match=f"may not list {PLACE}"):
        workspace.sizes(PLACE)


def test_what_is_not_there_cannot_be_read(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="Is the volume there"):
        workspace.sha256(f"{PLACE}/a.whl")


def test_a_moment_of_trouble_is_waited_out(workspace: Workspace, workspace_api: FakeWorkspace) -> None:
    workspace_api.failures = [503]
    assert workspace.sizes(PLACE) == {}
    assert len(workspace_api.requests) >= 2


def test_a_token_that_is_not_taken_leads_to_the_doctor(
    workspace_api: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABRICKS_TOKEN", "another")
    with pytest.raises(WorkspaceError, match="lakewright doctor"):
        Workspace.of({"host": workspace_api.url}).me()


def test_without_a_way_to_sign_in_that_is_said(monkeypatch: pytest.MonkeyPatch, workspace_api: FakeWorkspace) -> None:
    monkeypatch.delenv("DATABRICKS_TOKEN")
    with pytest.raises(WorkspaceError, match=f"sign in to {workspace_api.url}"):
        Workspace.of({"host": workspace_api.url}).me()
