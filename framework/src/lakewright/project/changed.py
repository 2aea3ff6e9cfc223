"""Which files have changed since a revision, whatever the history in between looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lakewright.errors.git import NoMergeBaseError, ShallowCloneError, UnknownRevisionError
from lakewright.project.git import lines, run, said
from lakewright.project.trees import WorkTree

if TYPE_CHECKING:
    from pathlib import Path

# What GitHub names as the revision before the first push of a branch.
_NOTHING: Final = re.compile(r"0{40}(0{24})?")
_ANCESTOR: Final = re.compile(r"(?P<commit>.+?)(?:\^|~\d*)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Files that differ from a revision, with what is not committed yet.

    Attributes:
        paths: below the folder that was asked about, sorted; what lies outside of it begins with `../`. A file that was
            moved is there twice; of a submodule that changed there is the folder.
        commits: what was compared with: none where nothing came before, several where histories have crossed.
    """

    paths: tuple[str, ...]
    commits: tuple[str, ...]


def changed_since(folder: Path, base: str) -> Changed:
    """What has changed since the history of `base` and this one parted.

    Args:
        folder: in a work tree of git.
        base: a branch, tag or commit. The parent of the very first commit is taken for what there was before: nothing.

    Raises:
        GitError: there is no git, or the folder is in no repository of it.
        NoMergeBaseError: the two have nothing in common.
        ShallowCloneError: what is needed was not fetched.
        UnknownRevisionError: there is no such commit.
    """
    if is_before_everything(folder, base):
        return Changed(paths=tuple(sorted(each.path for each in WorkTree.of(folder).files)), commits=())
    return _changed(folder, merge_bases(folder, base))


def changed_from(folder: Path, commit: str) -> Changed:
    """What differs from exactly this commit.

    Raises:
        GitError: as for `changed_since`.
        UnknownRevisionError: there is no such commit.
    """
    return _changed(folder, (commit_of(folder, commit),))


def is_before_everything(folder: Path, base: str) -> bool:
    """Whether a revision stands for what there was before the first commit."""
    if _NOTHING.fullmatch(base):
        return True
    match = _ANCESTOR.fullmatch(base)
    is_missing = match is not None and not _commit(folder, base) and bool(_commit(folder, match["commit"]))
    return is_missing and not _is_shallow(folder)


def commit_of(folder: Path, name: str) -> str:
    """The commit that a name stands for.

    Raises:
        GitError: there is no git, or the folder is in no repository of it.
        ShallowCloneError: it may be older than what was fetched.
        UnknownRevisionError: there is none.
    """
    commit = _commit(folder, name)
    if commit:
        return commit
    run(folder, "rev-parse", "--git-dir")
    if _is_shallow(folder):
        raise ShallowCloneError(f"there is no commit '{name}' here")
    if not _commit(folder, "HEAD"):
        raise UnknownRevisionError("nothing is committed yet", hint="git add --all && git commit")
    elsewhere = f"origin/{name}"
    hint = f"Did you mean '{elsewhere}'?" if _commit(folder, elsewhere) else f"Fetch it: `git fetch origin {name}`."
    raise UnknownRevisionError(f"there is no commit '{name}'", hint=hint)


def merge_bases(folder: Path, base: str) -> tuple[str, ...]:
    """The commits at which the histories of a revision and of what is checked out parted; usually one.

    Raises:
        GitError: there is no git, or the folder is in no repository of it.
        NoMergeBaseError: the two have nothing in common.
        ShallowCloneError: what is needed was not fetched.
        UnknownRevisionError: there is no such commit.
    """
    commit, head = commit_of(folder, base), commit_of(folder, "HEAD")
    found = tuple(sorted(said(folder, "merge-base", "--all", commit, head).split()))
    if found:
        return found
    message = f"what is checked out and '{base}' have no commit in common"
    if _is_shallow(folder):
        raise ShallowCloneError(message)
    raise NoMergeBaseError(message, hint="Name a revision that this branch comes from.")


def _changed(folder: Path, commits: tuple[str, ...]) -> Changed:
    prefix = run(folder, "rev-parse", "--show-prefix").rstrip("\n")
    # Options and settings of the user's own must not hide anything; a rename is two changes.
    diff = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative", "--ignore-submodules=none")
    listed = [path for commit in commits for path in lines(run(folder, *diff, commit, "--", ":/"))]
    listed += lines(run(folder, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"))
    # What is a repository of its own and no submodule is listed as a folder, with a slash.
    paths = {_below(prefix, path.rstrip("/")) for path in listed}
    return Changed(paths=tuple(sorted(paths)), commits=commits)


def _below(prefix: str, path: str) -> str:
    """A path of the work tree as seen from a folder in it."""
    return path.removeprefix(prefix) if path.startswith(prefix) else "../" * prefix.count("/") + path


def _commit(folder: Path, name: str) -> str:
    return said(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")


def _is_shallow(folder: Path) -> bool:
    return said(folder, "rev-parse", "--is-shallow-repository") == "true"
