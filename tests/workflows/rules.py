"""What holds for every workflow, here and in the repositories that the template makes."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

ROOT: Final = Path(__file__).parents[2]


def read_pins() -> dict[str, tuple[str, str]]:
    """The only actions that may be used, as copier.yml pins them: release and commit."""
    document = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    pinned = yaml.safe_load(document["pins"]["default"])["actions"].values()
    found = (re.fullmatch(r"(\S+)@([0-9a-f]{40}) # (v[\d.]+)", text) for text in pinned)
    return {match[1]: (match[3], match[2]) for match in found if match}


PINS: Final = read_pins()
USES: Final = re.compile(
    r"^\s*(?:- )?uses: (?P<action>[^@\s]+)(?:@(?P<commit>\S+))?(?:\s+# (?P<release>\S+))?$", re.MULTILINE
)
OWN_WORKFLOWS: Final = "$/.github/workflows/"

Job: TypeAlias = Mapping[str, Any]
Step: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The text of a workflow, and what it says."""

    text: str
    document: Mapping[str, Any]

    @classmethod
    def parse(cls, text: str) -> "Workflow":
        """The workflow, with every scalar a string: YAML would read `on` as true."""
        return cls(text=text, document=yaml.load(text, Loader=yaml.BaseLoader))

    @property
    def jobs(self) -> Mapping[str, Job]:
        """The jobs by key."""
        jobs: Mapping[str, Job] = self.document["jobs"]
        return jobs

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Each step, with the key of its job."""
        for key, job in self.jobs.items():
            for step in job.get("steps", ()):
                yield key, step


def read_workflows(folder: Path) -> dict[str, Workflow]:
    """The workflows of a repository by file name."""
    paths = sorted((folder / ".github" / "workflows").glob("*.y*ml"))
    return {path.name: Workflow.parse(path.read_text(encoding="utf-8")) for path in paths}


def actions_are_pinned_to_known_commits(workflow: Workflow) -> Iterator[str]:
    """`owner/action@<the commit of the release in the comment>`."""
    for match in USES.finditer(workflow.text):
        action, commit, release = match.group("action", "commit", "release")
        if not action.startswith(OWN_WORKFLOWS) and PINS.get(action) != (release, commit):
            yield match.group().strip()


def permissions_are_given_job_by_job(workflow: Workflow) -> Iterator[str]:
    """Nothing for the workflow, and for each job what it says itself."""
    if workflow.document.get("permissions") != {}:
        yield "the workflow has no `permissions: {}`"
    yield from (f"job '{key}' states no permissions" for key, job in workflow.jobs.items() if "permissions" not in job)


def every_grant_has_a_reason(workflow: Workflow) -> Iterator[str]:
    """A comment behind each permission."""
    for line in workflow.text.splitlines():
        if re.match(r"\s+[a-z-]+: (read|write)\b(?!\s+#)", line):
            yield line.strip()


def jobs_run_on_a_named_image_for_a_limited_time(workflow: Workflow) -> Iterator[str]:
    """`ubuntu-24.04` and `timeout-minutes`; a job that calls a workflow leaves both to it."""
    for key, job in workflow.jobs.items():
        if "uses" in job:
            continue
        if job.get("runs-on") != "ubuntu-24.04":
            yield f"job '{key}' runs on {job.get('runs-on')}"
        if "timeout-minutes" not in job:
            yield f"job '{key}' has no timeout"


def checkouts_leave_no_credentials(workflow: Workflow) -> Iterator[str]:
    """`persist-credentials: false` with every checkout."""
    for key, step in workflow.steps():
        is_checkout = step.get("uses", "").startswith("actions/checkout@")
        if is_checkout and step.get("with", {}).get("persist-credentials") != "false":
            yield f"the checkout of job '{key}' keeps its credentials"


def commands_are_one_line_without_expressions(workflow: Workflow) -> Iterator[str]:
    """Logic is in tested code; values reach a command by its environment."""
    for key, step in workflow.steps():
        command = step.get("run", "").strip()
        if "\n" in command or "${{" in command:
            yield f"job '{key}': {command}"


def triggers_are_safe(workflow: Workflow) -> Iterator[str]:
    """A stranger's pull request gets no rights, and no filter leaves a required check waiting."""
    triggers = workflow.document["on"]
    if "pull_request_target" in triggers:
        yield "pull_request_target runs a stranger's change with this repository's rights"
    for name in ("pull_request", "merge_group"):
        settings = triggers.get(name) if isinstance(triggers, Mapping) else None
        if isinstance(settings, Mapping) and {"paths", "paths-ignore"} & settings.keys():
            yield f"{name} is filtered by paths"


def the_databricks_cli_has_a_version(workflow: Workflow) -> Iterator[str]:
    """setup-cli downloads what `version:` says."""
    for key, step in workflow.steps():
        if step.get("uses", "").startswith("databricks/setup-cli@") and "version" not in step.get("with", {}):
            yield f"job '{key}' takes any version of the Databricks CLI"


def a_gate_waits_for_every_other_job(workflow: Workflow) -> Iterator[str]:
    """Where pull requests are checked, one job stands for all: it always runs and needs each of the others."""
    if "pull_request" not in workflow.document["on"]:
        return
    gate = workflow.jobs.get("gate", {})
    others = set(workflow.jobs) - {"gate"}
    if gate.get("if") != "always()":
        yield "there is no job 'gate' with `if: always()`"
    if missing := others - set(gate.get("needs", ())):
        yield f"the gate does not need {sorted(missing)}"
    if "merge_group" not in workflow.document["on"]:
        yield "a merge queue would wait for the gate: no trigger merge_group"


Rule: TypeAlias = Callable[[Workflow], Iterator[str]]
RULES: Final[tuple[Rule, ...]] = (
    actions_are_pinned_to_known_commits,
    permissions_are_given_job_by_job,
    every_grant_has_a_reason,
    jobs_run_on_a_named_image_for_a_limited_time,
    checkouts_leave_no_credentials,
    commands_are_one_line_without_expressions,
    triggers_are_safe,
    the_databricks_cli_has_a_version,
    a_gate_waits_for_every_other_job,
)
