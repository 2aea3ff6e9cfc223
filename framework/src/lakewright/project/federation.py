"""How GitHub's workflows sign in to Databricks: whom GitHub says they are, and whom Databricks lets in.

Sources: https://docs.github.com/actions/reference/security/oidc, also in its version for GitHub Enterprise Server, and
https://docs.databricks.com/dev-tools/auth/provider-github.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PUBLIC: Final = "https://github.com"
_ISSUER: Final = "https://token.actions.githubusercontent.com"
_RESIDENCY: Final = ".ghe.com"
PRINCIPAL: Final = "SERVICE_PRINCIPAL_ID"


def subject(customization: Mapping[str, Any], repository: str, environment: str) -> str | None:
    """The subject of the tokens of jobs in an environment, to the letter; None if the repository makes up its own.

    Args:
        customization: what GitHub answers at `actions/oidc/customization/sub`; its `sub_claim_prefix` has the ids of
            owner and repository where subjects have them.
        repository: `owner/name`.
        environment: of GitHub; named as the target.

    >>> subject({"use_default": True, "sub_claim_prefix": "repo:acme@1/flights@2"}, "acme/flights", "prod")
    'repo:acme@1/flights@2:environment:prod'
    >>> subject({"use_default": True}, "acme/flights", "prod")
    'repo:acme/flights:environment:prod'
    """
    if not customization.get("use_default", True):
        return None
    prefix = customization.get("sub_claim_prefix") or f"repo:{repository}"
    return f"{prefix}:environment:{environment}"


def issuer(server: str) -> str:
    """Who signs the tokens of workflows on a GitHub: the public one, one with data residency, or a company's own.

    Args:
        server: `GITHUB_SERVER_URL` of its workflows.

    >>> issuer("https://github.com")
    'https://token.actions.githubusercontent.com'
    >>> issuer("https://github.example.com/")
    'https://github.example.com/_services/token'
    >>> issuer("https://acme.ghe.com")
    'https://token.actions.acme.ghe.com'
    """
    server = server.rstrip("/")
    if server == _PUBLIC:
        return _ISSUER
    if server.endswith(_RESIDENCY):
        return server.replace("://", "://token.actions.", 1)
    return f"{server}/_services/token"


def policy_command(subject: str, issued_by: str) -> str:
    """The command that lets tokens of a subject sign in as a service principal.

    Args:
        subject: of the tokens.
        issued_by: their issuer.

    >>> policy_command("repo:acme/flights:environment:prod", issuer("https://github.com")).partition(" --json ")[0]
    'databricks account service-principal-federation-policy create SERVICE_PRINCIPAL_ID'
    """
    policy = {"oidc_policy": {"issuer": issued_by, "subject": subject}}
    words = ["databricks", "account", "service-principal-federation-policy", "create", PRINCIPAL]
    return shlex.join([*words, "--json", json.dumps(policy)])
