import json
import shlex

import pytest

from lakewright.project.federation import PRINCIPAL, issuer, policy_command, subject


@pytest.mark.parametrize(
    ("customization", "expected"),
    [
        ({}, "repo:acme/flights:environment:prod"),
        ({"use_default": True, "sub_claim_prefix": ""}, "repo:acme/flights:environment:prod"),
        ({"use_default": True, "sub_claim_prefix": "repo:acme@1/flights@2"}, "repo:acme@1/flights@2:environment:prod"),
        ({"use_default": False, "include_claim_keys": ["repo"]}, None),
    ],
)
def test_a_subject_has_the_form_that_the_repository_sends(
    customization: dict[str, object], expected: str | None
) -> None:
    assert subject(customization, "acme/flights", "prod") == expected


@pytest.mark.parametrize("server", ["https://github.com", "https://github.com/"])
def test_the_public_github_has_an_issuer_of_its_own(server: str) -> None:
    assert issuer(server) == "https://token.actions.githubusercontent.com"


def test_the_command_survives_a_shell_whatever_the_subject_holds() -> None:
    given = "repo:o'neill/a b:environment:prod"
    words = shlex.split(policy_command(given, issuer("https://github.example.com")))
    assert words[3:5] == ["create", PRINCIPAL]
    assert json.loads(words[-1]) == {
        "oidc_policy": {"issuer": "https://github.example.com/_services/token", "subject": given}
    }
