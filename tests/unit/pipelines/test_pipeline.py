import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

from lakewright import Analysis, Bucket, Cron, Job, Pipeline, Provider, job, pipeline, serverless, task
from lakewright.authoring.body import HasBody
from lakewright.config import AwsConfig, LambdaConfig
from lakewright.errors.authoring import ParameterError, SettingError
from lakewright.model.target import TargetValues

provider: Final = Provider(config=AwsConfig(region="us-east-1"))
here: Final = provider.local()
functions: Final = provider.serverless(config=LambdaConfig(memory=1024))
raw: Final = provider.bucket(bucket="data-lake", path="raw/data.parquet")
output: Final = provider.bucket(bucket="data-lake", path="output/result.parquet")
RAN: Final[list[str]] = []


@here.task()
def extract(source: Bucket) -> list[int]:
    RAN.append("extract")
    return [len(source.uri)]


@functions.task()
def clean(rows: list[int], least: int) -> list[int]:
    return [row for row in rows if row >= least]


@task
def save(rows: list[int], destination: Bucket) -> None: ...


@task
def total(rows: list[int]) -> int:
    return sum(rows)


@pipeline(name="etl", description="Rows.", config={"tags": {"team": "ops"}, "compute": serverless("4"), "timeout": 60})
def etl_pipeline(least: int = 1, mode: str = "plain", self: str = "") -> list[int]:  # noqa: ARG001  only their names matter
    """What the decorator says goes before."""
    cleaned = clean(extract(raw), least)
    save(cleaned, output)
    return cleaned


@pipeline
def bare() -> int:
    """By its docstring."""
    return total(extract(raw))


@pipeline(config={"name": "by_config", "description": "By its configuration.", "schedule": Cron("0 6 * * *")})
def configured() -> int:
    return total(extract(raw))


def test_a_pipeline_knows_what_its_decorator_was_given() -> None:
    assert (etl_pipeline.name, etl_pipeline.description) == ("etl", "Rows.")
    assert etl_pipeline.config == {"tags": {"team": "ops"}, "compute": serverless("4"), "timeout": 60}
    assert (bare.name, bare.description, bare.config) == ("bare", "By its docstring.", {})
    assert (configured.name, configured.description) == ("by_config", "By its configuration.")


def test_the_settings_of_a_configuration_are_those_of_a_job() -> None:
    settings = etl_pipeline.definition.settings
    assert (settings.tags, settings.compute, settings.timeout) == ((("team", "ops"),), serverless("4"), 60.0)
    assert configured.definition.settings.schedule == Cron("0 6 * * *")


def test_a_keyword_goes_before_the_configuration() -> None:
    made = pipeline(name="keyword", description="Said here.", config={"name": "config", "description": "Said there."})
    assert (made(function).name, made(function).description) == ("keyword", "Said here.")


def function() -> int:
    return total([1])


def test_a_job_is_a_pipeline_that_is_deployed() -> None:
    made = job(function)
    assert isinstance(made, Pipeline)
    assert not isinstance(bare, Job)
    assert isinstance(bare, HasBody)
    assert (repr(bare)[:16], repr(made)[:16]) == ("<pipeline 'bare'", "<job 'function' ")
    assert isinstance(made.bind(), Job)
    assert not isinstance(bare.bind(), Job)


def test_defining_a_pipeline_runs_no_body() -> None:
    def refuse() -> NoReturn:
        pytest.fail("the body ran")

    assert pipeline(refuse).name == "refuse"


def test_a_local_run_gives_what_the_body_returns(tmp_path: Path) -> None:
    target = TargetValues(root=str(tmp_path))
    assert etl_pipeline.execute(params={"least": 100}, target=target).value == []
    assert bare.run(mode="local") == len(raw.uri)
    assert bare.run("local", executor="serial") == len(raw.uri)


def test_an_analysis_says_what_runs_where_and_what_is_read_and_written() -> None:
    RAN.clear()
    analysis = etl_pipeline.analyze()
    assert isinstance(analysis, Analysis)
    assert analysis.dag.nodes == ("extract", "clean", "save")
    assert analysis.dag.edges == (("extract", "clean"), ("clean", "save"))
    assert analysis.executors == {"extract": here, "clean": functions}
    assert analysis.data_sources == (raw,)
    assert analysis.data_sinks == (output,)
    assert (analysis.method, analysis.reason) == ("static", "")
    assert RAN == []


