"""What a file of requirements asks for, within what its reader allows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from lakewright.dependencies.requirement_policy import (
    PATH,
    RequirementPolicy,
    address_rule,
    allow,
    is_address,
    option_rule,
    without_credentials,
)
from lakewright.dependencies.requirement_text import Line, lines
from lakewright.errors.dependencies import RefusedRequirementError, RequirementError, RequirementSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lakewright.errors.base import Location

_PATH: Final = re.compile(r"[./~\\]|[A-Za-z]:[\\/]|[^\s;\[@]*(?:[/\\]|\.(?:whl|zip|tar\.gz)(?:$|[\s;\[]))")
_VARIABLE: Final = re.compile(r"\$\{\w+\}")
_HASH: Final = re.compile(r"sha256:[0-9a-f]{64}")
_MAX_FILES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A package that is asked for.

    Attributes:
        text: the line as resolvers take it, without hashes.
        location: of the line.
        name: as indexes spell it; empty for an address or a path that does not say it.
        specifier: the versions; empty for any.
        marker: where it counts; empty for everywhere.
        hashes: of the files that are taken, as `sha256:…`; none for any file.
        path: of a project or a wheel in the archive, for what is named by its path.
    """

    text: str
    location: Location
    name: str = ""
    specifier: str = ""
    marker: str = ""
    hashes: tuple[str, ...] = ()
    path: str = ""

    def counts(self, environment: Mapping[str, str]) -> bool:
        """Whether its marker holds in an environment (PEP 508).

        Raises:
            RequirementSyntaxError: it compares what has no order.
        """
        from packaging.markers import Marker, UndefinedComparison

        try:
            return not self.marker or Marker(self.marker).evaluate({"extra": "", **environment})
        except UndefinedComparison as error:
            hint = "Compare versions by <, >= or ~=, and other texts by == or !=."
            message = f"'{self.marker}' cannot be told: {error}"
            raise RequirementSyntaxError(message, location=self.location, hint=hint) from error

    def takes(self, version: str) -> bool:
        """Whether a version is one of those asked for."""
        from packaging.specifiers import SpecifierSet

        return SpecifierSet(self.specifier).contains(version, prereleases=True)


