"""What kind of file system a path lies on: locks and SQLite's log need a local one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mounts")
# Source: SQLite, "Write-Ahead Logging": all processes must be on the same host; WAL does not work over a network.
_NETWORK: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "9p",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.rclone",
    }
)


def network_file_system(path: Path, mounts: str | None = None) -> str | None:
    r"""The kind of network file system that `path` lies on; None on a local disk, or where the system does not tell.

    Args:
        path: need not exist.
        mounts: the text of `/proc/self/mounts`; read when not given.

    >>> network_file_system(Path("/data/x"), "srv:/d /data nfs4 rw 0 0\n/dev/a / ext4 rw 0 0\\n")
    'nfs4'
    """
    if mounts is None:
        mounts = _MOUNTS.read_text(encoding="utf-8") if _MOUNTS.exists() else ""
    found: tuple[int, str] = (-1, "")
    resolved = path.resolve()
    for line in mounts.splitlines():
        _, mount_point, kind, *_ = line.split(" ")
        mounted = Path(mount_point.encode().decode("unicode_escape"))
        if resolved.is_relative_to(mounted):
            found = max(found, (len(mounted.parts), kind))
    return found[1] if found[1] in _NETWORK else None
