"""What in a text looks like a credential: shapes that nothing else has, so that what is found is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# The shapes are those that scanners of secrets know them by (gitleaks, nosey parker); AWS writes its own examples so.
_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("a token of Databricks", re.compile(r"\bdapi[0-9a-f]{32}(?:-\d+)?\b")),
    ("a token of GitHub", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})\b")),
    ("an access key of AWS", re.compile(r"\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE\b)[A-Z0-9]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")),
)
_NAMED: Final = r"[\w.-]*(?:client_secret|databricks_token|secret_access_key)"
# A value in quotes, or one of YAML without; a reference, such as `${{ secrets.x }}` or `<yours>`, is none.
_VALUE: Final = re.compile(
    rf"(?im)\b{_NAMED}[\"']?\s*[:=]\s*[\"']([^\s\"'$<{{*][^\s\"']{{7,}})[\"']"
    rf"|^[ \t-]*{_NAMED}\s*:[ \t]+([^\s\"'$<{{*#&|>(\[][^\s\"'()]{{7,}})[ \t]*(?:#.*)?$"
)
# The word by which a line is left out, as for gitleaks.
_ALLOWED: Final = "gitleaks:allow"


class Credential(NamedTuple):
    """Something that looks like a credential: what it would be, and on which line; never itself."""

    kind: str
    line: int


def credentials_in(text: str) -> Iterator[Credential]:
    r"""All that looks like a credential, in order; lines with `gitleaks:allow` are left out.

    >>> list(credentials_in("host: x\nclient_secret: 8Q~abcdefgh"))
    [Credential(kind='a secret', line=2)]
    >>> list(credentials_in("client_secret: ${var.secret}"))
    []
    """
    found = [(match.start(), kind) for kind, shape in _SHAPES for match in shape.finditer(text)]
    found += [(match.start(), "a secret") for match in _VALUE.finditer(text)]
    for start, kind in sorted(found):
        line = text.count("\n", 0, start) + 1
        if _ALLOWED not in text.splitlines()[line - 1]:
            yield Credential(kind, line)
