import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lakewright.dependencies.staging import PREFIX, staged, sweep


def test_what_is_not_moved_away_is_removed(tmp_path: Path) -> None:
    with staged(tmp_path) as folder:
        (folder / "half").write_text("", encoding="utf-8")
        (folder / "whole").write_text("", encoding="utf-8")
        (folder / "whole").rename(tmp_path / "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_what_another_one_writes_is_left_alone(tmp_path: Path) -> None:
    with staged(tmp_path) as folder:
        sweep(tmp_path)
        with staged(tmp_path):
            assert folder.is_dir()
        assert folder.is_dir()


def test_many_who_begin_and_sweep_at_once_keep_their_folders(tmp_path: Path) -> None:
    def write(number: int) -> bool:
        with staged(tmp_path) as folder:
            (folder / "file").write_text(str(number), encoding="utf-8")
            return (folder / "file").read_text(encoding="utf-8") == str(number)

    with ThreadPoolExecutor(32) as pool:
        assert all(pool.map(write, range(2_000)))
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_holds_any_more_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".making-left" / "content").mkdir(parents=True)
    with staged(tmp_path) as folder:
        assert [path.name for path in tmp_path.iterdir()] == [folder.parent.name]


def test_what_somebody_else_has_put_there_stops_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".making-pipe")
    (tmp_path / ".making-link").symlink_to(tmp_path / ".making-pipe")
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(sweep, tmp_path)
        try:
            done.result(timeout=10)
        finally:
            # Whoever waits for the pipe is let go.
            os.close(os.open(tmp_path / ".making-pipe", os.O_RDWR | os.O_NONBLOCK))


KILLED = """
import os, signal, sys
from pathlib import Path
from lakewright.dependencies.staging import staged
with staged(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, env=dict(os.environ))
    assert ended.returncode == -signal.SIGKILL
    assert [path.name[: len(PREFIX)] for path in tmp_path.iterdir()] == [PREFIX]
    with staged(tmp_path):
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []
