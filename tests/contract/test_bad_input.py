"""What people get wrong: a clear error that names the line, what, and the way out; nothing half done."""

import os
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

import pytest

from lakewright import Job, TaskFailedError
from lakewright.errors.base import LakewrightError
from lakewright.errors.running import OutputError
from lakewright.loading.objects import load_file
from lakewright.model.target import TargetValues
from lakewright.model.validation import validate
from tests.contract.mistakes import AT_IMPORT, AT_RUN, AT_TRACE, HEADER, HERE, Case, body


class Written(NamedTuple):
    """A module on disk."""

    file: Path
    line: int

    def load(self) -> ModuleType:
        """Import it."""
        return load_file(str(self.file))


@pytest.fixture
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Written]:
    """The module of a case, forgotten in the end."""
    case: Case = request.param
    text = HEADER + case.code + "\n"
    file = tmp_path / f"bad_{abs(hash(case.code)):x}.py"
    file.write_text(text, encoding="utf-8")
    (line,) = [number for number, each in enumerate(text.splitlines(), 1) if each.endswith(HERE)]
    path, hook = list(sys.path), sys.modules["threading"].excepthook
    yield Written(file, line)
    sys.path[:] = path
    sys.modules["threading"].excepthook = hook  # type: ignore[attr-defined]  # as one of the cases sets it
    sys.modules.pop(file.stem, None)


def assert_told(error: LakewrightError, written: Written, case: Case) -> None:
    """The error says where, what, and the way out."""
    text = str(error)
    # Python 3.10 counts the call of a decorator to the line below it.
    lines = (written.line,) if sys.version_info >= (3, 11) else (written.line, written.line + 1)
    assert text.startswith(tuple(f"{written.file}:{line}: " for line in lines)), text
    assert case.what in text
    assert case.way_out in text.partition(case.what)[2]


def table(cases: Mapping[str, Case]) -> pytest.MarkDecorator:
    """Each case with its module."""
    rows = [(case, case) for case in cases.values()]
    return pytest.mark.parametrize(("written", "case"), rows, ids=list(cases), indirect=["written"])


@table(AT_IMPORT)
def test_what_a_module_gets_wrong_is_told_when_it_is_imported(written: Written, case: Case) -> None:
    with pytest.raises(LakewrightError) as caught:
        written.load()
    assert_told(caught.value, written, case)


def traced() -> Mapping[str, Case]:
    """What tracing refuses; Python 3.10 makes of `while` a condition like any other, and no body may branch there."""
    return {name: case for name, case in AT_TRACE.items() if sys.version_info >= (3, 11) or "while" not in case.code}


@table(traced())
def test_what_a_body_gets_wrong_is_told_before_anything_runs(written: Written, case: Case, tmp_path: Path) -> None:
    daily: Job[..., object] = written.load().daily
    root = tmp_path / "root"
    for use in (lambda: daily.dag, lambda: daily.execute(target=TargetValues(root=str(root)))):
        with pytest.raises(LakewrightError) as caught:
            use()
        assert_told(caught.value, written, case)
    assert not root.exists()


@table(AT_RUN)
def test_what_a_task_gets_wrong_is_told_with_its_call_and_leaves_no_output(
    written: Written, case: Case, tmp_path: Path
) -> None:
    daily: Job[..., object] = written.load().daily
    result = daily.execute(target=TargetValues(root=str(tmp_path / "root")))
    with pytest.raises(TaskFailedError) as caught:
        result.raise_for_status()
    assert_told(caught.value, written, case)
    assert files_of(tmp_path / "root", caught.value.key) == []


def files_of(root: Path, task: str) -> list[str]:
    """What a run has kept of a task."""
    kept = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    return sorted(path for path in kept if f"/{task}/" in path or f"/{task}." in path)


SOUND: Final = Case(
    "import polars as pl\n"
    "@task\ndef small() -> int:\n    return 1\n"
    "@task\ndef frame() -> pl.DataFrame:\n    return pl.DataFrame({'a': range(100_000)})\n"
    "@task\ndef text(number: int) -> str:\n    return 'a' * 100_000\n"
    + body("first = small()", "return [first, frame(), text(first)]" + HERE)
)


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes: a real error of the system, for root too."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@table({"sound": SOUND})
def test_a_disk_that_is_full_fails_the_task_and_leaves_neither_record_nor_file(
    written: Written, case: Case, tmp_path: Path
) -> None:
    daily: Job[..., object] = written.load().daily
    with disk_of(5000):
        result = daily.execute(target=TargetValues(root=str(tmp_path / "root")))
    assert case is SOUND
    assert result.states == {"small": "success", "frame": "failed", "text": "failed"}
    for key in ("frame", "text"):
        error = result.outcomes[key].error
        assert isinstance(error, OutputError)
        assert str(error).startswith(f"cannot write {tmp_path / 'root'}")
        assert "give the target another root" in str(error)
        assert files_of(tmp_path / "root", key) == []


@table({"sound": SOUND})
def test_a_root_that_cannot_be_written_fails_every_task_with_its_place(
    written: Written, case: Case, tmp_path: Path
) -> None:
    daily: Job[..., object] = written.load().daily
    assert case is SOUND
    (tmp_path / "root").write_text("a file")
    result = daily.execute(target=TargetValues(root=str(tmp_path / "root")))
    assert result.states == {"small": "failed", "frame": "failed", "text": "upstream_failed"}
    assert "A file stands where a folder is needed" in str(result.outcomes["small"].error)
    assert (tmp_path / "root").read_text() == "a file"


def test_findings_of_limits_name_the_line_of_the_job_or_the_call(tmp_path: Path) -> None:
    file = tmp_path / "too_much.py"
    lines = [
        "@task(compute=serverless(), databricks={'existing_cluster_id': 'x'})\ndef both() -> int: ...",
        "@job\ndef empty():\n    '''No task.'''",
        "@job\ndef many():\n    for number in range(1001):\n        load(number)",
        "@job\ndef computes():\n    both()" + HERE,
    ]
    text = HEADER + "\n".join(lines) + "\n"
    file.write_text(text, encoding="utf-8")
    module = load_file(str(file))
    sys.modules.pop("too_much")
    sys.path.remove(os.fspath(tmp_path))
    numbers = {each.strip(): number for number, each in enumerate(text.splitlines(), 1)}
    found = {
        name: [
            (each.code, each.location.line if each.location else None)
            for each in validate(getattr(module, name).definition)
        ]
        for name in ("empty", "many", "computes")
    }
    assert found == {
        "empty": [("no-task", numbers["def empty():"] - 1)],
        "many": [("too-many-tasks", numbers["def many():"] - 1)],
        "computes": [("two-computes", numbers["both()" + HERE])],
    }
