"""What a wheelhouse is: a value, its digest, and the texts that stand in its folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from lakewright.dependencies.platforms import WheelTarget

FORMAT: Final = "lakewright-wheelhouse/1"
WHEELS: Final = "wheels"
MANIFEST: Final = "manifest.json"
LOCK: Final = "pylock.toml"
SBOM: Final = "sbom.cdx.json"
REQUIREMENTS: Final = "requirements.txt"
CURRENT: Final = "current.json"
FOLDER: Final = "wheelhouse"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class WheelEntry:
    """A wheel of a wheelhouse.

    Attributes:
        origin: `index`, `built` (from source), or `given`.
        needs: names of the wheels beside it that it depends on.
    """

    name: str
    version: str
    filename: str
    sha256: str
    size: int
    origin: str = "index"
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheelhouse:
    """A wheelhouse on this machine.

    Attributes:
        path: its folder, named by the digest.
        notes: what a user should know of it as a pipeline's, a sentence each.
        runtime: the versions of packages that the pipeline's compute is known to bring.
    """

    path: Path
    digest: str
    target: WheelTarget
    wheels: tuple[WheelEntry, ...]
    notes: tuple[str, ...] = ()
    runtime: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def files(self) -> tuple[Path, ...]:
        """Its wheels, by name."""
        return tuple(self.path / WHEELS / wheel.filename for wheel in self.wheels)

    @property
    def files_are_there(self) -> bool:
        """Whether each is a file of its size; `check_files` tells more, and reads all of them."""
        sizes = (file.stat().st_size if file.is_file() else -1 for file in self.files)
        return all(size == wheel.size for size, wheel in zip(sizes, self.wheels, strict=True))

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(wheel.size for wheel in self.wheels)


def volume_folder(root: str, pipeline: str, digest: str) -> str:
    """Where the wheelhouse of a pipeline lies on a volume.

    >>> volume_folder("/Volumes/main/ops/lakewright", "flights", "5dbb3c")
    '/Volumes/main/ops/lakewright/wheelhouse/flights/5dbb3c'
    """
    return f"{root}/{FOLDER}/{pipeline}/{digest}"


def wheelhouse_digest(wheels: Iterable[WheelEntry]) -> str:
    """The digest of wheels: of what they are, not of where they came from.

    >>> wheelhouse_digest([])[:8]
    'e3b0c442'
    """
    lines = sorted(f"{wheel.name} {wheel.version} {wheel.sha256}\n" for wheel in wheels)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def requirements(wheels: Iterable[WheelEntry], folder: str = f"./{WHEELS}") -> str:
    """A file for `pip install -r`: exact versions, hashes, and no index.

    Args:
        wheels: of the wheelhouse.
        folder: where they lie when it is read; by default beside the file.
    """
    lines = [f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}" for wheel in wheels]
    return "".join(f"{line}\n" for line in ("--no-index", f"--find-links {folder}", "--require-hashes", *lines))


def lock_text(wheels: Iterable[WheelEntry]) -> str:
    """The wheels as a lock (PEP 751) that pip and uv install from, without an index, beside the folder of wheels."""
    lines = ['lock-version = "1.0"', 'created-by = "lakewright"']
    for wheel in wheels:
        file = f'path = "{WHEELS}/{wheel.filename}", size = {wheel.size}, hashes = {{ sha256 = "{wheel.sha256}" }}'
        lines += [
            "",
            "[[packages]]",
            f'name = "{wheel.name}"',
            f'version = "{wheel.version}"',
            f"wheels = [{{ {file} }}]",
        ]
    return "\n".join([*lines, ""])


def manifest(wheelhouse: Wheelhouse) -> dict[str, Any]:
    """A wheelhouse as JSON; equal ones give equal text."""
    return {
        "format": FORMAT,
        "digest": wheelhouse.digest,
        "python": wheelhouse.target.python,
        "platform": wheelhouse.target.platform,
        "wheels": [asdict(wheel) for wheel in wheelhouse.wheels],
    }


def to_json(content: Mapping[str, Any]) -> str:
    """JSON as it is written here: equal content is equal text."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
