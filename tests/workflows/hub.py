"""What GitHub keeps of a repository while workflows run: environments, tokens, artefacts; and what makes them run."""

import itertools
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.workflows.concurrency import Groups

DEPENDABOT: Final = "dependabot[bot]"
READ: Final = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A GitHub environment: its variables, the branches that may use it, what its reviewers say."""

    vars: Mapping[str, str] = field(default_factory=dict)
    branches: tuple[str, ...] | None = None
    approved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What sets workflows off, with the commit that they are read from."""

    name: str
    ref: str
    sha: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    actor: str = "octocat"

    @property
    def is_untrusted(self) -> bool:
        """Whether GitHub gives its runs a token that reads, and nothing else: a fork's, or Dependabot's."""
        if "pull_request" not in self.payload:
            return False
        ends = [self.payload["pull_request"][end]["repo"]["full_name"] for end in ("head", "base")]
        return ends[0] != ends[1] or self.actor == DEPENDABOT


@dataclass(slots=True, kw_only=True)
class Hub:
    """One repository on GitHub.

    Attributes:
        origin: the bare repository that checkouts clone.
        environments: none of them has to be made before: GitHub makes what a job names, without variables.
        variables: those of the repository.
        tokens: what each token that was handed out may do.
        artifacts: the files of each run by name.
        groups: the concurrency groups, with who is in them.
        identities: what GitHub says of who asks with each token for one: the subject that Databricks is shown.
    """

    origin: Path
    storage: Path
    name: str = "acme/my-platform"
    api_url: str = "http://127.0.0.1:9"
    environments: dict[str, Environment] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, Mapping[str, str]] = field(default_factory=dict)
    artifacts: dict[tuple[int, str], Path] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)
    identity_url: str = "http://127.0.0.1:9/token?"
    groups: Groups = field(default_factory=Groups)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    secrets: "itertools.count[int]" = field(default_factory=itertools.count)

    def git(self, *arguments: str) -> str:
        """What git says of the repository."""
        command = ["git", "-C", str(self.origin), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def sha(self, ref: str) -> str:
        """The commit of a ref."""
        return self.git("rev-parse", f"{ref}^{{commit}}")

    def token(self, permissions: Mapping[str, str]) -> str:
        """A new token that may do this."""
        token = f"ghs_{next(self.secrets):016d}"
        self.tokens[token] = permissions
        return token

    def push(self, branch: str = "main") -> Event:
        """Somebody has pushed, or merged, to a branch."""
        ref = f"refs/heads/{branch}"
        return Event(name="push", ref=ref, sha=self.sha(ref), payload=self._payload({"ref": ref}))

    def schedule(self, cron: str) -> Event:
        """It is time."""
        ref = "refs/heads/main"
        return Event(name="schedule", ref=ref, sha=self.sha(ref), payload=self._payload({"schedule": cron}))

    def dispatch(self, branch: str = "main", **inputs: object) -> Event:
        """Somebody runs a workflow by hand."""
        ref = f"refs/heads/{branch}"
        payload = self._payload({"inputs": inputs, "ref": ref})
        return Event(name="workflow_dispatch", ref=ref, sha=self.sha(ref), payload=payload, inputs=inputs)

    def pull_request(
        self,
        branch: str,
        *,
        number: int = 1,
        fork: str | None = None,
        actor: str = "octocat",
        labels: tuple[str, ...] = (),
    ) -> Event:
        """Somebody has opened, or pushed to, a pull request: its workflows see the merge of both branches."""
        base, head = self.sha("refs/heads/main"), self.sha(f"refs/heads/{branch}")
        ref = f"refs/pull/{number}/merge"
        self.git("update-ref", ref, self._merge(base, head))
        payload = {
            "number": number,
            "action": "synchronize",
            "pull_request": {
                "number": number,
                "user": {"login": actor},
                "labels": [{"name": label} for label in labels],
                "head": {"ref": branch, "sha": head, "repo": {"full_name": fork or self.name}},
                "base": {"ref": "main", "sha": base, "repo": {"full_name": self.name}},
            },
        }
        return Event(name="pull_request", ref=ref, sha=self.sha(ref), payload=self._payload(payload), actor=actor)

    def merge_group(self, branch: str) -> Event:
        """A merge queue tries a change."""
        base = self.sha("refs/heads/main")
        ref = f"refs/heads/gh-readonly-queue/main/{branch}"
        self.git("update-ref", ref, self._merge(base, self.sha(f"refs/heads/{branch}")))
        group = {"base_ref": "refs/heads/main", "base_sha": base, "head_ref": ref, "head_sha": self.sha(ref)}
        return Event(name="merge_group", ref=ref, sha=self.sha(ref), payload=self._payload({"merge_group": group}))

    def _merge(self, base: str, head: str) -> str:
        tree = self.git("merge-tree", "--write-tree", base, head)
        identity = ("-c", "user.name=GitHub", "-c", "user.email=noreply@github.com")
        return self.git(*identity, "commit-tree", tree, "-p", base, "-p", head, "-m", "Merge")

    def _payload(self, more: Mapping[str, Any]) -> dict[str, Any]:
        owner, _, name = self.name.partition("/")
        repository = {"full_name": self.name, "name": name, "owner": {"login": owner}, "default_branch": "main"}
        return {"repository": repository, **more}
