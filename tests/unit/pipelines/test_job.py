import importlib
import inspect
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright import Cron, MemoryIo, TaskFailedError, job, serverless, task
from lakewright.errors.authoring import ParameterError, SettingError
from lakewright.errors.running import RunError
from lakewright.model.reference import Reference
from lakewright.model.target import TargetValues


@task
def double(number: int) -> int:
    return 2 * number


@task
def fail(number: int) -> int:
    raise ConnectionError(number)


@job(name="Doubling", schedule=Cron("0 6 * * *"), compute=serverless("2"), tags={"team": "ops"})
def doubling(number: int = 21, mode: str = "plain", self: str = "") -> int:  # noqa: ARG001  only their names matter
    """Twice a number.

    And more about it.
    """
    double.named("again").options(tags=["unused"])(number)
    return double(number)


@job
def failing(number: int = 1) -> int:
    return fail(number)


def test_importing_a_module_runs_no_body() -> None:
    runs: list[int] = []

    @job
    def body() -> None:
        runs.append(1)
        double(1)

    assert runs == []
    assert body.dag.nodes == ("double",)
    assert runs == [1]


def test_a_job_knows_what_its_decorator_was_given() -> None:
    definition = doubling.definition
    assert (doubling.name, definition.name) == ("Doubling", "Doubling")
    assert definition.settings.schedule == Cron("0 6 * * *")
    assert definition.settings.description == "Twice a number.\n\nAnd more about it."
    assert definition.function == Reference(__name__, "doubling")
    assert definition.location is not None
    assert definition.location.line == inspect.getsourcelines(doubling.body.function)[1]


def test_a_bare_job_is_called_like_its_function() -> None:
    assert failing.name == "failing"
    assert failing.settings.description == ""
    assert repr(failing) == f"<job 'failing' {__name__}:failing>"


def test_a_run_gives_the_bodys_value_as_data(tmp_path: Path) -> None:
    target = TargetValues(root=str(tmp_path))
    assert doubling.execute(params={"number": 4}, target=target).value == 8
    assert doubling.bind(number=3).execute(target=target).value == 6


def test_a_run_that_fails_raises_what_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TaskFailedError, match="task 'fail' failed: ConnectionError: 1"):
        failing.run()


def test_bound_values_hold_until_others_are_given() -> None:
    bound = doubling.bind(number=3).bind(mode="x")
    assert bound.bound == {"number": 3, "mode": "x"}
    assert doubling.bound == {}
    assert bound.execute(io=MemoryIo()).value == 6
    assert bound.execute(params={"number": 5}, io=MemoryIo()).value == 10


def test_bound_values_are_what_is_deployed() -> None:
    bound = doubling.bind(number="3")
    assert [parameter.default for parameter in bound.definition.dag.parameters] == ["3", "plain", ""]
    assert [parameter.default for parameter in doubling.dag.parameters] == ["21", "plain", ""]
    assert bound.dag.tasks == doubling.dag.tasks


def test_parameters_may_be_called_like_anything() -> None:
    assert doubling.bind(mode="quick", self="me").bound == {"mode": "quick", "self": "me"}
    assert doubling.execute(params={"mode": "x", "self": "y"}, io=MemoryIo()).value == 42


def test_a_wrong_bound_value_is_refused_at_once() -> None:
    with pytest.raises(ParameterError, match="job 'Doubling' has no parameter 'nubmer'; did you mean 'number'"):
        doubling.bind(nubmer=1)


def test_a_job_is_not_called() -> None:
    with pytest.raises(SettingError, match="job 'Doubling' is not called; its body only describes tasks") as caught:
        doubling()
    assert "Run it: doubling.run()" in str(caught.value)
    assert caught.value.location is not None
    assert caught.value.location.file.endswith("test_job.py")


def test_a_mode_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown mode: cluod; modes are: local, analyze"):
        doubling.run(mode="cluod")  # type: ignore[call-overload]  # the mistake


@pytest.mark.parametrize(("form", "start"), [("mermaid", "graph TD"), ("tree", "Doubling("), ("json", "{")])
def test_a_picture_is_text_and_a_file(form: Any, start: str, tmp_path: Path) -> None:  # noqa: ANN401  one of the literals
    file = tmp_path / "picture.txt"
    text = doubling.visualize(str(file), format=form)
    assert text.startswith(start)
    assert file.read_text(encoding="utf-8") == text


WRONG: Final[dict[str, dict[str, Any]]] = {
    "'number' is a parameter of job 'Doubling', not an argument of its run": {"number": 3},
    "a run of job 'Doubling' got an unknown setting 'parms'; did you mean 'params'?": {"parms": {}},
    "target='prod' is not a TargetValues(…): a run here is local": {"target": "prod"},
    "io='out' is not an IoManager such as MemoryIo()": {"io": "out"},
    "params=[1] is not a dict of parameters by their names": {"params": [1]},
}


@pytest.mark.parametrize("message", WRONG)
def test_a_wrong_argument_of_a_run_is_told_with_what_was_meant(message: str) -> None:
    with pytest.raises(SettingError) as caught:
        doubling.execute(**WRONG[message])
    assert message in str(caught.value)
    assert caught.value.location is not None
    assert caught.value.location.file.endswith("test_job.py")
    with pytest.raises(SettingError, match=r"params=\{'number': …\}"):
        doubling.run(number=3)  # type: ignore[call-overload]  # the mistake


@pytest.mark.parametrize("workers", [0, -1, 1.5, "4", None])
def test_a_run_needs_threads(workers: Any) -> None:  # noqa: ANN401  what users may pass
    with pytest.raises(RunError, match=r"max_workers=.* is not a whole number, 1 or more"):
        doubling.execute(max_workers=workers)


MODULE: Final = """
from lakewright import job, task

@task
def load() -> int:
    return {number}

@job
def daily() -> int:
    return load{times}()
"""


def test_a_module_that_is_loaded_again_has_the_jobs_of_its_new_source_and_what_was_kept_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "reloaded_jobs.py"
    file.write_text(MODULE.format(number=1, times=""), encoding="utf-8")
    module = importlib.import_module("reloaded_jobs")
    before = module.daily
    assert (before.run(), before.analyze().method) == (1, "static")
    file.write_text(MODULE.format(number=2002, times='.named("again")'), encoding="utf-8")
    importlib.reload(module)
    assert module.daily is not before
    assert (module.daily.run(), module.daily.dag.nodes) == (2002, ("again",))
    assert module.daily.analyze().dag == module.daily.dag
    assert before.dag.nodes == ("load",)
