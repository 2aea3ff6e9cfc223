"""What is deployed, and in which order, is what targets.yml says."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]


def read_yaml(path: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    return content


def test_a_change_passes_the_targets_in_their_order() -> None:
    jobs = read_yaml(".github/workflows/deploy.yml")["jobs"]
    deploys = {job["with"]["target"]: (key, job["needs"]) for key, job in jobs.items() if "with" in job}
    targets = list(read_yaml("targets.yml")["targets"])
    before = ["build", *targets]
    assert deploys == {target: (target, [*dict.fromkeys(["build", before[at]])]) for at, target in enumerate(targets)}


def test_every_pipeline_knows_the_targets() -> None:
    bundles = sorted(path.parent.name for path in ROOT.glob("pipelines/*/databricks.yml"))
    assert {name: read_yaml(f"pipelines/{name}/databricks.yml")["include"] for name in bundles} == {
        name: ["../../targets.yml"] for name in bundles
    }
