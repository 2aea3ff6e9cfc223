"""What is shown of a task that failed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.commands import Call
from tests.unit.project.repos import write

LOUD = """
from lakewright import Retry, context, job, task

@task(retries=Retry(1, delay=0))
def load() -> int:
    for number in range(30):
        print(f"line {number} of attempt {context().attempt}")
    raise ValueError("no file today")

@task
def talk() -> int:
    print("all is well")
    return 1

@job
def daily() -> int:
    talk()
    return load()
"""


def test_the_end_of_its_log_stands_below_its_error_and_says_where_the_rest_is(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"loud_jobs.py": LOUD})
    ended = call("run", "loud_jobs.py:daily")
    assert ended.code == 1
    (folder,) = (tmp_path / ".lakewright" / "runs" / "daily").iterdir()
    assert f"its log ends with     (.lakewright/runs/daily/{folder.name}/logs/load/2.log)" in ended.out
    shown = [line for line in ended.out.partition("✘ load   failed")[2].splitlines() if line.startswith("   | ")]
    assert shown == [f"   | line {number} of attempt 2" for number in range(10, 30)]
    assert "all is well" not in ended.out
    assert (folder / "logs" / "talk" / "1.log").read_text(encoding="utf-8") == "all is well\n"


def test_a_report_holds_the_logs(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"loud_reported_jobs.py": LOUD})
    call("run", "loud_reported_jobs.py:daily", "--report", "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "line 29 of attempt 1" in page
    assert "all is well" in page


UNTOLD = """
from lakewright import job, task

