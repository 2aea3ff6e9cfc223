"""Requirements to exact files, by uv: for the target, never for the host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.index import Index
from lakewright.dependencies.lock import read_lock
from lakewright.dependencies.staging import scratch
from lakewright.dependencies.uv import uv
from lakewright.errors.dependencies import RequiresPythonError
from lakewright.errors.wheels import ResolutionError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lakewright.dependencies.lock import Lock
    from lakewright.dependencies.platforms import WheelTarget

# Releases of uv before 0.13 draw a tree; later ones name each line.
_FRAME: Final = re.compile(r"^(?:error|\s+cause):[ ]|^[\s│├╰╭─▶×]+", re.MULTILINE)
_ADVICE: Final = re.compile(r"^\s*(?:hint|warning):", re.MULTILINE)
_OTHER_PYTHON: Final = re.compile(
    r"does\s+not\s+satisfy\s+Python(?P<wanted>\S+?),?\s+and\s+(?P<package>[\w.-]+)\S*\s+depends\s+on\s+Python"
)


def resolve(
    requirements: Sequence[str],
    target: WheelTarget,
    *,
    index: Index | None = None,
    wheels: Sequence[Path] = (),
    constraints: Sequence[str] = (),
) -> Lock:
    """The files that meet the requirements on the target, with their hashes.

    Args:
        requirements: such as `requests>=2.28`.
        target: what they are installed on.
        index: where packages come from.
        wheels: files of this machine that are taken for their packages; what they depend on is resolved too.
        constraints: versions of packages, where they come in for whatever reason.

    Raises:
        RequiresPythonError: a package that was asked for does not take the target's Python.
        ResolutionError: they cannot all be met; the words are uv's, shortened to the cause.
        NoWheelError: a package has no file for the target.
    """
    index = index or Index()
    with scratch() as place:
        lines = [*requirements, *(f"{_project(path)} @ {path.resolve().as_uri()}" for path in wheels)]
        (place / "requirements.in").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (place / "constraints.in").write_text("".join(f"{line}\n" for line in constraints), encoding="utf-8")
        options = ("--format=pylock.toml", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
        files = ("requirements.in", "--constraints=constraints.in")
        arguments = ("pip", "compile", *files, *options, *target.uv_options, *index.options)
        ended = uv(*arguments, index=index, cwd=place)
    if ended.code:
        raise _failure(ended.errors, target)
    return read_lock(ended.output, target, base=place)


def _project(wheel: Path) -> str:
    return wheel.name.partition("-")[0]


def _failure(said: str, target: WheelTarget) -> Exception:
    cause = shortened(said)
    other = _OTHER_PYTHON.search(cause)
    if other:
        return RequiresPythonError(other["package"], wanted=other["wanted"], target=target.python)
    hint = "Loosen one of the requirements that exclude each other, or correct the name."
    return ResolutionError(f"the packages cannot be resolved for {target}:\n{cause}", hint=hint)


def shortened(said: str) -> str:
    r"""What uv says of a failure: the causes, without frames, warnings and advice about its own options.

    >>> print(shortened("error: No solution\n  cause: Because a needs b\n         and c does not.\n\nhint: Use -v."))
      Because a needs b
      and c does not.
    """
    parts = [part for part in re.split(r"\n(?=\S)", said.strip()) if part and not _ADVICE.match(part)]
    lines = [line.rstrip() for line in _FRAME.sub("", "\n".join(parts)).splitlines() if line.strip()]
    return "\n".join(f"  {line}" for line in (lines[1:] or lines))
