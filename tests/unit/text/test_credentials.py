from string import ascii_letters, digits

import pytest

from lakewright.text.credentials import Credential, credentials_in

# Put together, so that no scanner takes this file for a leak.
DATABRICKS = "dapi" + "0a" * 16
GITHUB = "ghp_" + (ascii_letters + digits)[:36]
FINE_GRAINED = "github_pat_" + "A1" * 41
AWS = "AKIA" + "Q7" * 8
KEY = "-----BEGIN RSA PRIVATE " + "KEY-----"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"token: {DATABRICKS}", "a token of Databricks"),
        (f'"{DATABRICKS}-2"', "a token of Databricks"),
        (f"run: gh auth login --with-token {GITHUB}", "a token of GitHub"),
        (FINE_GRAINED, "a token of GitHub"),
        (f"AWS_ACCESS_KEY_ID={AWS}", "an access key of AWS"),
        (KEY, "a private key"),
        ("-----BEGIN PGP PRIVATE " + "KEY BLOCK-----", "a private key"),
        ("client_secret: 8Q~abcdefgh", "a secret"),
        ("  azure_client_secret: 'abcdefgh1'  # of dev", "a secret"),
        ('"DATABRICKS_TOKEN" : "abcdefgh1"', "a secret"),
        ("config = Config(client_secret='abcdefgh1')", "a secret"),
        ('aws_secret_access_key = "abcdefgh1"', "a secret"),
    ],
)
def test_what_looks_like_a_credential_is_found(text: str, kind: str) -> None:
    assert list(credentials_in(f"a: b\n{text}\n")) == [Credential(kind, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "client_secret: ${{ secrets.CLIENT_SECRET }}",
        'client_secret: "{{ vault }}"',
        "client_secret: <yours>",
        "client_secret: *anchor",
        "client_secret: &anchor",
        "client_secret:",
        "client_secret: short",
        "client_secret=secret('scope', 'key')",
        "client_secret = os.environ['DATABRICKS_CLIENT_SECRET']",
        "the client_secret: ask your administrator for it",
        "token = context().dapi",
        "dapiDataGetTopLongShortPositionRatio",
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN PUBLIC KEY-----",
        "git commit 0123456789abcdef0123456789abcdef01234567",
        f"{DATABRICKS}  # gitleaks:allow",
    ],
)
def test_what_only_resembles_one_is_left_alone(text: str) -> None:
    assert list(credentials_in(text)) == []
