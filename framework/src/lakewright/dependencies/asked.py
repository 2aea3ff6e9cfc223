"""What is asked for, beside the wheels that are at hand: those win, but only where they are what was asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lakewright.dependencies.hashing import sha256_of
from lakewright.dependencies.requirement_policy import PATH, address_rule, allow, without_credentials
from lakewright.dependencies.requirement_text import decode
from lakewright.dependencies.requirements import Requirements, read_requirements
from lakewright.errors.dependencies import NoRequirementsError, RequirementError, ShippedWheelError
from lakewright.errors.wheels import HashMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lakewright.dependencies.archive import Archive
    from lakewright.dependencies.formats import Layout
    from lakewright.dependencies.index import Index
    from lakewright.dependencies.lock import LockedFile
    from lakewright.dependencies.platforms import WheelTarget
    from lakewright.dependencies.requirement_policy import RequirementPolicy
    from lakewright.dependencies.requirements import IndexOption, Requirement
    from lakewright.dependencies.wheel import Wheel


class Asked(NamedTuple):
    """What the files of requirements of an archive ask for, and which files were read for it."""

    requirements: Requirements
    files: tuple[str, ...]


def read_asked(archive: Archive, layout: Layout, policy: RequirementPolicy) -> Asked:
    """What an archive asks for.

    Raises:
        RequirementError: a line is not followed, or names something that is not there.
        NoRequirementsError: the archive has nothing but requirements, and they name nothing.
    """
    files: list[str] = []

    def read(name: str) -> str:
        content = archive.read(name)
        files.append(name)
        return decode(content, name)

    found = [read_requirements(read(name), name, policy, read=read) for name in layout.requirements]
    requirements = Requirements(
        packages=tuple(package for each in found for package in each.packages),
        constraints=tuple(constraint for each in found for constraint in each.constraints),
        index_options=tuple(option for each in found for option in each.index_options),
    )
    if not requirements.packages and layout.parts == ("requirements_only",):
        raise NoRequirementsError(layout.requirements[0])
    return Asked(requirements, tuple(files))


def projects_by_path(asked: Requirements, archive: Archive, layout: Layout) -> tuple[str, ...]:
    """The folders that are to be built because a line names them; a wheel that is named is there anyway.

    Raises:
        RequirementError: there is nothing under that name.
    """
    folders: list[str] = []
    for each in asked.packages:
        if not each.path or each.path in (*layout.wheels, *layout.projects):
            continue
        if not any(name.startswith(f"{each.path}/") for name in archive.members):
            hint = "Name a folder of the archive with a project in it, or a wheel."
            raise RequirementError(f"there is no '{each.path}' to build", location=each.location, hint=hint)
        folders.append(each.path)
    return tuple(dict.fromkeys(folders))


def left_to_resolve(
    asked: Iterable[Requirement], wheels: Iterable[Wheel], target: WheelTarget
) -> tuple[Requirement, ...]:
    """The requirements that no wheel at hand meets.

    Args:
        asked: what is asked for; what does not count on the target is left to the resolver, which knows it too.
        wheels: that are at hand.
        target: where requirements count or not.

    Raises:
        ShippedWheelError: a wheel at hand is another version than is asked for.
        HashMismatchError: it is another file.
    """
    at_hand = {wheel.name: wheel for wheel in wheels}
    left: list[Requirement] = []
    conflicts: dict[str, list[str]] = {}
    for each in asked:
        if each.path:
            # It is one of those at hand, or was refused.
            continue
        wheel = at_hand.get(each.name)
        if wheel is None or not each.counts(target.markers):
            left.append(each)
            continue
        if not each.takes(wheel.version):
            conflicts.setdefault(wheel.name, []).append(f"{each.location}: {each.text}")
        if each.hashes:
            _check_hash(wheel.filename, sha256_of(wheel.path), each.hashes)
        if "[" in each.text:
            # What its extras bring is still to be found.
            left.append(each)
    for name, lines in conflicts.items():
        raise ShippedWheelError(at_hand[name].filename, version=at_hand[name].version, asked=lines)
    return tuple(left)


def check_needs(wheel: str, needs: Iterable[str], policy: RequirementPolicy) -> None:
    """Nothing, if a wheel's own metadata asks for nothing that a line of requirements may not ask for.

    Args:
        wheel: its name.
        needs: what it depends on, as its metadata says it.
        policy: what may be asked for beside packages.

    Raises:
        RefusedRequirementError: it depends on an address that is not allowed, or on a path, which is no archive's.
    """
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    for need in needs:
        try:
            address = Parsed(need).url
        except InvalidRequirement:
            # Resolvers forgive mistakes in versions; an address is never one.
            address = need.partition("@")[2].strip()
        if address:
            rule = address_rule(address)
            setting = "" if rule is PATH else rule.setting
            what = f"{without_credentials(need)!r}, which {wheel} depends on,"
            allow(replace(rule, what=what, setting=setting), policy, None)


def check_hashes(asked: Iterable[Requirement], files: Iterable[LockedFile]) -> None:
    """Nothing, if each file is one that the requirements name by its hash, where they do so.

    Args:
        asked: what is asked for.
        files: that were chosen.

    Raises:
        HashMismatchError: a file is another one.
    """
    allowed: dict[str, list[str]] = {}
    for each in asked:
        allowed.setdefault(each.name, []).extend(each.hashes)
    for file in files:
        hashes = allowed.get(file.package)
        if hashes:
            _check_hash(file.filename, file.sha256 or sha256_of(Path(file.url)), hashes)


def _check_hash(filename: str, found: str, hashes: Iterable[str]) -> None:
    if f"sha256:{found}" not in hashes:
        raise HashMismatchError(filename, expected=" or ".join(hashes), found=found)


def with_options(index: Index, options: Iterable[IndexOption]) -> Index:
    """Where packages come from, once what a file of requirements says about it has been allowed."""
    urls, more, places = list(index.urls), list[str](), list(index.find_links)
    no_index = index.no_index
    for name, value in options:
        if name in {"-i", "--index-url"}:
            urls = [value]
        elif name == "--extra-index-url":
            more.append(value)
        elif name == "--no-index":
            no_index = True
        else:
            places.append(value)
    environment = dict(index.environment)
    if more and not urls:
        # The index that the environment names stays the one to begin with.
        environment["UV_INDEX"] = " ".join(filter(None, (environment.get("UV_INDEX"), *more)))
        more = []
    return replace(index, urls=(*urls, *more), find_links=tuple(places), no_index=no_index, environment=environment)
