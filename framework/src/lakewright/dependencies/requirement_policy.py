"""What a file of requirements may hold beside names of packages, and why the rest is refused.

pip obeys every line: a file can make it take packages from another index, run code from an address, or read other
files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lakewright.errors.dependencies import RefusedRequirementError

if TYPE_CHECKING:
    from lakewright.errors.base import Location

_VERSION_CONTROL: Final = re.compile(r"(?:git|hg|svn|bzr)\+", re.IGNORECASE)
_SCHEME: Final = re.compile(r"(?P<scheme>file(?=:)|[a-z][a-z0-9+.-]+(?=://))", re.IGNORECASE)
# Up to the last `@`: who pastes a password does not always escape one in it. Or the scheme was lost on the way: it is
# looked for from the beginning of a word only, so that no line takes time that grows with the square of its length.
_USER_INFO: Final = re.compile(r"(?<=//)[^/\s\"']+@|(?<![^/\s\"'@])[^/\s\"':@]*:[^/\s\"']+@")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementPolicy:
    """What a file of requirements may do beside naming packages; nothing of it by default.

    Attributes:
        allow_index_options: `--index-url`, `--extra-index-url`, `--no-index`, `--find-links`.
        allow_urls: packages by the address of a file.
        allow_vcs: packages from version control, `git+https://…`. Their code runs where the wheel is built.
        allow_paths: projects and wheels of the archive by their path.
        allow_editables: `-e`; what it names is built like any other project, a cluster gets wheels.
        allow_includes: `-r`, of files in the archive.
        allow_constraints: `-c`, of files in the archive.
    """

    allow_index_options: bool = False
    allow_urls: bool = False
    allow_vcs: bool = False
    allow_paths: bool = False
    allow_editables: bool = False
    allow_includes: bool = False
    allow_constraints: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that a line may ask for, the setting that allows it, and what to do instead."""

    what: str
    setting: str
    instead: str


_INDEX: Final = "Who builds says where packages come from: UV_DEFAULT_INDEX, UV_INDEX, UV_FIND_LINKS."
INCLUDE: Final = Rule(what="another file (-r)", setting="allow_includes", instead="Put its lines into this file.")
CONSTRAIN: Final = Rule(
    what="constraints of another file (-c)",
    setting="allow_constraints",
    instead="Write the versions to the packages that this file names.",
)
EDITABLE: Final = Rule(
    what="an editable project (-e)",
    setting="allow_editables",
    instead="Put the project into the archive as it is: it is found and built.",
)
URL: Final = Rule(
    what="a package by its address", setting="allow_urls", instead="Name it, or put its wheel into the archive."
)
VCS: Final = Rule(
    what="a package from version control",
    setting="allow_vcs",
    instead="Name a release of it, or put its wheel into the archive.",
)
PATH: Final = Rule(
    what="a package by its path",
    setting="allow_paths",
    instead="Wheels and projects of the archive are found without a line for each.",
)
OPTIONS: Final = {
    **dict.fromkeys(("-r", "--requirement"), INCLUDE),
    **dict.fromkeys(("-c", "--constraint"), CONSTRAIN),
    **dict.fromkeys(("-e", "--editable"), EDITABLE),
    **{
        name: Rule(what=f"the option {name}", setting="allow_index_options", instead=_INDEX)
        for name in ("-i", "--index-url", "--extra-index-url", "--no-index", "-f", "--find-links")
    },
    "--pre": Rule(what="the option --pre", setting="", instead="Ask for the version itself, such as six>=2.0rc1."),
    "--trusted-host": Rule(
        what="the option --trusted-host", setting="", instead="Give the machine that builds the host's certificate."
    ),
}


def allow(rule: Rule, policy: RequirementPolicy, location: Location | None) -> None:
    """Nothing, if the policy allows what a line asks for.

    Raises:
        RefusedRequirementError: it does not.
    """
    if not (rule.setting and getattr(policy, rule.setting)):
        raise RefusedRequirementError(rule.what, location=location, hint=rule.instead, setting=rule.setting)


def is_address(text: str) -> bool:
    """Whether a text begins like an address, one of this machine or of version control included.

    >>> is_address("https://packages.example/six.whl"), is_address("file:six"), is_address("six")
    (True, True, False)
    """
    return bool(_VERSION_CONTROL.match(text) or _SCHEME.match(text))


def address_rule(address: str) -> Rule:
    """What counts for a package that is named by where it lies."""
    if _VERSION_CONTROL.match(address):
        return VCS
    scheme = _SCHEME.match(address)
    return URL if scheme and scheme["scheme"].lower() != "file" else PATH


def option_rule(name: str) -> Rule:
    """What counts for an option; most of pip's have no sense for wheels, and nothing allows them."""
    instead = "Leave it out: a line names a package, its versions, extras, markers and hashes."
    return OPTIONS.get(name) or Rule(what=f"the option {without_credentials(name)}", setting="", instead=instead)


def without_credentials(text: str) -> str:
    """A line as it may be shown.

    >>> without_credentials("six @ https://me:secret@packages.example/six.whl")
    'six @ https://****@packages.example/six.whl'
    >>> without_credentials("me:secret@packages.example/six.whl")
    '****@packages.example/six.whl'
    """
    return _USER_INFO.sub("****@", text)
