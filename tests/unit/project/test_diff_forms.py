from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from lakewright.model.changes import FieldChange, TaskChange
from lakewright.model.cost import Cost
from lakewright.project.costs import CostDiff
from lakewright.project.diff import DiffReport, JobDiff, PipelineDiff, WheelDiff
from lakewright.project.diff_forms import diff_markdown, diff_text

CLEAN = TaskChange(task="clean", change="changed", fields=(FieldChange(field="retries", old="0", new="2"),))
EFFECT = TaskChange(
    task="weather_effect",
    change="added",
    after=("join",),
    fields=(
        FieldChange(field="environment_key", new="serverless_5"),
        FieldChange(field="function", new="flights.tasks:weather_effect"),
        FieldChange(field="retries", new="0"),
    ),
)
PICTURE = 'graph LR\n    t0["clean"]:::changed\n'
DELAYS = JobDiff(job="delays", change="changed", tasks=(CLEAN, EFFECT), size=11, picture=PICTURE)
FLIGHTS = PipelineDiff(
    pipeline="flights",
    change="changed",
    jobs=(DELAYS,),
    wheels=(
        WheelDiff(name="scipy", new="1.18.0", new_size=37_000_000),
        WheelDiff(name="polars", old="1.0", new="1.1", old_size=45_000_000, new_size=46_000_000),
        WheelDiff(name="six", old="1.0"),
    ),
    wheels_before=120_000_000,
    wheels_now=158_000_000,
    costs=(
        CostDiff(
            job="delays", before=Cost(least=1.0, most=1.0), after=Cost(least=2.0, most=2.0), currency="$", as_of="May"
        ),
    ),
    files=tuple(f"pipelines/flights/src/flights/{name}.py" for name in "abcde"),
)
REPORT = DiffReport(
    base="origin/main", commit="c0ffee" * 6, target="prod", pipelines=(FLIGHTS,), unaffected=("sales", "web")
)


def of_job(**changes: object) -> DiffReport:
    job = replace(DELAYS, **changes)  # type: ignore[arg-type]  # whatever a test changes
    return replace(REPORT, pipelines=(replace(FLIGHTS, jobs=(job,)),))


def test_markdown_tells_what_before_and_after_with_the_picture() -> None:
    assert diff_markdown(REPORT) == (
        "### flights → prod · ~ 1 job changed, + 1 task added, ~ 1 task changed\n"
        "\n"
        "| | job or task | what | before | after |\n"
        "|---|---|---|---|---|\n"
        "| ~ | `delays.clean` | retries | `0` | `2` |\n"
        "| + | `delays.weather_effect` | new, after `join` |  | `serverless_5, retries 0` |\n"
        "\n"
        "```mermaid\n"
        'graph LR\n    t0["clean"]:::changed\n'
        "```\n"
        "\n"
        "wheels: + `scipy 1.18.0` (37 MB), ~ `polars 1.0 → 1.1` (45 MB → 46 MB), − `six 1.0`; "
        "158 MB in all, 120 MB before  \n"
        "cost: `delays` &#36;1.00 → &#36;2.00 for each hour that it runs; prices of May  \n"
        "files: `pipelines/flights/src/flights/a.py`, `pipelines/flights/src/flights/b.py`, "
        "`pipelines/flights/src/flights/c.py` and 2 more\n"
        "\n"
        "2 other pipelines are not affected: `sales`, `web`. Nothing that they are made of differs from "
        "`origin/main` (c0ffeec0f).\n"
    )


def test_text_tells_the_same_on_lines() -> None:
    assert diff_text(REPORT).splitlines()[:3] == [
        "flights   ~ 1 job changed, + 1 task added, ~ 1 task changed",
        "  ~ delays.clean  retries: 0 → 2",
        "  + delays.weather_effect  new, after join: serverless_5, retries 0",
    ]


def test_what_is_lost_comes_first_and_loud() -> None:
    gone = JobDiff(job="old", change="removed", size=3)
    report = replace(REPORT, pipelines=(replace(FLIGHTS, jobs=(DELAYS, gone)),))
    table = [line for line in diff_markdown(report).splitlines() if line.startswith("| ")][1:]
    assert table[0] == "| − | **`old`** | **removed with its 3 tasks, its runs and its schedule** |  |  |"


