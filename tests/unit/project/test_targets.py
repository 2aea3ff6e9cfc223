"""targets.yml: what would fail is found at its line, the rest is left alone."""

from pathlib import Path

import pytest

from lakewright.errors.project import ProjectError, UsageError
from lakewright.project.targets import findings, read_targets
from tests.unit.project.repos import TARGETS, write


def found(root: Path, text: str) -> list[str]:
    write(root, {"targets.yml": text})
    return [str(each) for each in findings(*read_targets(root))]


def test_a_sound_file_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path, TARGETS) == []


def test_the_order_of_targets_is_the_order_of_promotion(tmp_path: Path) -> None:
    write(tmp_path, {"targets.yml": TARGETS})
    targets, _ = read_targets(tmp_path)
    assert list(targets.targets) == ["dev", "prod"]


def test_a_placeholder_host_is_found_at_its_line(tmp_path: Path) -> None:
    text = TARGETS.replace("https://prod.example.com", "https://CHANGE-ME.example.com")
    (finding,) = found(tmp_path, text)
    assert finding == (
        'targets.yml:10: error: targets.prod.workspace.host is still the placeholder "https://CHANGE-ME.example.com" '
        "[placeholder-host]"
    )


def test_a_variable_without_value_is_found_at_its_target(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, TARGETS.replace("variables: {catalog: prod}", "variables: {}"))
    assert finding.startswith("targets.yml:11: error: targets.prod.variables has no value for 'catalog'")


def test_a_variable_that_jobs_need_must_be_declared(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, TARGETS.replace("  volume: {default: lakewright}\n", ""))
    assert finding.startswith("targets.yml:1: error: variables does not declare 'volume'")


def test_production_needs_one_place_for_everybody(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, TARGETS.replace(', root_path: "/Workspace/bundles/${bundle.name}"', ""))
    assert finding.startswith("targets.yml:8: error: targets.prod is in production mode")


def test_a_near_miss_of_a_key_is_a_warning_with_the_one_meant(tmp_path: Path) -> None:
    text = TARGETS.replace("mode: production", "mod: production").replace("root_path:", "root_paht:")
    assert [each.partition(": warning: Databricks does not know ")[::2] for each in found(tmp_path, text)] == [
        ("targets.yml:9", "targets.prod.mod; did you mean 'mode'? [unknown-key]"),
        ("targets.yml:10", "targets.prod.workspace.root_paht; did you mean 'root_path'? [unknown-key]"),
    ]


def test_a_target_without_workspace_is_found(tmp_path: Path) -> None:
    text = TARGETS.replace(
        'workspace: {host: "https://dev.example.com"}', 'worksapce: {host: "https://dev.example.com"}'
    )
    assert [each.partition(": ")[2].partition(": ")[2] for each in found(tmp_path, text)] == [
        "Databricks does not know targets.dev.worksapce; did you mean 'workspace'? [unknown-key]",
        "targets.dev has no workspace.host [missing-host]",
    ]


@pytest.mark.parametrize(
    ("place", "for_all"), [("profile: DEV", ""), ("", 'workspace: {host: "https://all.example.com"}\n')]
)
def test_a_profile_or_a_host_for_all_targets_will_do(tmp_path: Path, *, place: str, for_all: str) -> None:
    assert found(tmp_path, TARGETS.replace('host: "https://dev.example.com"', place) + for_all) == []


def test_what_databricks_knows_and_we_do_not_is_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, TARGETS + "permissions: [{level: CAN_VIEW, group_name: users}]\n") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("targets: {dev: {mode: [}}", r"targets\.yml:1: this is not YAML"),
        ("targets:\n  dev:\n    mode: developement\n", r"targets\.yml:3: targets\.dev\.mode: "),
        ("variables: {}\n", r"targets\.yml:1: targets: Field required"),
        ("variables: {}\ntargets: {}\n", r"targets\.yml:2: targets: "),
    ],
)
def test_a_file_of_another_form_is_an_error_at_its_line(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, {"targets.yml": text})
    with pytest.raises(ProjectError, match=message):
        read_targets(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"there is no targets\.yml in "):
        read_targets(tmp_path)


def test_an_unknown_target_is_an_error_with_the_one_meant(tmp_path: Path) -> None:
    write(tmp_path, {"targets.yml": TARGETS})
    with pytest.raises(UsageError, match=r"targets\.yml has no target 'prd'; did you mean 'prod'"):
        read_targets(tmp_path)[0].target("prd")
