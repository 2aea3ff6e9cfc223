"""`lakewright run --report` as its user meets it."""

from pathlib import Path

import pytest

from lakewright.cli.app import run
from lakewright.cli.running import Reports, run_jobs
from lakewright.cli.way_on import Asked
from lakewright.diagrams.formats import render
from lakewright.project import discovery
from lakewright.project.runs import Request

JOBS = '''
from lakewright import job, task

@task
def load() -> int:
    raise ValueError("no file <today>")

@job
def daily(month: int = 1) -> int:
    """Off it goes :rocket: [bold]up[/bold]."""
    return load()

@job
def weekly() -> int:
    return load()
'''


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of jobs, which the commands are called in."""
    (tmp_path / "reported.py").write_text(JOBS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["lakewright", *arguments])
    return run()


def test_the_report_of_a_failed_run_is_written_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "run", "reported.py:daily", "-p", "month=7", "--report", "out/report.html") == 1
    html = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert r"no file \u003ctoday>" in html
    assert '["month","7"]' in html
    assert "   report   out/report.html\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("report", "problem"), [("taken.html", "it is a folder"), ("reported.py/a/b.html", "reported.py is no folder")]
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, report: str, problem: str
) -> None:
    (folder / "taken.html").mkdir()
    assert call(monkeypatch, "run", "reported.py:daily", "--report", report) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"cannot write {report}: ")
    assert problem in said.err


def test_a_page_is_printed_to_the_letter(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(monkeypatch, "show", "reported.py:daily", "--format", "html") == 0
    (found,) = discovery.resolve("reported.py:daily", Path.cwd())
    assert ":rocket:" in found.job.definition.settings.description
    assert capsys.readouterr().out == render(found.job.definition, "html")


def test_each_of_several_jobs_has_a_report_of_its_own(folder: Path) -> None:
    found = [*discovery.resolve("reported.py:daily", folder), *discovery.resolve("reported.py:weekly", folder)]
    assert not run_jobs(found, Request(workers=1), asked=Asked(), reports=Reports(file=folder / "report.html"))
    assert sorted(path.name for path in folder.glob("*.html")) == ["report-daily.html", "report-weekly.html"]


def test_an_isolated_run_has_a_report_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "run", "reported.py:daily", "--isolated") == 1
    (html,) = (folder / ".lakewright" / "runs" / "daily").glob("*/report.html")
    assert f"   report   {html.relative_to(folder)}\n" in capsys.readouterr().out
    assert r"no file \u003ctoday>" in html.read_text(encoding="utf-8")


@pytest.mark.parametrize("isolated", [[], ["--isolated"]], ids=["here", "isolated"])
def test_a_report_can_be_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, isolated: list[str]
) -> None:
    assert call(monkeypatch, "run", "reported.py:daily", "--no-report", *isolated) == 1
    assert not list(folder.rglob("*.html"))
    assert "report " not in capsys.readouterr().out


def test_a_report_that_is_and_is_not_wanted_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "run", "reported.py:daily", "--no-report", "--report", "report.html") == 2
    assert "--report asks for a report, --no-report for none" in capsys.readouterr().err