class IndexOption(NamedTuple):
    """An option that says where packages come from."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """All that a file asks for, those that it includes with it.

    Attributes:
        packages: in the order of the lines.
        constraints: of versions, for packages that come in for whatever reason.
        index_options: where packages come from.
    """

    packages: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    index_options: tuple[IndexOption, ...] = ()


def read_requirements(
    text: str, file: str, policy: RequirementPolicy | None = None, *, read: Callable[[str], str] | None = None
) -> Requirements:
    """What the text of a file of requirements asks for.

    Args:
        text: of the file.
        file: its name, for errors and for what its lines name beside it.
        policy: what its lines may ask for beside packages.
        read: the text of another file of the archive; raises KeyError where there is none.

    Raises:
        RequirementError: a line is no requirement, or asks for more than is allowed; the error names file and line.

    >>> [asked.name for asked in read_requirements("Requests[socks]>=2.28  # http", "requirements.txt").packages]
    ['requests']
    """
    reader = _Reader(policy or RequirementPolicy(), read)
    reader.read(text, file, into=reader.packages)
    return Requirements(
        packages=tuple(reader.packages),
        constraints=tuple(reader.constraints),
        index_options=tuple(reader.index_options),
    )


@dataclass(slots=True)
class _Reader:
    policy: RequirementPolicy
    text_of: Callable[[str], str] | None
    packages: list[Requirement] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    index_options: list[IndexOption] = field(default_factory=list)
    # A file may stand in both roles, in each once.
    _read: set[tuple[str, bool]] = field(default_factory=set)

    def read(self, text: str, file: str, *, into: list[Requirement]) -> None:
        self._read.add((file, into is self.packages))
        for line in lines(text, file):
            variable = _VARIABLE.search(line.text)
            if variable:
                hint = "Write the value itself; secrets have no place in this file."
                raise RefusedRequirementError(f"the variable {variable[0]}", location=line.location, hint=hint)
            if line.text.startswith("-"):
                self._obey(line, into)
            else:
                into.append(_requirement(line, self.policy))

    def _obey(self, line: Line, into: list[Requirement]) -> None:
        name, value = _split(line.text)
        rule = option_rule(name)
        allow(rule, self.policy, line.location)
        if rule.setting == "allow_includes":
            self._include(value, line.location, into)
        elif rule.setting == "allow_constraints":
            self._include(value, line.location, self.constraints)
        elif rule.setting == "allow_editables":
            into.append(_by_path(Line(value, line.location)))
        else:
            self.index_options.append(IndexOption(name, value))

    def _include(self, value: str, location: Location, into: list[Requirement]) -> None:
        file = _inside(value, location)
        if (file, into is self.packages) in self._read:
            return
        if len(self._read) >= _MAX_FILES:
            raise RequirementError(f"more than {_MAX_FILES} files include each other", location=location)
        try:
            text = self.text_of(file) if self.text_of else ""
        except KeyError:
            raise RequirementError(
                f"there is no file '{file}' in the archive", location=location, hint="Put it in, or its lines here."
            ) from None
        self.read(text, file, into=into)


def _split(text: str) -> tuple[str, str]:
    """The name of an option and its value, in all the ways in which pip takes them."""
    if not text.startswith("--"):
        return text[:2], text[2:].lstrip(" \t=")
    found = re.match(r"(?P<name>--[^\s=]*)[\s=]*(?P<value>.*)", text)
    return (found["name"], found["value"]) if found else (text, "")


def _requirement(line: Line, policy: RequirementPolicy) -> Requirement:
    said, hashes = _hashes(line)
    if not (is_address(said) or _PATH.match(said)):
        return _named(line._replace(text=said), policy, hashes)
    rule = address_rule(said)
    allow(rule, policy, line.location)
    _refuse_hashes(hashes, line)
    if rule is PATH:
        return _by_path(line._replace(text=said))
    return Requirement(text=said, location=line.location)


def _refuse_hashes(hashes: tuple[str, ...], line: Line) -> None:
    """Nothing, if there are none: hashes are compared by the name of the package that is asked for."""
    if hashes:
        hint = "Write a name before it: six==1.17.0 --hash=… also for a wheel of the archive, or six @ https://…"
        raise RequirementSyntaxError("this hash would not be compared", location=line.location, hint=hint)


def _named(line: Line, policy: RequirementPolicy, hashes: tuple[str, ...]) -> Requirement:
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed
    from packaging.utils import canonicalize_name

    try:
        parsed = Parsed(line.text)
    except InvalidRequirement as error:
        why = without_credentials(str(error)).partition("\n")[0]
        hint = "Write a package a line, such as: requests[socks]>=2.28; python_version < '3.13'"
        shown = without_credentials(line.text)
        raise RequirementSyntaxError(
            f"'{shown}' is no requirement: {why}", location=line.location, hint=hint
        ) from error
    name = canonicalize_name(parsed.name)
    if parsed.url is not None:
        return _from_address(line, policy, name=name, url=parsed.url, hashes=hashes)
    return Requirement(
        text=str(parsed),
        location=line.location,
        name=name,
        specifier=str(parsed.specifier),
        marker=str(parsed.marker or ""),
        hashes=hashes,
    )


def _from_address(
    line: Line, policy: RequirementPolicy, *, name: str, url: str, hashes: tuple[str, ...]
) -> Requirement:
    rule = address_rule(url)
    allow(rule, policy, line.location)
    if rule is PATH:
        _refuse_hashes(hashes, line)
        return _by_path(line._replace(text=url))
    return Requirement(text=line.text, location=line.location, name=name, hashes=hashes)


def _by_path(line: Line) -> Requirement:
    return Requirement(text=line.text, location=line.location, path=_inside(line.text, line.location))


def _inside(value: str, location: Location) -> str:
    """The name of a file of the archive, told from the file that names it."""
    said = value.removeprefix("file:").strip("\"'")
    parts = [*location.file.split("/")[:-1]]
    for part in said.split("/"):
        if part == ".." and not parts:
            break
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    else:
        if not said.startswith(("/", "~")) and "\\" not in said and ":" not in said:
            return "/".join(parts)
    shown = without_credentials(value)
    raise RequirementError(
        f"'{shown}' is no path inside of the archive", location=location, hint="Name it from this file on: ./libs/mine"
    )


def _hashes(line: Line) -> tuple[str, tuple[str, ...]]:
    """A line without its options, and the hashes that these give."""
    words = line.text.split()
    first = next((number for number, word in enumerate(words) if word.startswith("--")), len(words))
    said = " ".join(words[:first])
    return said, tuple(_each_hash(words[first:], line))


def _each_hash(words: list[str], line: Line) -> Iterator[str]:
    given = iter(words)
    for word in given:
        name, joined, value = word.partition("=")
        if name != "--hash":
            allow(option_rule(name), RequirementPolicy(), line.location)
        found = value if joined else next(given, "")
        if not _HASH.fullmatch(found):
            raise RequirementSyntaxError(
                f"'{found}' is no hash", location=line.location, hint="Write --hash=sha256:… with 64 characters."
            )
        yield found
