"""Small files: written whole or not at all, and errors that say which place and the way out."""

import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

import pytest

from lakewright.errors.running import OutputError
from lakewright.io.files import check_whole, get, put, remove_folder, unwritable
from lakewright.model.record import StoredFile

# Privileges and limits cannot be given back, so a child gives them up.
LIMITED: Final = """
import resource, sys
from lakewright.errors.running import OutputError
from lakewright.io.files import put
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    put(sys.argv[1], b"x" * 20_000)
except OutputError as error:
    print(error)
"""
UNPRIVILEGED: Final = """
import errno, os, sys
from lakewright.errors.running import OutputError
from lakewright.io.files import put
if os.geteuid() == 0:
    os.setuid(65534)
try:
    put(sys.argv[1], b"x")
except OutputError as error:
    print(error)
"""


def test_what_is_put_is_got(tmp_path: Path) -> None:
    put(f"{tmp_path}/a", b"\x00\xff")
    assert get(f"{tmp_path}/a") == b"\x00\xff"


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert get(f"{tmp_path}/a") is None
    assert get(f"{tmp_path}/b/a") is None


def test_missing_folders_are_made(tmp_path: Path) -> None:
    put(f"{tmp_path}/a/b/c", b"x")
    assert get(f"{tmp_path}/a/b/c") == b"x"


def test_of_a_longer_file_nothing_is_left(tmp_path: Path) -> None:
    put(f"{tmp_path}/a", b"longer than")
    put(f"{tmp_path}/a", b"this")
    assert get(f"{tmp_path}/a") == b"this"


def test_a_file_where_a_folder_is_needed_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=rf"cannot write {tmp_path}/file/a/b: .*\n  A file stands where a folder"):
        put(f"{tmp_path}/file/a/b", b"x")
    assert (tmp_path / "file").read_bytes() == b""


def test_a_folder_where_a_file_is_needed_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"cannot write .*\n  A folder stands where a file is needed"):
        put(f"{tmp_path}/folder", b"x")
    assert (tmp_path / "folder" / "inner").is_dir()


def test_a_full_disk_is_named_and_no_file_is_left(tmp_path: Path) -> None:
    place = tmp_path / "record.json"
    place.symlink_to("/dev/full")
    with pytest.raises(OutputError, match=rf"cannot write {place}: No space left on device\n  Free some space"):
        put(str(place), b"x")
    assert not place.is_symlink()
    assert Path("/dev/full").exists()


def test_a_file_that_breaks_off_in_the_middle_is_removed(tmp_path: Path) -> None:
    place = tmp_path / "record.json"
    told = _child(LIMITED, place)
    assert told == f"cannot write {place}: File too large\n  Free some space, or give the target another root.\n"
    assert not place.exists()


def test_a_write_that_takes_only_a_part_goes_on_with_the_rest(tmp_path: Path) -> None:
    # A signal ends the write to a full pipe with the part that fitted in.
    content = os.urandom(300_000)
    pipe = str(tmp_path / "pipe")
    os.mkfifo(pipe)
    interrupted = threading.Event()
    got: list[bytes] = []

    def read() -> None:
        with Path(pipe).open("rb") as file:
            interrupted.wait(10)
            got.append(file.read())

    before = signal.signal(signal.SIGALRM, lambda *_: interrupted.set())
    reader = threading.Thread(target=read)
    reader.start()
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        put(pipe, content)
    finally:
        signal.signal(signal.SIGALRM, before)
        reader.join()
    assert interrupted.is_set()
    assert got == [content]


def test_a_pipe_whose_reader_leaves_is_not_removed(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: pipe.open("rb").close())
    reader.start()
    with pytest.raises(OutputError, match=rf"cannot write {pipe}: Broken pipe"):
        put(str(pipe), os.urandom(300_000))
    reader.join()
    assert pipe.is_fifo()


def test_a_place_without_permission_is_named_with_the_way_out() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        told = _child(UNPRIVILEGED, Path(folder) / "record.json")
    assert told.startswith(f"cannot write {folder}/record.json: Permission denied\n  Grant the run write access there")


def _child(code: str, place: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code, place], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(
    ("number", "way_out"),
    [
        (errno.EDQUOT, "Free some space, or give the target another root."),
        (errno.EPERM, "Grant the run write access there, or give the target another root."),
        (errno.EROFS, "The disk is read-only: give the target another root."),
    ],
)
def test_every_known_reason_has_its_way_out(number: int, way_out: str) -> None:
    assert unwritable("a", OSError(number, os.strerror(number))).hint == way_out


def test_a_reason_that_nobody_knows_is_told_as_it_is() -> None:
    error = unwritable("a", OSError("strange"))
    assert (error.message, error.hint) == ("cannot write a: strange", "")


def test_files_must_be_those_that_their_record_names(tmp_path: Path) -> None:
    put(f"{tmp_path}/a", b"four")
    check_whole([StoredFile(f"{tmp_path}/a", 4)])
    with pytest.raises(OutputError, match=r"/a has 4 bytes in place of 5,000 .*\n  Run the upstream task again"):
        check_whole([StoredFile(f"{tmp_path}/a", 4), StoredFile(f"{tmp_path}/a", 5000)])
    with pytest.raises(OutputError, match=r"/b is gone although its commit record names it"):
        check_whole([StoredFile(f"{tmp_path}/b", 4)])


def test_a_folder_is_removed_with_all_in_it_and_may_be_gone(tmp_path: Path) -> None:
    put(f"{tmp_path}/a/b/c", b"x")
    remove_folder(f"{tmp_path}/a")
    remove_folder(f"{tmp_path}/a")
    assert not (tmp_path / "a").exists()
