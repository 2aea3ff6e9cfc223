"""The machine that runs a pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from lakewright.config.base import ProviderConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalConfig(ProviderConfig):
    """Folders of the machine: a bucket is a folder.

    Attributes:
        root: in which buckets lie; below the target's data where it is relative.

    Raises:
        SettingError: a value that cannot be.

    >>> LocalConfig().uri("lake", "raw.parquet"), LocalConfig(root="/mnt").uri("lake", "raw.parquet")
    ('{data}/lake/raw.parquet', '/mnt/lake/raw.parquet')
    """

    cloud: ClassVar[str] = "local"
    variables: ClassVar[Mapping[str, tuple[str, ...]]] = {"root": ("LAKEWRIGHT_LOCAL_ROOT",)}

    root: str | PurePath = ""

    def __post_init__(self) -> None:
        if not isinstance(self.root, (str, PurePath)):
            raise self.wrong("root", wanted="a folder")
        object.__setattr__(self, "root", str(self.root))

    def uri(self, bucket: str, path: str) -> str:
        """The path of a file or folder."""
        root = str(self.root)
        place = root if root.startswith(("/", "{")) else f"{{data}}/{root}"
        return f"{place.rstrip('/')}/{bucket}/{path}"
