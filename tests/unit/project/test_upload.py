"""Wheelhouses on a volume: there once, whole, and never changed."""

from pathlib import Path

import pytest

from lakewright.databricks.workspace import Workspace
from lakewright.dependencies.contents import Wheelhouse
from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.wheelhouse import assemble, check_files
from lakewright.errors.deploying import UploadError, WorkspaceError
from lakewright.errors.wheels import WheelhouseError
from lakewright.project.repository import PipelineFolder
from lakewright.project.upload import fetch, upload, wheelhouse_place
from tests.files_api import FakeWorkspace
from tests.unit.project.repos import TARGETS, write
from tests.wheel_files import write_wheel

VOLUME = "/Volumes/prod/sales/lakewright/wheelhouse/sales"


@pytest.fixture
def built(tmp_path: Path) -> Wheelhouse:
    wheels = [write_wheel(tmp_path / "wheels", name) for name in ("sales", "rows", "plots")]
    return assemble(wheels, tmp_path / "built", target=WheelTarget("3.12"))


def place(built: Wheelhouse) -> str:
    return f"{VOLUME}/{built.digest}"


def test_a_wheelhouse_arrives_whole_and_its_manifest_last(
    workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse
) -> None:
    told: list[str] = []
    done = upload(built, place(built), workspace, tell=told.append)
    files = {str(file.relative_to(built.path)): file.read_bytes() for file in built.path.rglob("*") if file.is_file()}
    arrived = {path.removeprefix(f"{place(built)}/"): content for path, content in workspace_api.files.items()}
    # A cluster may read the file for pip from a copy, so it does not say where the wheels are by where it lies.
    here, there = (each.pop("requirements.txt").decode() for each in (files, arrived))
    assert there == here.replace("--find-links ./wheels", f"--find-links {place(built)}/wheels") != here
    assert arrived == files
    assert workspace_api.sent()[-1] == "manifest.json"
    assert (len(done.sent), done.kept) == (7, 0)
    assert sorted(told) == [f"  sent {name}-1.0-py3-none-any.whl" for name in ("plots", "rows", "sales")]


def test_what_is_there_is_not_sent_again(workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse) -> None:
    upload(built, place(built), workspace)
    workspace_api.requests.clear()
    assert upload(built, place(built), workspace) == (place(built), (), 7)
    assert workspace_api.sent() == []


def test_an_upload_that_was_cut_off_goes_on_where_it_was(
    workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse
) -> None:
    upload(built, place(built), workspace)
    whole = dict(workspace_api.files)
    del workspace_api.files[f"{place(built)}/manifest.json"]
    del workspace_api.files[f"{place(built)}/wheels/rows-1.0-py3-none-any.whl"]
    workspace_api.files[f"{place(built)}/wheels/plots-1.0-py3-none-any.whl"] = b"half"
    workspace_api.requests.clear()
    done = upload(built, place(built), workspace)
    assert done.sent[:2] == ("plots-1.0-py3-none-any.whl", "rows-1.0-py3-none-any.whl")
    assert "sales-1.0-py3-none-any.whl" not in workspace_api.sent()
    assert workspace_api.files == whole


def test_a_wheel_of_the_right_size_with_other_content_is_sent_again(
    workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse
) -> None:
    wheel = built.wheels[0]
    workspace_api.files[f"{place(built)}/wheels/{wheel.filename}"] = b"x" * wheel.size
    assert wheel.filename in upload(built, place(built), workspace).sent


def test_a_wheel_that_arrives_as_something_else_is_an_error_and_nothing_uses_it(
    workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse
) -> None:
    workspace_api.spoiled = {built.wheels[0].filename}
    with pytest.raises(UploadError, match="is not what was sent: its sha256 differs"):
        upload(built, place(built), workspace)
    assert f"{place(built)}/manifest.json" not in workspace_api.files


@pytest.mark.parametrize("content", [b"x", None])
def test_a_wheelhouse_that_somebody_has_changed_is_not_touched(
    workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse, *, content: bytes | None
) -> None:
    upload(built, place(built), workspace)
    path = f"{place(built)}/wheels/{built.wheels[0].filename}"
    del workspace_api.files[path]
    if content:
        workspace_api.files[path] = content
    before = dict(workspace_api.files)
    with pytest.raises(UploadError, match=r"(?s)was changed after it was put there.*databricks fs rm --recursive"):
        upload(built, place(built), workspace)
    assert workspace_api.files == before


def test_a_wheelhouse_that_is_damaged_here_is_not_sent(
    workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse
) -> None:
    file = built.files[0]
    file.unlink()
    file.write_bytes(b"other")
    with pytest.raises(WheelhouseError, match="its sha256 differs"):
        upload(built, place(built), workspace)
    assert workspace_api.requests == [] or workspace_api.sent() == []


def test_a_volume_that_may_not_be_written_is_told_with_the_grant(
    workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse
) -> None:
    workspace_api.denied = VOLUME
    with pytest.raises(WorkspaceError, match="WRITE VOLUME"):
        upload(built, place(built), workspace)


def test_a_wheelhouse_comes_back_as_it_went(workspace: Workspace, built: Wheelhouse, tmp_path: Path) -> None:
    upload(built, place(built), workspace)
    found = fetch(place(built), tmp_path / "fetched", workspace)
    check_files(found)
    assert (found.digest, found.path) == (built.digest, tmp_path / "fetched" / built.digest)
    assert fetch(place(built), tmp_path / "fetched", workspace) == found


def test_a_damaged_or_unfinished_wheelhouse_is_not_fetched(
    workspace: Workspace, workspace_api: FakeWorkspace, built: Wheelhouse, *, tmp_path: Path
) -> None:
    with pytest.raises(UploadError, match="there is no wheelhouse in"):
        fetch(place(built), tmp_path / "fetched", workspace)
    upload(built, place(built), workspace)
    workspace_api.files[f"{place(built)}/wheels/{built.wheels[0].filename}"] = b"other"
    workspace_api.files[f"{place(built)}/wheels/../../../evil.whl"] = b"evil"
    with pytest.raises(WheelhouseError, match="is not whole"):
        fetch(place(built), tmp_path / "fetched", workspace)
    assert [path for path in tmp_path.rglob("*") if "evil" in path.name] == []
    assert not (tmp_path / "fetched" / built.digest).exists()


def test_the_place_of_a_wheelhouse_is_on_the_targets_volume(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "targets.yml": TARGETS,
            "pipelines/sales/databricks.yml": "bundle: {name: sales}\ninclude: [../../targets.yml]",
        },
    )
    folder = PipelineFolder(tmp_path / "pipelines" / "sales")
    assert wheelhouse_place(folder, "prod", "abc") == f"{VOLUME}/abc"
