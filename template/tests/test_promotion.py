"""What is deployed, and in which order, is what targets.yml says."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]


def read_yaml(path: str) -> dict[str, Any]:
    # As text: YAML would take the `on` of a workflow for true.
    content: dict[str, Any] = yaml.load((ROOT / path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  it makes texts only
    return content


TARGETS = read_yaml("targets.yml")["targets"]


def test_a_change_passes_the_targets_in_their_order() -> None:
    jobs = read_yaml(".github/workflows/deploy.yml")["jobs"]
    deploys = {job["with"]["target"]: (key, job["needs"]) for key, job in jobs.items() if "with" in job}
    before = [None, *TARGETS]
    assert deploys == {
        target: (target, ["affected", "build", *filter(None, [before[at]])]) for at, target in enumerate(TARGETS)
    }


def test_what_any_target_lacks_is_asked_first_and_built() -> None:
    steps = read_yaml(".github/workflows/deploy.yml")["jobs"]["affected"]["steps"]
    asked = {step["id"]: step["run"] for step in steps if "id" in step}
    assert list(asked) == ["any", *TARGETS]
    assert all(f"--target {target} " in asked[step] for target in TARGETS for step in ("any", target))


def test_every_target_that_is_shared_is_looked_at_for_drift() -> None:
    shared = [name for name, target in TARGETS.items() if target.get("mode") != "development"]
    looked_at = read_yaml(".github/workflows/drift.yml")["jobs"]["drift"]["strategy"]["matrix"]["target"]
    assert looked_at == shared


@pytest.mark.parametrize("workflow", ["rollback", "destroy"])
def test_what_is_done_by_hand_can_be_done_in_every_target(workflow: str) -> None:
    inputs = read_yaml(f".github/workflows/{workflow}.yml")["on"]["workflow_dispatch"]["inputs"]
    assert inputs["target"]["options"] == list(TARGETS)


def test_every_pipeline_knows_the_targets() -> None:
    bundles = sorted(path.parent.name for path in ROOT.glob("pipelines/*/databricks.yml"))
    assert {name: read_yaml(f"pipelines/{name}/databricks.yml")["include"] for name in bundles} == {
        name: ["../../targets.yml"] for name in bundles
    }
