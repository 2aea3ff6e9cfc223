"""What `@job(dependencies=…)` makes of a body."""

from typing import Any

import pytest

from lakewright import Job, job, pipeline, task
from lakewright.databricks.jobs import job_definition
from lakewright.errors.authoring import DuplicateKeyError, SettingError
from lakewright.model.compute import job_cluster
from lakewright.model.validation import validate
from tests.branches import needs_branches


@task
def load(day: str) -> str:
    return day


@task
def clean(rows: str) -> str:
    return rows


@task(run_if="one_failed")
def alert() -> None:
    return None


@job(dependencies="libs.zip")
def daily(day: str = "today") -> str:
    loaded = load(day)
    alert.after(loaded)()
    return clean(loaded)


def task_of(definition: Any, key: str) -> Any:  # noqa: ANN401  JSON
    return next(each for each in definition["tasks"] if each["task_key"] == key)


def test_tasks_stand_between_one_that_makes_their_packages_and_one_that_removes_them() -> None:
    assert daily.dag.nodes == ("process_deps", "load", "alert", "clean", "cleanup_deps", "job_status")
    assert daily.dag.roots == ("process_deps",)
    assert daily.dag.upstream("load") == ("process_deps",)
    assert daily.dag.upstream("cleanup_deps") == ("alert", "clean", "process_deps")
    assert daily.dag.upstream("job_status") == ("alert", "clean")


def test_a_task_behind_others_waits_for_the_packages_unless_its_rule_would_become_another() -> None:
    """A repair runs it when those before it have long ended, and the packages are made again."""

    @job(dependencies="libs.zip")
    def two() -> None:
        one, other = load.named("one")("a"), load.named("other")("b")
        for rule in ("all_success", "all_done", "none_failed", "one_success", "all_failed"):
            clean.named(rule).options(run_if=rule).after(one, other)("c")

    waiting = {key for key in two.dag.nodes if "process_deps" in two.dag.upstream(key)}
    assert waiting == {"one", "other", "all_success", "all_done", "none_failed", "cleanup_deps"}


@needs_branches
def test_a_task_that_is_excluded_with_those_before_it_still_is() -> None:
    """One more parent that succeeds would have it run."""

    @job(dependencies="libs.zip")
    def behind_an_alert(mode: str = "full") -> None:
        loaded = load("a")
        told = alert.after(loaded)()
        clean.named("follow_up").after(told)("b")
        if mode == "full":
            clean.named("deeper")(clean.named("taken")("c"))

    waiting = {key for key in behind_an_alert.dag.nodes if "process_deps" in behind_an_alert.dag.upstream(key)}
    assert "follow_up" not in waiting
    assert "deeper" not in waiting
    assert {"load", "alert"} <= waiting


def test_only_tasks_of_the_body_run_with_the_packages() -> None:
    assert {each.key: each.packages_from for each in daily.dag.tasks} == {
        "process_deps": "",
        "load": "process_deps",
        "alert": "process_deps",
        "clean": "process_deps",
        "cleanup_deps": "",
        "job_status": "",
    }


def test_nothing_that_a_deployment_refuses_comes_in() -> None:
    assert validate(daily.definition) == ()


def test_ten_runs_go_at_once_unless_the_author_says_otherwise() -> None:
    assert daily.settings.max_concurrent_runs == 10
    assert job(dependencies="a.zip", max_concurrent_runs=2)(daily.body.function).settings.max_concurrent_runs == 2
    assert job(daily.body.function).settings.max_concurrent_runs == 1


def test_a_definition_for_a_cluster_has_the_fields_of_its_predecessor() -> None:
    @task(timeout=1800)
    def test() -> None:
        return None

    @job(
        dependencies="/Volumes/main/etl/in/mixed.zip",
        compute=job_cluster("14.3.x-scala2.12", "i3.xlarge", workers=1),
        timeout=7200,
        tags={"team": "data"},
    )
    def mixed() -> None:
        test()

    definition: Any = job_definition(mixed.definition)
    timeouts = [task_of(definition, key)["timeout_seconds"] for key in ("process_deps", "test", "cleanup_deps")]
    assert timeouts == [1800, 1800, 600]
    assert (definition["timeout_seconds"], definition["max_concurrent_runs"]) == (7200, 10)
    assert definition["tags"] == {"team": "data"}
    assert [(each["name"], each["default"]) for each in definition["parameters"]] == [
        ("volume_base_path", ""),
        ("cleanup_enabled", "true"),
        ("input_zip_path", "/Volumes/main/etl/in/mixed.zip"),
    ]
    keys = {task_of(definition, key)["job_cluster_key"] for key in ("process_deps", "test", "cleanup_deps")}
    assert keys == {"main"}
    assert [each["job_cluster_key"] for each in definition["job_clusters"]] == ["main"]
    assert task_of(definition, "cleanup_deps")["run_if"] == "ALL_DONE"
    assert task_of(definition, "job_status")["run_if"] == "NONE_FAILED"