class SilentError(Exception):
    def __str__(self) -> str:
        return str(1 // 0)

@task
def load() -> int:
    raise SilentError

@job
def daily() -> int:
    return load()
"""


def test_an_error_that_cannot_be_told_fails_its_task_like_any_other(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"untold_jobs.py": UNTOLD})
    ended = call("run", "untold_jobs.py:daily", "--events", "events.jsonl", "--report", "report.html")
    assert ended.code == 1
    assert "SilentError: (its message cannot be told: ZeroDivisionError)" in ended.out
    assert '"event": "run_ended"' in (tmp_path / "events.jsonl").read_text(encoding="utf-8")


FLOOD = """
import resource
from lakewright import job, task

@task
def load() -> int:
    for number in range(100):
        print(f"megabyte {number} " + "x" * 1_000_000)
    print("the last words")
    raise ValueError("no file today")

@job
def daily() -> int:
    return load()
"""
# The system's own peak of a process begins with that of the process which has started it: Linux tells both apart.
MEASURED = """
import pathlib, resource, sys
sys.argv = ["lakewright", "run", "flood_jobs.py:daily", "--report", "report.html"]
from lakewright.cli import app
code = app.run()
status = pathlib.Path("/proc/self/status")
if status.exists():
    peak = int(status.read_text().partition("VmHWM:")[2].split()[0])
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sys.exit(code if peak < 300_000 else 99)
"""


def test_a_task_that_prints_a_hundred_megabytes_costs_neither_memory_nor_the_report(tmp_path: Path) -> None:
    write(tmp_path, {"flood_jobs.py": FLOOD})
    ended = subprocess.run([sys.executable, "-c", MEASURED], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert len(ended.stdout) < 10_000
    assert "the last words" in ended.stdout
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(page) < 2_000_000
    assert "the last words" in page


CAUSED = """
from lakewright import job, task

def fetch() -> int:
    raise ConnectionError("no route")

@task
def load() -> int:
    try:
        return fetch()
    except ConnectionError as error:
        raise LookupError("no flights") from error

@task(timeout=60)
def elsewhere() -> int:
    return load()

@job
def daily() -> None:
    load()
    elsewhere()
"""


def test_what_led_to_an_error_stands_below_it_with_its_place(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"caused_jobs.py": CAUSED})
    ended = call("run", "caused_jobs.py:daily")
    told = (
        "   caused_jobs.py:11  in load\n"
        '     raise LookupError("no flights") from error\n'
        "   LookupError: no flights\n"
        "   caused by ConnectionError: no route     (caused_jobs.py:4  in fetch)\n"
    )
    assert ended.out.count(told) == 2


def test_a_module_that_is_no_python_is_told_with_its_line(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"broken_jobs.py": "from lakewright import job\n\n@job\ndef daily(:\n"})
    ended = call("run", "broken_jobs.py:daily")
    assert ended.code in {1, 2}
    assert "broken_jobs.py:4: importing module 'broken_jobs' failed: SyntaxError: " in ended.err
    assert "Traceback" not in ended.err


LIVE = """
import time
from lakewright import Retry, context, job, task

@task(retries=Retry(1, delay=0))
def load() -> int:
    for number in range(30):
        print(f"line {number} of attempt {context().attempt}")
    raise ValueError("no file today")

@task
def slow() -> int:
    time.sleep(0.5)
    return 1

@job
def daily() -> None:
    slow()
    load()
"""


def test_what_a_failing_task_said_is_shown_while_others_go_on(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"live_jobs.py": LIVE})
    ended = call("run", "live_jobs.py:daily", "--workers", "2")
    live = ended.out.partition("✔ slow")[0]
    shown = [line for line in live.splitlines() if line.startswith("   | ")]
    assert shown == [f"   | line {number} of attempt {attempt}" for attempt in (1, 2) for number in range(25, 30)]
    assert live.splitlines().count("   ValueError: no file today") == 1


def test_the_last_failure_is_told_once(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"once_jobs.py": LOUD})
    ended = call("run", "once_jobs.py:daily", "--workers", "1")
    assert ended.out.count("line 29 of attempt 2") == 1


HANDLED = """
from lakewright import job, task

@task
def load() -> int:
    raise ValueError("no file today")

@task(run_if="one_failed")
def alert() -> str:
    return "sent"

@job
def daily() -> None:
    alert.after(load())()
"""


def test_a_failure_that_a_task_took_care_of_is_one_here_and_none_for_the_platform(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"handled_jobs.py": HANDLED})
    ended = call("run", "handled_jobs.py:daily")
    assert ended.code == 1
    assert " ✘ 1 of 2 tasks" in ended.out
    assert " · a success on the platform, by its leaf tasks\n" in ended.out


REPEATED = """
from lakewright import Retry, context, job, task

@task
def names() -> list[str]:
    return ["a", "b"]

@task(retries=Retry(1, delay=0))
def size(name: str) -> int:
    print(f"size of {name}, attempt {context().attempt}")
    if name == "b":
        raise ValueError("no b")
    return len(name)

@job
def daily() -> list[int]:
    return [size(name) for name in names()]
"""


def test_of_a_repeated_task_it_is_told_which_iterations_failed_with_the_log_of_one(call: Call, tmp_path: Path) -> None:
    write(tmp_path, {"repeated_jobs.py": REPEATED})
    ended = call("run", "repeated_jobs.py:daily")
    assert ended.code == 1
    assert "   ValueError: no b\n   1 of 2 iterations failed: 1\n" in ended.out
    assert "/logs/size.1/2.log)\n   | size of b, attempt 2\n" in ended.out


ESCAPING = """
import time
from lakewright import Retry, job, task

@task(retries=Retry(1, delay=0))
def load() -> int:
    raise ValueError("\\x1b[2J\\x1b]0;owned\\x07no file [bold]today[/bold]")

@task
def slow() -> int:
    time.sleep(0.5)
    return 1

@job
def daily() -> None:
    slow()
    load()
"""


@pytest.mark.parametrize("way", ["--no-cache", "--isolated"])
def test_what_an_error_says_moves_no_terminal(call: Call, tmp_path: Path, *, way: str) -> None:
    write(tmp_path, {"escaping_jobs.py": ESCAPING})
    ended = call("run", "escaping_jobs.py:daily", "--workers", "2", way)
    listed = call("runs", "show") if way == "--no-cache" else ended
    assert "ValueError: no file [bold]today[/bold]" in ended.out
    assert "ValueError: " in listed.out
    assert "\x1b" not in ended.out + listed.out
    assert "\x07" not in ended.out + listed.out
