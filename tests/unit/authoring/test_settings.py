from datetime import timedelta
from typing import Any

import pytest

from lakewright.authoring.settings import job_setup, task_options, task_setup
from lakewright.errors.authoring import SettingError
from lakewright.io.memory import MemoryIo
from lakewright.model.compute import serverless
from lakewright.model.retry import Retry
from lakewright.model.task import DEFAULTS, TaskSettings
from lakewright.model.trigger import Cron


def test_every_setting_of_a_task_has_its_field() -> None:
    io = MemoryIo()
    setup = task_setup(
        "@task",
        {
            "name": "clean",
            "retries": 2,
            "timeout": timedelta(minutes=1),
            "run_if": "all_done",
            "compute": serverless(),
            "tags": ["gold", "daily"],
            "io": io,
            "databricks": {"disable_auto_optimization": True},
        },
    )
    assert (setup.name, setup.io) == ("clean", io)
    assert setup.settings == TaskSettings(
        retry=Retry(2),
        timeout=60.0,
        run_if="all_done",
        compute=serverless(),
        tags=("gold", "daily"),
        databricks='{"disable_auto_optimization":true}',
    )


def test_options_change_what_is_given_and_leave_the_rest() -> None:
    base = TaskSettings(retry=Retry(2), timeout=5.0, compute=serverless())
    io = MemoryIo()
    assert task_options("options", {"retries": 0}, base=base, io=io) == (
        TaskSettings(timeout=5.0, compute=serverless()),
        io,
    )
    assert task_options("options", {"timeout": None, "compute": None, "io": None}, base=base, io=io) == (
        TaskSettings(retry=Retry(2)),
        None,
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"retrys": 2}, "got an unknown setting 'retrys'; did you mean 'retries'"),
        ({"schedul": 2}, "unknown setting 'schedul'\n(.|\n)*  'schedule' is a setting of @job"),
        ({"max_retries": 2}, r"did you mean 'retries'"),
        (
            {"notification_settings": {}},
            r"known are: (.|\n)*go in by their own names: databricks=",
        ),
        ({"retries": -1}, "retries=-1 is not a whole number, 0 or more, or a Retry"),
        ({"retries": "2"}, "retries='2' is not"),
        ({"retries": True}, "retries=True is not"),
        ({"retries": None}, "retries=None is not"),
        ({"timeout": 0}, "timeout=0 is not a number of seconds above 0"),
        ({"timeout": True}, "timeout=True is not"),
        ({"timeout": float("inf")}, "timeout=inf is not"),
        ({"timeout": float("nan")}, "timeout=nan is not"),
        ({"timeout": timedelta(0)}, "timeout=.* is not"),
        ({"run_if": "all_sucess"}, "run_if='all_sucess' is not one of all_success, one_success"),
        ({"run_if": "all_sucess"}, "did you mean 'all_success'"),
        ({"run_if": None}, "run_if=None is not one of"),
        ({"compute": "serverless"}, "compute='serverless' is not exactly one of serverless"),
        ({"compute": (serverless(), serverless())}, "is not exactly one of"),
        ({"io": "x.parquet"}, "io='x.parquet' is not an IoManager"),
        ({"io": MemoryIo}, "is not an IoManager"),
        ({"tags": "gold"}, "tags='gold' is not a collection of str"),
        ({"tags": [1]}, r"tags=\[1\] is not a collection of str"),
        ({"tags": 5}, "tags=5 is not a collection of str"),
        ({"cache": "yes"}, "cache='yes' is not True or False"),
        ({"cache": 1}, "cache=1 is not True or False"),
        ({"databricks": []}, "databricks=.* is not a dict of fields"),
        ({"databricks": {"a": (1,)}}, "is not a dict of fields by their Databricks names, with JSON values"),
        ({"databricks": {"task_key": "x"}}, "without those that are generated: task_key, depends_on"),
        ({"name": "a b"}, "name='a b' may hold only letters"),
        ({"name": ""}, "name='' must not be empty"),
        ({"name": 5}, "name=5 is not a str"),
    ],
)
def test_a_wrong_setting_of_a_task_is_told_with_what_is_wanted(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=f"@task on 'clean'.*{message}") as caught:
        task_setup("@task on 'clean'", given)
    assert caught.value.location is not None
    assert caught.value.location.file.endswith("test_settings.py")


def test_every_setting_of_a_job_has_its_field() -> None:
    name, settings = job_setup(
        "@job",
        {
            "name": "New York",
            "description": "Delays.",
            "schedule": Cron("0 6 * * *"),
            "tags": {"team": "ops", "a": "b"},
            "compute": serverless("2"),
            "libraries": [],
            "max_concurrent_runs": 2,
            "timeout": 60,
            "databricks": {"queue": {"enabled": True}},
        },
    )
    assert (name, settings.description, settings.schedule) == ("New York", "Delays.", Cron("0 6 * * *"))
    assert settings.tags == (("a", "b"), ("team", "ops"))
    assert (settings.compute, settings.libraries, settings.max_concurrent_runs) == (serverless("2"), (), 2)
    assert (settings.timeout, settings.databricks) == (60.0, '{"queue":{"enabled":true}}')


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"max_concurent_runs": 2}, "unknown setting 'max_concurent_runs'; did you mean 'max_concurrent_runs'"),
        ({"retries": 2}, "unknown setting 'retries'\n(.|\n)*  'retries' is a setting of @task"),
        ({"queue": {}}, r"known are: (.|\n)*go in by their own names: databricks=\{'queue': …\}"),
        ({"max_concurrent_runs": 0}, "max_concurrent_runs=0 is not a whole number, 1 or more"),
        ({"schedule": "0 6 * * *"}, r"schedule='0 6 \* \* \*' is not one of Cron"),
        ({"tags": {"a": 1}}, "tags=.* is not a dict of str to str"),
        ({"tags": ["a"]}, "is not a dict of str to str"),
        ({"description": 5}, "description=5 is not a str"),
        ({"libraries": "./dist/*.whl"}, "is not a collection of paths"),
        ({"databricks": {"tasks": []}}, "without those that are generated: name, tasks, parameters"),
        ({"name": " "}, "name=' ' must not be empty"),
    ],
)
def test_a_wrong_setting_of_a_job_is_told_with_what_is_wanted(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=f"@job on 'daily'.*{message}"):
        job_setup("@job on 'daily'", given)


def test_nothing_given_is_the_default() -> None:
    assert task_setup("@task", {}) == ("", DEFAULTS, None)