def test_a_serverless_definition_has_environments_and_no_libraries() -> None:
    definition: Any = job_definition(daily.definition)
    processes = [each for each in definition["tasks"] if "python_wheel_task" in each]
    assert {each["environment_key"] for each in processes} == {"serverless_5"}
    assert not [each for each in processes if "libraries" in each or "job_cluster_key" in each]
    (environment,) = definition["environments"]
    assert environment["spec"] == {"environment_version": "5", "dependencies": ["./dist/*.whl"]}


def test_no_path_of_the_definition_is_that_of_one_run() -> None:
    definition: Any = job_definition(daily.definition)
    for each in definition["tasks"]:
        parameters = each.get("python_wheel_task", {}).get("parameters", ())
        assert "{{job.run_id}}" in parameters or not parameters
    assert "wheelhouse.zip" not in str(definition)


def test_a_parameter_of_the_body_can_hold_the_archive() -> None:
    @job(dependencies="{source}")
    def given(source: str) -> str:
        return load(source)

    assert [each.name for each in given.dag.parameters] == ["source", "volume_base_path", "cleanup_enabled"]


def test_parameters_that_the_body_has_already_are_its_own() -> None:
    @job(dependencies="a.zip")
    def own(volume_base_path: str = "/Volumes/main/etl/work") -> str:
        return load(volume_base_path)

    defaults = {each.name: each.default for each in own.dag.parameters}
    assert defaults["volume_base_path"] == "/Volumes/main/etl/work"


def refused(written: Job[..., Any]) -> str:
    with pytest.raises(SettingError) as caught:
        written.dag  # noqa: B018  it is traced when it is first asked for
    return str(caught.value)


def test_a_parameter_that_there_is_not_is_told_with_what_was_meant() -> None:
    @job(dependencies="{sourc}")
    def given(source: str) -> str:
        return load(source)

    message = refused(given)
    assert "dependencies='{sourc}' names no parameter of the job; did you mean 'source'?" in message
    assert "test_depending.py:" in message


def test_a_parameter_that_holds_no_text_is_refused() -> None:
    @job(dependencies="a.zip")
    def given(cleanup_enabled: bool = True) -> str:  # noqa: ARG001, FBT001, FBT002  parameters of a job are its body's
        return load("today")

    assert "parameter 'cleanup_enabled' of a job with dependencies= holds text, not bool" in refused(given)


def test_a_task_that_chose_threads_is_refused_at_its_line() -> None:
    @job(dependencies="a.zip")
    def given() -> str:
        return load.options(executor="threads")("today")

    message = refused(given)
    assert "task 'load': executor='threads' and the dependencies= of its job do not go together" in message


def test_a_task_of_the_same_key_is_told_with_both_places() -> None:
    @job(dependencies="a.zip")
    def given() -> str:
        return load.named("cleanup_deps")("today")

    with pytest.raises(DuplicateKeyError, match="task key 'cleanup_deps' is given twice"):
        given.dag  # noqa: B018  it is traced when it is first asked for


@pytest.mark.parametrize("value", ["", "  ", None, 3, ["a.zip"]])
def test_what_is_no_path_is_refused_at_the_decorator(value: object) -> None:
    with pytest.raises(SettingError, match=r"is not the path of an archive, or '\{name\}' for a job parameter"):
        job(dependencies=value)(daily.body.function)  # type: ignore[call-overload]  # that is the point


def test_the_packages_of_a_job_are_for_its_own_runs_alone() -> None:
    @pipeline
    def around() -> str:
        return daily()

    with pytest.raises(SettingError, match=r"'daily' has dependencies=, which only a run of its own can make"):
        around.dag  # noqa: B018  it is traced when it is first asked for
    with pytest.raises(SettingError, match=r"Run it as a whole: \.run\(\), or \.as_task\(\) in another job"):
        daily.run(eager=True)


def test_the_cache_does_not_know_the_packages_so_nothing_comes_from_it() -> None:
    @job(dependencies="a.zip")
    def given() -> str:
        return load.options(cache=True)("today")

    assert not given.dag.task("load").settings.cache


def test_equal_bodies_have_equal_digests_and_packages_change_them() -> None:
    plain = job(daily.body.function)
    assert plain.dag.digest != daily.dag.digest
    assert job(dependencies="libs.zip")(daily.body.function).dag.digest == daily.dag.digest
