import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest
from pydantic import TypeAdapter

import lakewright
from lakewright.errors.git import ShallowCloneError
from lakewright.errors.project import UsageError
from lakewright.model.changes import FieldChange, TaskChange
from lakewright.project.diff import DiffReport, PipelineDiff, WheelDiff, diff
from lakewright.project.diff_forms import diff_markdown, diff_text
from tests.git import commit, git
from tests.unit.project.monorepo import FILES, bundle, pipeline
from tests.unit.project.repos import write

JOB: Final = """
from lakewright import job, task

@task
def load() -> int:
    return 1

@task
def clean(rows: int) -> int:
    return rows

@job
def {name}() -> int:
    return clean(load())
"""
JOBS: Final = {f"pipelines/{name}/src/{name}/jobs.py": JOB.format(name=name) for name in ("flights", "sales", "web")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of three pipelines with a job each."""
    root = tmp_path / "repository"
    root.mkdir()
    commit(root, {**FILES, **JOBS})
    return root


def edit(root: Path, name: str, old: str, new: str) -> None:  # noqa: PLR0917  what becomes what, and where
    place = root / f"pipelines/{name}/src/{name}/jobs.py"
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new), encoding="utf-8")


def only(report: DiffReport) -> PipelineDiff:
    (found,) = report.pipelines
    return found


def test_a_changed_task_is_told_field_by_field(root: Path) -> None:
    edit(root, "flights", "@task\ndef clean", "@task(retries=2)\ndef clean")
    report = diff(root, "HEAD")
    found = only(report)
    assert (found.pipeline, found.change, found.files) == (
        "flights",
        "changed",
        ("pipelines/flights/src/flights/jobs.py",),
    )
    retries = FieldChange(field="retries", old="0", new="2")
    assert found.jobs[0].tasks == (TaskChange(task="clean", change="changed", fields=(retries,)),)
    assert 't1["clean"]:::changed' in found.jobs[0].picture
    assert (report.commit, report.unaffected) == (git(root, "rev-parse", "HEAD"), ("sales", "web"))


def test_what_the_base_branch_did_meanwhile_is_not_told(root: Path) -> None:
    git(root, "switch", "--quiet", "--create", "work")
    edit(root, "flights", "@job", "@job(max_concurrent_runs=2)")
    commit(root)
    git(root, "switch", "--quiet", "main")
    edit(root, "flights", "@task\ndef clean", "@task(retries=2)\ndef clean")
    commit(root)
    git(root, "switch", "--quiet", "work")
    assert [each.field for each in only(diff(root, "main")).jobs[0].fields] == ["max_concurrent_runs"]


def test_where_only_code_has_changed_the_definitions_are_as_before(root: Path) -> None:
    edit(root, "sales", "return rows", "return rows + 1")
    found = only(diff(root, "HEAD"))
    assert found.change == "same"
    assert "definitions as before" in diff_text(diff(root, "HEAD"))
    assert "pipelines/sales/src/sales/jobs.py" in diff_text(diff(root, "HEAD"))


def test_pipelines_come_and_go_with_their_jobs(root: Path) -> None:
    git(root, "rm", "-r", "--quiet", "pipelines/web")
    write(root, pipeline("late", code=JOB.format(name="late")))
    late, web = diff(root, "HEAD").pipelines
    assert (late.change, [(job.job, job.change) for job in late.jobs]) == ("added", [("late", "added")])
    assert (web.change, [(job.job, job.change) for job in web.jobs]) == ("removed", [("web", "removed")])


def test_before_the_first_commit_there_was_nothing(root: Path) -> None:
    report = diff(root, "HEAD^")
    assert report.commit == ""
    assert {each.change for each in report.pipelines} == {"added"}


def test_named_pipelines_are_compared_and_no_others(root: Path) -> None:
    edit(root, "flights", "@job", "@job(max_concurrent_runs=2)")
    edit(root, "sales", "@job", "@job(max_concurrent_runs=2)")
    assert [each.pipeline for each in diff(root, "HEAD", ["sales", "web"]).pipelines] == ["sales", "web"]
    with pytest.raises(UsageError, match="did you mean 'sales'"):
        diff(root, "HEAD", ["slaes"])


def test_a_job_that_cannot_be_made_is_told_and_stops_no_other(root: Path) -> None:
    edit(root, "flights", "return clean(load())", "return clean(laod())")
    edit(root, "sales", "@job", "@job(max_concurrent_runs=2)")
    flights, sales = diff(root, "HEAD").pipelines
    assert "laod" in flights.error
    assert "pipelines/flights/src/flights/jobs.py:13: error: the body of job" in flights.error
    assert flights.jobs == ()
    assert sales.error == ""


def test_a_base_that_cannot_be_made_is_told_and_nothing_compared(root: Path) -> None:
    edit(root, "flights", "return clean(load())", "return clean(laod())")
    commit(root)
    edit(root, "flights", "laod", "load")
    found = only(diff(root, "HEAD"))
    assert "laod" in found.error_before
    assert str(tempfile.gettempdir()) not in found.error_before
    assert (found.error, found.jobs) == ("", ())


def test_the_base_is_generated_by_its_own_framework(root: Path) -> None:
    source = Path(lakewright.__file__).parent
    place = root / "framework" / "src" / "lakewright"
    shutil.rmtree(place)
    shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
    generator = place / "databricks" / "jobs.py"
    text = generator.read_text(encoding="utf-8")
    generator.write_text(text.replace('"name": job.name', '"name": f"old {job.name}"'), encoding="utf-8")
    commit(root)
    generator.write_text(text, encoding="utf-8")
    report = diff(root, "HEAD", ["sales"])
    assert only(report).jobs[0].fields == (FieldChange(field="name", old="old sales", new="sales"),)


def test_locked_versions_that_differ_are_told_as_wheels(root: Path) -> None:
    def lock(version: str, *more: str) -> str:
        entry = '[[package]]\nname = "{}"\nversion = "{}"\ndependencies = [{}]\n'
        needs = ", ".join(f'{{ name = "{each}" }}' for each in ("polars", *more))
        others = [entry.format(name, "1.0", "") for name in more]
        return "".join(
            ["version = 1\n", entry.format("sales", "0.1.0", needs), entry.format("polars", version, ""), *others]
        )

    commit(root, {"uv.lock": lock("1.0")})
    write(root, {"uv.lock": lock("1.1", "scipy")})
    found = only(diff(root, "HEAD", ["sales"]))
    assert found.wheels == (WheelDiff(name="polars", old="1.0", new="1.1"), WheelDiff(name="scipy", new="1.0"))
    assert "wheels: ~ polars 1.0 → 1.1, + scipy 1.0" in diff_text(diff(root, "HEAD", ["sales"]))


def test_wheels_are_told_with_the_sizes_that_are_locked_for_the_compute(root: Path) -> None:
    def lock(version: str, size: int) -> str:
        files = (("cp312-cp312-manylinux_2_17_x86_64", size), ("cp312-cp312-macosx_11_0_arm64", 7))
        wheels = ", ".join(
            f'{{ url = "https://x/polars-{version}-{tags}.whl", hash = "sha256:0", size = {count} }}'
            for tags, count in files
        )
        sales = '[[package]]\nname = "sales"\nversion = "0.1.0"\ndependencies = [{ name = "polars" }]\n'
        return f'version = 1\n{sales}[[package]]\nname = "polars"\nversion = "{version}"\nwheels = [{wheels}]\n'

    commit(root, {"uv.lock": lock("1.0", 45_000_000)})
    write(root, {"uv.lock": lock("1.1", 61_000_000)})
    found = only(diff(root, "HEAD", ["sales"]))
    [wheel] = found.wheels
    assert wheel == WheelDiff(name="polars", old="1.0", new="1.1", old_size=45_000_000, new_size=61_000_000)
    assert (found.wheels_before, found.wheels_now) == (45_000_000, 61_000_000)


CLUSTER: Final = """@job(compute=job_cluster("16.4.x-scala2.12", "m5.large", workers={}))"""


def test_costs_are_told_where_somebody_has_said_prices(root: Path) -> None:
    edit(root, "flights", "import job,", "import job, job_cluster,")
    edit(root, "flights", "@job", CLUSTER.format(1))
    commit(root)
    edit(root, "flights", "workers=1", "workers=3")
    assert only(diff(root, "HEAD")).costs == ()
    write(root, {"prices.toml": '[per_hour]\n"m5.large" = 0.5\n[hours]\n"flights.flights" = 2\n'})
    report = diff(root, "HEAD")
    assert "  cost of flights: 2.00 USD → 4.00 USD a run\n" in diff_text(report)
    assert "cost: `flights` 2.00 USD → 4.00 USD a run  \n" in diff_markdown(report)
    assert TypeAdapter(DiffReport).validate_python(asdict(report)) == report
    write(root, {"prices.toml": "[per_hour]\nserverless = 1\n"})
    assert "cost of flights: not known: no price for m5.large\n" in diff_text(diff(root, "HEAD"))


def test_a_job_that_costs_as_before_has_no_line_about_it(root: Path) -> None:
    write(root, {"prices.toml": "[per_hour]\nserverless = 1\n"})
    edit(root, "flights", "@task\ndef clean", "@task(retries=2)\ndef clean")
    assert "cost" not in diff_text(diff(root, "HEAD"))


def test_the_same_difference_is_the_same_to_the_byte(root: Path) -> None:
    edit(root, "flights", "@task\ndef clean", "@task(retries=2)\ndef clean")
    script = (
        "import json; from dataclasses import asdict; from pathlib import Path\n"
        "from lakewright.project.diff import diff\n"
        "from lakewright.project.diff_forms import diff_markdown, diff_text\n"
        "d = diff(Path.cwd(), 'HEAD'); print(json.dumps(asdict(d)), diff_markdown(d), diff_text(d))"
    )
    told = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", script]
        told.add(subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True).stdout)
    assert len(told) == 1


def test_nothing_is_left_behind(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    edit(root, "flights", "@job", "@job(max_concurrent_runs=2)")
    state = git(root, "status", "--porcelain", "--ignored"), sorted((root / ".git").rglob("*"))
    diff(root, "HEAD")
    assert (git(root, "status", "--porcelain", "--ignored"), sorted((root / ".git").rglob("*"))) == state
    assert list(scratch.iterdir()) == []


def test_a_repository_may_lie_in_a_folder_of_another(tmp_path: Path) -> None:
    commit(tmp_path, {f"platform/{path}": text for path, text in {**FILES, **JOBS}.items()})
    root = tmp_path / "platform"
    edit(root, "flights", "@job", "@job(max_concurrent_runs=2)")
    assert [each.field for each in only(diff(root, "HEAD")).jobs[0].fields] == ["max_concurrent_runs"]


def test_a_base_that_was_not_fetched_is_an_error_that_says_how(root: Path, tmp_path: Path) -> None:
    commit(root)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{root}", "clone")
    with pytest.raises(ShallowCloneError, match="unshallow"):
        diff(tmp_path / "clone", "HEAD~1")


def test_a_job_called_to_deceive_is_shown_to_the_letter(root: Path) -> None:
    edit(root, "flights", "@job", '@job(name="daily", tags={"x": "| @octocat <b>`"})')
    told = diff_markdown(diff(root, "HEAD"))
    assert "<code>&#124; @octocat &#60;b&#62;&#96;</code>" in told


def test_the_target_is_named_and_may_be_new(root: Path) -> None:
    write(root, {"targets.yml": "targets: {dev: {}, prod: {}}\n"})
    edit(root, "flights", "@job", "@job(max_concurrent_runs=2)")
    report = diff(root, "HEAD", ["flights"], target="prod")
    assert diff_markdown(report).startswith("### flights → prod · ~ 1 job changed\n")
    with pytest.raises(UsageError, match="no target 'porud'"):
        diff(root, "HEAD", target="porud")


def test_a_report_is_json(root: Path) -> None:
    git(root, "mv", "pipelines/web", "pipelines/shop")
    write(root, {"pipelines/shop/databricks.yml": bundle("shop")})
    told = json.loads(json.dumps(asdict(diff(root, "HEAD"))))
    assert told["format"] == "lakewright-diff/1"
    assert [each["pipeline"] for each in told["pipelines"]] == ["shop", "web"]
