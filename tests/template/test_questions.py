"""Every answer makes a sound repository or is refused with a reason."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from pathlib import Path, PureWindowsPath
from typing import Any, Final

import pytest
import yaml

from tests.template.conftest import Rendered
from tests.template.rendering import Answers, files, read_questions, render, run
from tests.workflows.rules import RULES, read_workflows

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

QUESTIONS: Final = read_questions()
HOSTS: Final = {
    "dev_host": "https://adb-1234567890123456.7.azuredatabricks.net",
    "staging_host": "https://acme-staging.cloud.databricks.com",
    "prod_host": "https://1234567890123456.7.gcp.databricks.com",
}
# Answers to type in, at the edges of what is allowed.
TYPED: Final[tuple[Answers, ...]] = (
    {"project_name": "a"},
    {"project_name": "data-platform-of-a-company-2"},
    {"owner": "a"},
    {"owner": "data_platform-" + 49 * "x"},
    {"codeowners": "@octocat"},
    {"codeowners": "@acme/data-platform"},
    HOSTS,
    {"dev_catalog": "1_dev", "staging_catalog": "on", "prod_catalog": "sales-prod"},
    {"schema": "null"},
    {"schema": "2013"},
    {"pipeline": "a"},
    {"pipeline": "a_pipeline_whose_name_is_as_long_as_it_can_be_here"},
)
REFUSED: Final[tuple[tuple[str, Any, str], ...]] = (
    ("project_name", "", "is not a name for a repository"),
    ("project_name", "My Platform", "as in my-platform"),
    ("project_name", "my_platform", "single hyphens"),
    ("project_name", "platform\n", "is not a name for a repository"),
    ("project_name", 101 * "a", "at most 100 characters"),
    ("project_name", "lakewright", "is taken"),
    ("owner", "Data Platform", "is not a tag that every cloud takes"),
    ("owner", 64 * "a", "at most 63 characters"),
    ("codeowners", "octocat", "write @organisation/team or @user"),
    ("codeowners", "@acme/data platform", "is not a GitHub handle"),
    ("cloud", "oracle", "'oracle' is not in"),
    ("compute", "warehouse", "'warehouse' is not in"),
    ("dependency_updates", "greenkeeper", "'greenkeeper' is not in"),
    ("python", "3.9", "'3.9' is not in"),
    ("python", 3.10, "'3.1' is not in"),
    ("dev_host", "adb-1.azuredatabricks.net", "write https:// and the host"),
    ("dev_host", "http://adb-1.7.azuredatabricks.net", "is not the address of a workspace"),
    ("staging_host", "https://adb-1.7.azuredatabricks.net/?o=1", "with nothing behind it"),
    ("prod_host", "https://adb-1.7.azuredatabricks.net/", "with nothing behind it"),
    ("dev_catalog", "Dev", "is not a name for a catalog"),
    ("staging_catalog", "a b", "is not a name for a catalog"),
    ("prod_catalog", "", "is not a name for a catalog"),
    ("schema", "${bundle.target}", "or ${bundle.name}"),
    ("schema", "my-schema", "is not a name for a schema"),
    ("pipeline", "Flights", "is not a name for a pipeline"),
    ("pipeline", "web-sales", "as in web_sales"),
    ("pipeline", "../flights", "is not a name for a pipeline"),
    ("pipeline", "class", "is taken"),
    ("pipeline", "json", "is taken"),
    ("pipeline", "aux", "is taken"),
    ("pipeline", "polars", "is taken"),
    ("pipeline", "lakewright", "is taken"),
    ("pipeline", 51 * "a", "at most 50 characters"),
    ("pipeline", "my_platform", "is the name of the repository too"),
)
DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def each_choice() -> Iterator[Answers]:
    """Nothing but defaults; then every choice of every question that has some, alone."""
    yield {}
    for name, question in QUESTIONS.items():
        choices = question.get("choices", [True, False] if question["type"] == "bool" else [])
        for choice in choices.values() if isinstance(choices, dict) else choices:
            yield {name: choice}


def pairs(questions: Mapping[str, Sequence[Any]]) -> Iterator[Answers]:
    """Sets of answers that hold every choice of every two questions together; each is the one with most new pairs."""
    names = list(questions)
    missing = {
        frozenset([(one, first), (other, second)])
        for one, other in combinations(names, 2)
        for first, second in product(questions[one], questions[other])
    }
    every = [dict(zip(names, choice, strict=True)) for choice in product(*questions.values())]
    while missing:
        best = max(every, key=lambda answers: len(missing & together(answers)))
        missing -= together(best)
        yield best


def together(answers: Answers) -> set[frozenset[tuple[str, Any]]]:
    """The pairs that a set of answers holds."""
    return {frozenset(pair) for pair in combinations(answers.items(), 2)}


def choices() -> dict[str, list[Any]]:
    """What can be chosen where there is a choice; and CODEOWNERS or none, because a file depends on it."""
    found: dict[str, list[Any]] = {"codeowners": ["", "@acme/data-platform"]}
    for name, question in QUESTIONS.items():
        given = question.get("choices", [True, False] if question["type"] == "bool" else [])
        if given:
            found[name] = list(given.values() if isinstance(given, dict) else given)
    return found


PAIRS: Final = tuple(pairs(choices()))


def label(answers: object) -> str:
    if not isinstance(answers, dict):
        return str(answers)
    return ",".join(f"{name}={value}" for name, value in answers.items()) or "defaults"


every_answer: Final = pytest.mark.parametrize("answers", [*each_choice(), *TYPED, *PAIRS], ids=label)


@every_answer
def test_every_answer_gives_files_that_parse(rendered: Rendered, answers: Answers) -> None:
    for name, content in files(rendered(answers)).items():
        match Path(name).suffix:
            case ".py":
                ast.parse(content, filename=name, feature_version=(3, 10))
            case ".toml":
                tomllib.loads(content.decode())
            case ".yml" | ".yaml":
                yaml.safe_load(content)
            case _:
                pass


@every_answer
def test_nothing_of_the_template_is_left_in_what_it_renders(rendered: Rendered, answers: Answers) -> None:
    mark = re.compile(rb"(?<!\$)\{\{|\{%|\{#|_copier_|Undefined")
    for name, content in files(rendered(answers)).items():
        assert not mark.search(name.encode()), name
        assert not name.endswith(".jinja")
        if not name.startswith("framework/") and not name.endswith(".parquet"):
            assert not mark.search(content), name
            assert content.endswith(b"\n") or not content, name
            assert not content.endswith(b"\n\n"), name


@every_answer
def test_every_path_can_be_on_windows(rendered: Rendered, answers: Answers) -> None:
    names = list(files(rendered(answers)))
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        path = PureWindowsPath(name)
        assert not re.search(r'[<>:"|?*\\\x00-\x1f]', name), name
        assert not any(DEVICES.fullmatch(part) or part.endswith((".", " ")) for part in path.parts), name
        # 260 less a generous place for the repository.
        assert len(name) <= 180, name


@every_answer
def test_every_answer_gives_what_the_formatter_and_the_linters_leave_alone(
    rendered: Rendered, answers: Answers
) -> None:
    repo = rendered(answers)
    pins = dict(re.findall(r'"([\w-]+)==([\d.]+)"', (repo / "pyproject.toml").read_text(encoding="utf-8")))
    run("uv", "tool", "run", f"ruff=={pins['ruff']}", "format", "--check", "--no-cache", cwd=repo)
    run("uv", "tool", "run", f"ruff=={pins['ruff']}", "check", "--no-cache", cwd=repo)
    run("uv", "tool", "run", f"yamllint=={pins['yamllint']}", "--strict", ".", cwd=repo)


@every_answer
def test_workflows_keep_the_rules(rendered: Rendered, answers: Answers) -> None:
    workflows = read_workflows(rendered(answers))
    assert set(workflows) == {
        "deploy.yml",
        "deploy-target.yml",
        "destroy.yml",
        "drift.yml",
        "pull-request.yml",
        "rollback.yml",
        "template-update.yml",
    }
    broken = [
        f"{name}: {finding}" for name, workflow in workflows.items() for rule in RULES for finding in rule(workflow)
    ]
    assert broken == []


def test_every_two_choices_are_made_together_once() -> None:
    made = set().union(*(together(answers) for answers in PAIRS))
    wanted = {
        frozenset([(one, first), (other, second)])
        for (one, firsts), (other, seconds) in combinations(choices().items(), 2)
        for first, second in product(firsts, seconds)
    }
    assert wanted <= made
    assert len(PAIRS) < 16


@pytest.mark.parametrize("staging", [True, False])
@pytest.mark.parametrize("attestations", [True, False])
def test_workflows_satisfy_the_auditor_and_the_schemas(
    rendered: Rendered, *, staging: bool, attestations: bool
) -> None:
    repo = rendered({"staging": staging, "attestations": attestations})
    run("zizmor", "--offline", "--persona=pedantic", "--no-progress", ".github", cwd=repo)
    workflows = [str(path) for path in sorted((repo / ".github" / "workflows").iterdir())]
    run("check-jsonschema", "--builtin-schema=vendor.github-workflows", *workflows, cwd=repo)
    run("check-jsonschema", "--builtin-schema=custom.github-workflows-require-timeout", *workflows, cwd=repo)


def test_dependencies_are_updated_by_whom_the_answer_names(rendered: Rendered) -> None:
    files_of = {
        answer: {path.name for path in (rendered({"dependency_updates": answer}) / ".github").iterdir()}
        for answer in ("dependabot", "renovate", "none")
    }
    assert {name: files_of[name] & {"dependabot.yml", "renovate.json"} for name in files_of} == {
        "dependabot": {"dependabot.yml"},
        "renovate": {"renovate.json"},
        "none": set(),
    }
    repo = rendered({"dependency_updates": "dependabot"})
    run("check-jsonschema", "--builtin-schema=vendor.dependabot", ".github/dependabot.yml", cwd=repo)
    renovate = rendered({"dependency_updates": "renovate"})
    run("check-jsonschema", "--builtin-schema=vendor.renovate", ".github/renovate.json", cwd=renovate)


@pytest.mark.parametrize("attestations", [True, False])
def test_wheels_are_signed_only_where_the_answer_says_so(rendered: Rendered, *, attestations: bool) -> None:
    build = read_workflows(rendered({"attestations": attestations}))["deploy.yml"].jobs["build"]
    signs = [step for step in build["steps"] if step.get("uses", "").startswith("actions/attest@")]
    assert bool(signs) is attestations
    assert ("id-token" in build["permissions"]) is attestations


def test_answers_leave_no_placeholder(rendered: Rendered) -> None:
    repo = rendered({**HOSTS, "codeowners": "@acme/data-platform"})
    assert [
        name for name, content in files(repo).items() if not name.startswith("framework/") and b"CHANGE-ME" in content
    ] == []


def test_answers_arrive_where_they_count(rendered: Rendered) -> None:
    repo = rendered({**HOSTS, "owner": "sales", "python": "3.10", "compute": "job_cluster", "cloud": "gcp"})
    targets = yaml.safe_load((repo / "targets.yml").read_text(encoding="utf-8"))["targets"]
    assert {f"{name}_host": target["workspace"]["host"] for name, target in targets.items()} == HOSTS
    jobs = (repo / "pipelines/flights/src/flights/jobs.py").read_text(encoding="utf-8")
    assert 'spark_version="14.3.x-scala2.12",  # Python 3.10' in jobs
    assert 'node_type="n2-standard-4"' in jobs
    assert 'tags={"owner": "sales"}' in jobs


def test_names_that_yaml_takes_for_something_else_stay_names(rendered: Rendered) -> None:
    repo = rendered({"dev_catalog": "on", "prod_catalog": "2013", "schema": "null"})
    document = yaml.safe_load((repo / "targets.yml").read_text(encoding="utf-8"))
    catalogs = [target["variables"]["catalog"] for target in document["targets"].values()]
    assert catalogs == ["on", "staging", "2013"]
    assert document["variables"]["schema"]["default"] == "null"


def test_codeowners_are_asked_only_if_there_are_some(rendered: Rendered) -> None:
    assert not (rendered({}) / ".github" / "CODEOWNERS").exists()
    owned = rendered({"codeowners": "@acme/data-platform"})
    assert (owned / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()[-1].split() == [
        "*",
        "@acme/data-platform",
    ]


@pytest.mark.parametrize(("question", "answer", "reason"), REFUSED)
def test_a_wrong_answer_is_refused_with_a_reason(
    source: Path, tmp_path: Path, *, question: str, answer: object, reason: str
) -> None:
    destination = tmp_path / "repo"
    with pytest.raises(ValueError, match=re.escape(reason)) as refusal:
        render(source, destination, {question: answer})
    assert f"'{question}'" in str(refusal.value)
    assert not destination.exists()


def test_every_question_has_a_type_a_help_and_a_default() -> None:
    for name, question in QUESTIONS.items():
        assert {"type", "help", "default"} <= question.keys(), name
        assert question["type"] != "str" or {"validator", "choices"} & question.keys(), name


def test_every_validator_is_tried() -> None:
    assert {name for name, _, _ in REFUSED} == {name for name in QUESTIONS if QUESTIONS[name]["type"] != "bool"}


def test_names_of_the_standard_library_are_reserved() -> None:
    document = yaml.safe_load((Path(__file__).parents[2] / "copier.yml").read_text(encoding="utf-8"))
    reserved = set(yaml.safe_load(document["reserved_names"]["default"]))
    modules = {name for name in sys.stdlib_module_names if re.fullmatch(r"[a-z][a-z0-9_]*", name)}
    assert modules <= reserved


def test_the_template_asks_for_no_trust() -> None:
    document = yaml.safe_load((Path(__file__).parents[2] / "copier.yml").read_text(encoding="utf-8"))
    assert {"_tasks", "_migrations", "_jinja_extensions"}.isdisjoint(document)
