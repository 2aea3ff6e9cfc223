"""One name, one format."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from lakewright import job, task
from lakewright.diagrams.formats import FORMATS, SUFFIXES, format_of, render
from lakewright.errors.authoring import SettingError
from lakewright.model.dag import Dag
from lakewright.model.job import JobDefinition

ROOT: Final = Path(__file__).parents[3]


@task
def load() -> int:
    return 1


@job
def daily() -> int:
    return load()


def test_every_format_draws_the_job() -> None:
    assert all("load" in render(daily.definition, name) for name in FORMATS)


def test_json_holds_the_whole_dag() -> None:
    assert json.loads(render(daily.definition, "json")) == json.loads(daily.dag.to_json())


def test_an_unknown_format_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown format 'mermaidd'; did you mean 'mermaid'"):
        render(daily.definition, "mermaidd")


def test_visualize_also_writes_the_file_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "daily.mmd"
    assert daily.visualize(str(path)) == path.read_text(encoding="utf-8")


def test_a_file_name_asks_for_a_format() -> None:
    assert format_of("docs.d/daily.html") == "html"
    assert format_of("daily.gv") == "dot"
    assert format_of("DAILY.JSON") == "json"
    assert format_of("daily") == format_of("docs.d/daily") == "mermaid"
    assert set(SUFFIXES.values()) == set(FORMATS)


def test_a_suffix_of_no_known_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"cannot be written as '\.png'; known suffixes are \.dot, ") as caught:
        daily.visualize(str(tmp_path / "daily.png"))
    assert caught.value.location is not None
    assert Path(caught.value.location.file).name == Path(__file__).name
    assert not any(tmp_path.iterdir())
    assert daily.visualize(str(tmp_path / "daily.md"), format="mermaid")


DRAWING: Final = """
from hashlib import sha256
from lakewright.diagrams.formats import FORMATS, render
from tests.golden.pipeline import daily_sales
print({name: sha256(render(daily_sales.definition, name).encode()).hexdigest() for name in FORMATS})
"""


def test_a_picture_is_the_same_in_every_process() -> None:
    drawn = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        command = [sys.executable, "-c", DRAWING]
        drawn.add(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    (pictures,) = drawn
    assert all(f"'{name}'" in pictures for name in FORMATS)


def test_a_name_in_json_comes_back_as_it_was() -> None:
    name = 'a"]\n</script>\x1b'
    dag = Dag.from_edges([(name, "b")], name=name)
    assert json.loads(render(JobDefinition(name=name, dag=dag), "json"))["tasks"][0]["key"] == name
