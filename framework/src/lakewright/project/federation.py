"""How GitHub's workflows sign in to Databricks: whom GitHub says they are, and whom Databricks lets in.

Sources: https://docs.github.com/actions/reference/security/oidc and
https://docs.databricks.com/dev-tools/auth/provider-github.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ISSUER: Final = "https://token.actions.githubusercontent.com"
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


def policy_command(subject: str) -> str:
    """The command that lets tokens of a subject sign in as a service principal.

    >>> policy_command("repo:acme/flights:environment:prod").partition(" --json ")[0]
    'databricks account service-principal-federation-policy create SERVICE_PRINCIPAL_ID'
    """
    policy = {"oidc_policy": {"issuer": ISSUER, "subject": subject}}
    words = ["databricks", "account", "service-principal-federation-policy", "create", PRINCIPAL]
    return shlex.join([*words, "--json", json.dumps(policy)])