def test_an_analysis_runs_no_body_whose_source_tells_enough(capsys: pytest.CaptureFixture[str]) -> None:
    @pipeline
    def speaking(month: int = 1) -> int:
        print("the body ran")  # noqa: T201  what would be seen
        return total([month])

    assert speaking.analyze(month=2).method == "static"
    assert speaking.analyze(month=2).dag == speaking.bind(month=2).dag
    assert capsys.readouterr().out == "the body ran\n"


def test_an_analysis_traces_a_body_whose_source_does_not_tell() -> None:
    names: dict[str, Any] = {"pipeline": pipeline, "total": total}
    exec("@pipeline\ndef made(): return total(1)", names)  # noqa: S102  a body without source
    analysis = names["made"].analyze()
    assert (analysis.method, analysis.dag) == ("dynamic", names["made"].dag)
    assert analysis.reason == "'made' is not read: its source cannot be read"


def test_a_run_can_be_an_analysis() -> None:
    assert etl_pipeline.run(mode="analyze") == etl_pipeline.analyze()
    assert etl_pipeline.run(mode="analyze", params={"mode": "full"}) == etl_pipeline.analyze(mode="full")


def test_an_analysis_takes_parameters_of_any_name() -> None:
    dag = etl_pipeline.analyze(least=7, mode="full", self="x").dag
    assert [parameter.default for parameter in dag.parameters] == ["7", "full", "x"]
    with pytest.raises(ParameterError, match="has no parameter 'leest'; did you mean 'least'"):
        etl_pipeline.analyze(leest=7)


def test_a_job_can_be_analysed_too() -> None:
    assert job(function).analyze().dag.nodes == ("total",)


WRONG: Final[Mapping[str, Callable[[], Any]]] = {
    "@pipeline on 'function' got an unknown setting 'max_concurent_runs'; did you mean 'max_concurrent_runs'?": (
        lambda: pipeline(config={"max_concurent_runs": 1})(function)
    ),
    "@pipeline on 'function': timeout='1' is not a number of seconds": lambda: pipeline(config={"timeout": "1"})(
        function
    ),
    "@pipeline on 'function': config=['x'] is not a dict of settings of @job": lambda: pipeline(config=["x"])(function),  # type: ignore[call-overload]
    "@pipeline on 'function' got an unknown setting 'nam'; did you mean 'name'?": lambda: pipeline(nam="x")(function),  # type: ignore[call-overload]
    "@pipeline on 'function' got an unknown setting 'schedule'": lambda: pipeline(schedule="x")(function),  # type: ignore[call-overload]
    "@pipeline on 'function': name='' must not be empty": lambda: pipeline(name="")(function),
    "@pipeline takes either a function or settings": lambda: pipeline(function, name="x"),  # type: ignore[call-overload]
    "@pipeline goes on a function, not on 'etl'": lambda: pipeline("etl"),  # type: ignore[call-overload]
    "pipeline 'bare' is not called": bare,
    "'least' is a parameter of job 'etl', not an argument of its run": lambda: etl_pipeline.run(least=1),  # type: ignore[call-overload]
    "params=[1] is not a dict of parameters": lambda: etl_pipeline.run("analyze", params=[1]),  # type: ignore[call-overload]
}


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_is_refused_with_its_line(message: str) -> None:
    with pytest.raises(SettingError) as refused:
        WRONG[message]()
    assert message in refused.value.message
    assert refused.value.location is not None
    assert refused.value.location.file.endswith("test_pipeline.py")


def test_a_setting_of_a_job_is_told_where_it_goes() -> None:
    with pytest.raises(SettingError) as refused:
        pipeline(schedule=Cron("0 6 * * *"))(function)  # type: ignore[call-overload]
    assert "config={…}" in refused.value.hint


def test_a_mode_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"^Unknown mode: x; modes are: local, analyze$"):
        bare.run(mode="x")  # type: ignore[call-overload]


def test_a_pipeline_keeps_the_name_and_the_docstring_of_its_function() -> None:
    assert (vars(bare)["__name__"], bare.__doc__) == ("bare", "By its docstring.")
    assert bare.definition.location is not None
    assert bare.definition.location.line == inspect.getsourcelines(bare.body.function)[1]
