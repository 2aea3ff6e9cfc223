"""A pipeline that is called in the body of another becomes part of its DAG."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl
import pytest

from lakewright import Bucket, Job, MemoryIo, Provider, job, job_start_date, pipeline, task
from lakewright.config import LocalConfig
from lakewright.databricks.jobs import job_definition
from lakewright.errors.authoring import NestedJobError, TraceError
from lakewright.model.binding import Output, ParameterValue
from lakewright.model.target import TargetValues
from lakewright.model.validation import validate
from tests.contract import process_jobs as shared_jobs
from tests.contract.test_processes import shown

here: Final = Provider(config=LocalConfig()).local()
raw: Final = Bucket("{data}/raw.parquet")


class Halves(NamedTuple):
    left: list[int]
    right: list[int]


@task
def load(city: str, count: int = 3) -> list[int]:
    return [len(city)] * count


@here.task
def clean(rows: list[int], *, least: int = 0) -> list[int]:
    return [row for row in rows if row >= least]


@task
def total(*rows: list[int]) -> int:
    return sum(map(sum, rows))


@task
def split(rows: list[int]) -> Halves:
    return Halves(rows[:1], rows[1:])


@task
def stamp(day: date, rows: list[int]) -> str:
    return f"{day}: {rows}"


@task
def scan(source: Bucket) -> list[int]:
    return source.scan().collect()["n"].to_list()


@pipeline
def features(city: str, least: int = 0) -> list[int]:
    return clean(load(city), least=least)


@pipeline
def of_rows(rows: pl.DataFrame, least: int = 0) -> list[int]:
    return clean(rows, least=least)  # type: ignore[arg-type]  # only its shape matters


@pipeline
def with_key(city: str) -> list[int]:
    return clean.named("tidy").options(retries=1)(load(city))


@job
def totals(city: str = "Ulm", least: int = 1) -> int:
    return total(features(city, least), features("Berlin"))


def run(each: Any, folder: Path, **params: object) -> Any:  # noqa: ANN401  a pipeline and its value
    return each.execute(params=params, target=TargetValues(root=str(folder))).value


def test_tasks_of_a_part_have_keys_of_their_own_numbered_as_any_repetition() -> None:
    assert totals.dag.nodes == ("features-load", "features-clean", "features-load__2", "features-clean__2", "total")
    assert totals.dag.edges == (
        ("features-load", "features-clean"),
        ("features-load__2", "features-clean__2"),
        ("features-clean", "total"),
        ("features-clean__2", "total"),
    )


def test_arguments_of_a_part_are_those_of_its_tasks() -> None:
    arguments = {node.key: {each.name: each.binding for each in node.arguments} for node in totals.dag.tasks}
    assert arguments["features-load"] == {"city": ParameterValue("city")}
    assert arguments["features-clean"] == {"rows": Output("features-load"), "least": ParameterValue("least")}
    assert totals.dag.parameters[0].name == "city"
    assert len(totals.dag.parameters) == 2


def test_a_job_of_parts_runs_here(tmp_path: Path) -> None:
    assert run(totals, tmp_path) == 3 * 3 + 3 * 6
    assert run(totals, tmp_path, city="New York", least=100) == 3 * 6


def test_a_job_of_parts_is_one_databricks_job() -> None:
    assert validate(totals.definition) == ()
    definition: Any = job_definition(totals.definition)
    assert [each["task_key"] for each in definition["tasks"]] == list(totals.dag.nodes)


def test_a_part_can_be_named() -> None:
    @job
    def named() -> int:
        return total(features.named("home")("Ulm"), features.named("away")("Bern"))

    assert named.dag.nodes == ("home-load", "home-clean", "away-load", "away-clean", "total")


def test_a_part_in_a_loop_takes_keys_from_the_item(tmp_path: Path) -> None:
    @job
    def looped() -> int:
        return total(*[features(city) for city in ("Ulm", "Bern")])

    assert looped.dag.nodes == (
        "features-load_Ulm",
        "features-clean_Ulm",
        "features-load_Bern",
        "features-clean_Bern",
        "total",
    )
    assert run(looped, tmp_path) == 21


def test_keys_that_a_part_gives_to_tasks_are_below_its_own() -> None:
    @job
    def keyed() -> int:
        return total(with_key("Ulm"), with_key("Bern"))

    assert keyed.dag.nodes == ("with_key-load", "with_key-tidy", "with_key-load__2", "with_key-tidy__2", "total")
    assert keyed.dag.task("with_key-tidy").settings.retry.retries == 1


def test_parts_can_have_parts(tmp_path: Path) -> None:
    @pipeline
    def pair(city: str) -> int:
        return total(features(city), load("Rome", 1))

    @job
    def outer() -> str:
        return stamp(date(2013, 1, 31), [pair("Ulm"), pair.named("other")("Bern")])

    assert outer.dag.nodes[:4] == ("pair-features-load", "pair-features-clean", "pair-load", "pair-total")
    assert outer.dag.nodes[4] == "other-features-load"
    assert run(outer, tmp_path) == "2013-01-31: [13, 16]"


def test_a_part_gives_what_its_body_returns_whatever_that_is(tmp_path: Path) -> None:
    @pipeline
    def halves(city: str) -> tuple[Halves, dict[str, list[int]]]:
        rows = load(city)
        return split(rows), {"all": rows}

    @job
    def used() -> int:
        parts, named = halves("Ulm")
        return total(parts.left, named["all"])

    assert run(used, tmp_path) == 12


def test_a_part_may_take_data_that_no_run_could_be_given() -> None:
    @task
    def frame() -> pl.DataFrame:
        return pl.DataFrame()

    @job
    def taking() -> list[int]:
        return of_rows(frame(), least=2)

    assert taking.dag.edges == (("frame", "of_rows-clean"),)
    assert (of_rows.is_only_a_part, features.is_only_a_part) == (True, False)


def test_a_job_can_be_a_part(tmp_path: Path) -> None:
    @job
    def twice() -> str:
        return stamp(date(2013, 1, 31), [totals(), totals("Rome")])

    assert "totals-features-load" in twice.dag.nodes
    assert run(twice, tmp_path) == "2013-01-31: [27, 30]"


def test_bound_values_are_those_of_the_part_unless_the_call_gives_others(tmp_path: Path) -> None:
    bound = features.bind(city="Bern", least="5")

    @job
    def of_bound() -> int:
        return total(bound(), bound("London"), bound(least=0))  # type: ignore[call-arg]

    assert run(of_bound, tmp_path) == 0 + 18 + 12


def test_the_day_of_a_part_is_given_by_the_run_around_it() -> None:
    @pipeline
    def dated(day: date = job_start_date()) -> str:
        return stamp(day, [1])

    @job
    def around(day: date = job_start_date()) -> str:
        return dated(day)

    assert around.dag.task("dated-stamp").arguments[0].binding == ParameterValue("day")


def test_resources_and_buckets_of_parts_are_those_of_the_whole(tmp_path: Path) -> None:
    @pipeline
    def reading(source: Bucket) -> list[int]:
        return clean(scan(source))

    @job
    def whole() -> int:
        return total(reading(raw))

    pl.DataFrame({"n": [1, 2]}).write_parquet(tmp_path / "raw.parquet")
    analysis = whole.analyze()
    assert (analysis.data_sources, analysis.executors) == ((raw,), {"reading-clean": here})
    target = TargetValues(root=str(tmp_path), data=str(tmp_path))
    assert whole.execute(target=target, io=MemoryIo()).value == 3


def test_a_name_that_no_key_can_begin_with_is_made_one() -> None:
    @pipeline(name="New York/JFK")
    def spelled() -> list[int]:
        return load("x")

    @job
    def whole() -> int:
        return total(spelled())

    assert whole.dag.nodes == ("New_York_JFK-load", "total")


def test_a_pipeline_can_still_be_run_by_itself(tmp_path: Path) -> None:
    assert features.dag.nodes == ("load", "clean")
    assert run(features, tmp_path, city="Ulm") == [3, 3, 3]


def test_an_error_in_a_part_leaves_the_trace_as_it_was() -> None:
    @pipeline
    def failing() -> list[int]:
        load("x")
        raise LookupError

    @job
    def caught() -> int:
        with contextlib.suppress(LookupError):
            failing()
        return total(load("y"))

    assert caught.dag.nodes == ("failing-load", "load", "total")


def test_a_task_that_a_called_pipeline_defines_inside_is_found_before_deployment() -> None:
    @pipeline
    def hiding() -> list[int]:
        @task
        def hidden() -> list[int]:
            return [1]

        return hidden()

    @job
    def whole() -> int:
        return total(hiding())

    assert "hidden-task" in {finding.code for finding in validate(whole.definition)}


@pytest.mark.parametrize("use", ["run", "execute", "analyze", "visualize"])
def test_a_body_cannot_use_a_pipeline_otherwise(use: str) -> None:
    @job
    def wrong() -> int:
        getattr(features, use)()
        return total(load("x"))

    with pytest.raises(NestedJobError, match=r"'features' is (run|used) inside the body"):
        _ = wrong.dag


def test_a_part_that_a_thread_of_the_body_calls_is_missed_by_nobody() -> None:
    @job
    def threaded() -> int:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(features, "Ulm")
        return total(load("Rome"))

    with pytest.raises(TraceError, match="pipeline 'features' is called from a new thread while a job body is traced"):
        _ = threaded.dag


@pytest.mark.parametrize("whole", [totals, shared_jobs.frames, shared_jobs.managers, shared_jobs.constants])
def test_a_job_that_is_all_of_another_gives_the_same_below_its_name(whole: Job[[], object], tmp_path: Path) -> None:
    @job
    def around() -> object:
        return whole()

    prefix = f"{whole.name}-"
    assert around.dag.nodes == tuple(prefix + key for key in whole.dag.nodes)
    assert around.dag.edges == tuple((prefix + up, prefix + down) for up, down in whole.dag.edges)
    assert [node.settings for node in around.dag.tasks] == [node.settings for node in whole.dag.tasks]
    assert [node.function for node in around.dag.tasks] == [node.function for node in whole.dag.tasks]
    here, there = (each.execute(target=TargetValues(root=str(tmp_path / each.name))) for each in (whole, around))
    assert {prefix + key: shown(value) for key, value in here.items()} == {
        key: shown(value) for key, value in there.items()
    }
    assert shown(there.value) == shown(here.value)
