"""What `lakewright doctor` looks at on GitHub: whom its workflows sign in as, and their environments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lakewright.errors.github import ForbiddenError, GitHubError, MissingOnGitHubError
from lakewright.project.checkup import right, unknown, wrong
from lakewright.project.federation import issuer, policy_command, subject
from lakewright.project.github import access, connected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lakewright.project.checkup import Checkup
    from lakewright.project.github import GitHub
    from lakewright.project.targets import Target

GITHUB: Final = "GitHub"
_VARIABLE: Final = "DATABRICKS_CLIENT_ID"
_CUSTOMIZATION: Final = "actions/oidc/customization/sub"


def look_at_github(root: Path, targets: Mapping[str, Target]) -> Iterator[Checkup]:
    """What is found about a repository on GitHub; where it cannot be asked, why.

    Args:
        root: of the repository.
        targets: that are deployed to.
    """
    try:
        with connected(access(root)) as github:
            yield right(GITHUB, f"repository {github.access.repository}")
            names = [environment for name, target in targets.items() for environment in environments(name, target)]
            yield from _subjects(github, names)
            for name in names:
                yield _environment(github, name)
    except GitHubError as error:
        yield unknown(GITHUB, f"not looked at: {error.message}", error.hint)


def environments(name: str, target: Target) -> tuple[str, ...]:
    """The environments of a target: one to deploy, and one to plan pull requests where others depend on it."""
    return (name,) if target.is_development else (name, f"{name}-plan")


def _subjects(github: GitHub, names: list[str]) -> Iterator[Checkup]:
    """Whom GitHub says that jobs are, and the command that lets each of them in."""
    try:
        said = github.get(_CUSTOMIZATION)
    except (ForbiddenError, MissingOnGitHubError) as error:
        yield unknown(GITHUB, f"the subject of its tokens is not known: {error.message}", error.hint)
        return
    for name in names:
        found = subject(said, github.access.repository, name)
        if found is None:
            told = "the repository makes up subjects of its own, which no policy here can name"
            way_out = f"gh api --method PUT repos/{github.access.repository}/{_CUSTOMIZATION} -F use_default=true"
            yield wrong(GITHUB, told, way_out)
            return
        told = f"jobs in '{name}' sign in as {found}; its service principal needs this once:"
        yield right(GITHUB, told, policy_command(found, issuer(github.access.server)))


def _environment(github: GitHub, name: str) -> Checkup:
    make = f"gh api --method PUT repos/{github.access.repository}/environments/{name}"
    fill = f"gh variable set {_VARIABLE} --env {name} --body APPLICATION_ID"
    try:
        github.get(f"environments/{name}")
    except MissingOnGitHubError:
        return wrong(GITHUB, f"there is no environment '{name}'", f"{make}\n{fill}")
    except ForbiddenError as error:
        return unknown(GITHUB, f"environment '{name}' could not be looked at: {error.message}", error.hint)
    try:
        github.get(f"environments/{name}/variables/{_VARIABLE}")
    except MissingOnGitHubError:
        return wrong(GITHUB, f"environment '{name}' has no variable {_VARIABLE}", fill)
    except ForbiddenError as error:
        return unknown(GITHUB, f"the variables of '{name}' could not be looked at: {error.message}", error.hint)
    return right(GITHUB, f"environment '{name}' with {_VARIABLE}")