def test_a_renamed_job_is_told_to_lose_its_runs() -> None:
    told = diff_markdown(of_job(change="renamed", was="late", tasks=()))
    assert "| → | **`delays`** | **renamed: deleted and created anew, its runs are lost** | `late` | `delays` |" in told


def test_a_removed_pipeline_says_that_its_jobs_run_on() -> None:
    gone = PipelineDiff(pipeline="old", change="removed", jobs=(JobDiff(job="old", change="removed", size=1),))
    told = diff_markdown(replace(REPORT, pipelines=(gone,)))
    assert "### old → prod · REMOVED, with 1 job" in told
    assert "lakewright destroy" in told
    assert "REMOVED" in diff_text(replace(REPORT, pipelines=(gone,)))


@pytest.mark.parametrize("form", [diff_markdown, diff_text])
def test_no_pipeline_is_said_too(form: object) -> None:
    assert callable(form)
    assert "no pipeline is affected" in form(DiffReport(base="main")).lower()


def test_an_error_stands_in_a_fence_that_it_cannot_close() -> None:
    report = replace(REPORT, pipelines=(replace(FLIGHTS, error="````\n@octocat\n# loud"),))
    told = diff_markdown(report)
    assert "### flights → prod · cannot be generated\n" in told
    assert "`````text\n````\n@octocat\n# loud\n`````\n" in told


def test_a_picture_that_is_none_is_left_out() -> None:
    assert "octocat" not in diff_markdown(of_job(picture="graph LR\n```\n@octocat"))


def test_a_job_of_a_removed_pipeline_is_not_said_to_be_taken_away() -> None:
    gone = PipelineDiff(pipeline="old", change="removed", jobs=(JobDiff(job="daily", change="removed", size=2),))
    told = diff_text(replace(REPORT, pipelines=(gone,)))
    assert "  − daily  2 tasks, runs on until it is destroyed\n" in told


def test_a_long_line_of_an_error_is_broken_where_a_reader_would_have_to_scroll() -> None:
    told = diff_markdown(replace(REPORT, pipelines=(replace(FLIGHTS, error=f"  jobs.py:3: {'word ' * 40}"),)))
    lines = told.partition("```text\n")[2].partition("\n```")[0].splitlines()
    assert all(len(line) <= 105 for line in lines)
    assert lines[0].startswith("  jobs.py:3: word")
    assert lines[1].startswith("      word")
    assert " ".join(lines).split() == ["jobs.py:3:", *["word"] * 40]


@pytest.mark.parametrize("line", [f"{' ' * 110}^^^^", f"{' ' * 103}{'word ' * 40}"])
def test_an_error_may_be_indented_beyond_the_width_that_a_reader_sees(line: str) -> None:
    told = diff_markdown(replace(REPORT, pipelines=(replace(FLIGHTS, error=f"jobs.py:3: no task\n{line}"),)))
    shown = told.partition("```text\n")[2].partition("\n```")[0]
    assert shown.split() == ["jobs.py:3:", "no", "task", *line.split()]
    assert all(len(each) <= 105 for each in shown.splitlines())


def test_where_nothing_is_affected_there_are_no_others() -> None:
    assert "\n\n2 pipelines are not affected: `sales`, `web`." in diff_markdown(replace(REPORT, pipelines=()))


def test_long_values_and_tables_are_cut() -> None:
    fields = tuple(FieldChange(field=f"f{number}", old="x" * 1000, new="y") for number in range(100))
    told = diff_markdown(of_job(fields=fields))
    assert "x" * 161 not in told
    assert "42 more rows: `lakewright diff` shows all." in told
    assert told.count("| ~ |") == 60


@pytest.mark.parametrize("hostile", ["a | b", "`", "<script>", "@octocat", "a\nb", "[x](https://evil.example)"])
def test_names_and_values_break_out_of_no_cell(hostile: str) -> None:
    task = TaskChange(
        task=hostile, change="added", after=(hostile,), fields=(FieldChange(field="retries", new=hostile),)
    )
    field = FieldChange(field=hostile, old=hostile, new=hostile)
    told = diff_markdown(of_job(job=hostile, tasks=(task,), fields=(field,)))
    html = str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(told))
    assert html.count("<td>") == 2 * 5
    assert not any(f"<{tag}" in html for tag in ("script", "a ", "b>"))
