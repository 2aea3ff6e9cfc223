"""Which disk a path lies on."""

from pathlib import Path

import pytest

from lakewright.errors.running import StoreError
from lakewright.execution import disks
from lakewright.execution.disks import network_file_system
from lakewright.execution.store import RunStore

MOUNTS = """\
/dev/vda / ext4 rw 0 0
srv:/home /home nfs4 rw 0 0
/dev/vdb /home/me/local xfs rw 0 0
x /with\\040space cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/project", "nfs4"),
        ("/home/me/local/project", None),
        ("/var/x", None),
        ("/homeless", None),
        ("/with space/x", "cifs"),
    ],
)
def test_the_innermost_mount_decides(path: str, kind: str | None) -> None:
    assert network_file_system(Path(path), MOUNTS) == kind


def test_this_machine_tells_for_itself(tmp_path: Path) -> None:
    assert network_file_system(tmp_path) is None


def test_a_store_on_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"srv:/x {tmp_path} nfs4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(disks, "_MOUNTS", mounts)
    with pytest.raises(StoreError, match=r"lies on a network file system \(nfs4\)"):
        RunStore(tmp_path / "sub" / "runs.sqlite")
    assert not (tmp_path / "sub").exists()
