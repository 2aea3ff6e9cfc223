import json
from pathlib import Path

import pytest

from tests.git import commit, git
from tests.unit.cli.commands import Call
from tests.unit.project.monorepo import FILES
from tests.unit.project.repos import write


@pytest.fixture(autouse=True)
def root(tmp_path: Path) -> Path:
    """The repository that the command line is called in: one pipeline has changed, another is gone."""
    commit(tmp_path, FILES)
    git(tmp_path, "rm", "-r", "--quiet", "pipelines/sales")
    write(tmp_path, {"shared/units/src/units/__init__.py": "x = 1"})
    return tmp_path


def test_names_stand_line_by_line_and_what_is_removed_apart(call: Call) -> None:
    ended = call("affected", "--base", "HEAD")
    assert (ended.code, ended.out, ended.err) == (0, "flights\n", "removed: sales\n")


def test_reasons_are_told_for_people(call: Call) -> None:
    assert call("affected", "--base", "HEAD", "--why").out == (
        "flights\n"
        "  shared/units/src/units/__init__.py: it needs shared/units, by way of shared/geo\n"
        "\n"
        "not affected: web\n"
        "\n"
        "removed: sales\n"
    )


def test_of_many_reasons_a_few_are_told(call: Call, root: Path) -> None:
    write(root, {f"pipelines/web/data/{number}": "" for number in range(9)})
    told = call("affected", "--base", "HEAD", "--why").out
    assert told.count("pipelines/web/data/") == 5
    assert "  and 4 more files\n" in told


def test_a_matrix_takes_the_names(call: Call) -> None:
    assert json.loads(call("affected", "--base", "HEAD", "--format", "json").out) == ["flights"]


def test_a_step_takes_the_names_as_its_outputs(call: Call) -> None:
    assert call("affected", "--base", "HEAD", "--format", "github").out == (
        'pipelines=["flights"]\n'
        'groups=[{"name":"flights","pipelines":"flights"}]\n'
        'removed=["sales"]\n'
    )  # fmt: skip


def test_more_pipelines_than_a_matrix_takes_are_told_in_groups(call: Call, root: Path) -> None:
    names = [f"pipeline_{number}" for number in range(300)]
    write(root, {f"pipelines/{name}/databricks.yml": f"bundle: {{name: {name}}}\n" for name in names})
    lines = call("affected", "--base", "HEAD", "--format", "github").out.splitlines()
    outputs = {name: json.loads(value) for name, _, value in (line.partition("=") for line in lines)}
    assert len(outputs["groups"]) <= 256
    grouped = [name for group in outputs["groups"] for name in group["pipelines"].split(" ")]
    assert sorted(grouped) == outputs["pipelines"] == sorted([*names, "flights"])


def test_reasons_are_told_to_programs(call: Call) -> None:
    told = json.loads(call("affected", "--base", "HEAD", "--why", "--format", "json").out)
    assert told == {
        "format": "lakewright-affected/1",
        "since": "HEAD",
        "affected": [
            {
                "pipeline": "flights",
                "reasons": [
                    {
                        "path": "shared/units/src/units/__init__.py",
                        "what": "it needs shared/units, by way of shared/geo",
                        "through": ["pipelines/flights", "shared/geo", "shared/units"],
                    }
                ],
            }
        ],
        "unaffected": ["web"],
        "removed": ["sales"],
    }


def test_reasons_are_told_in_markdown(call: Call) -> None:
    told = call("affected", "--base", "HEAD", "--why", "--format", "markdown").out
    row = "| `flights` | `shared/units/src/units/__init__.py` | it needs shared/units, by way of shared/geo |"
    assert row in told.splitlines()
    assert "removed: `sales`" in told


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("text", ""),
        ("markdown", "No pipeline is affected.\n\nnot affected: `flights`, `sales`, `web`\n"),
        ("json", "[]\n"),
        ("github", "pipelines=[]\ngroups=[]\nremoved=[]\n"),
    ],
)
def test_that_nothing_is_affected_is_said_in_every_format(call: Call, root: Path, *, form: str, told: str) -> None:
    git(root, "reset", "--quiet", "--hard")
    assert call("affected", "--base", "HEAD", "--format", form).out == told


def test_a_call_without_a_revision_is_told_what_to_give(call: Call) -> None:
    ended = call("affected")
    assert ended.code == 2
    assert "--base origin/main" in ended.err


def test_an_unknown_revision_is_a_wrong_call_and_no_git_a_failure(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("affected", "--base", "nope").code == 2
    monkeypatch.setenv("PATH", "")
    assert call("affected", "--base", "HEAD").code == 1


def test_a_target_stands_for_its_last_deploys_and_a_revision_is_another_thing(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    told = call("affected", "--target", "dev", "--why")
    assert told.code == 0
    assert "flights\n  nobody says what is deployed to dev: there is no token for GitHub\n" in told.out
    both = call("affected", "--target", "dev", "--base", "HEAD")
    assert (both.code, "exclude each other" in both.err) == (2, True)
