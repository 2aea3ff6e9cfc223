"""Google Cloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from lakewright.config.base import PYTHONS, ClusterConfig, ProviderConfig, ServerlessConfig, VmConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

GCP: Final = "gcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class GcpConfig(ProviderConfig):
    """A project and region of Google Cloud; buckets are those of Cloud Storage.

    Raises:
        SettingError: a value that cannot be.

    >>> GcpConfig(project="acme").uri("lake", "raw.parquet")
    'gs://lake/raw.parquet'
    """

    cloud: ClassVar[str] = GCP
    variables: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "project": ("GOOGLE_CLOUD_PROJECT", "GCP_PROJECT"),
        "region": ("GOOGLE_CLOUD_REGION",),
    }

    project: str
    region: str | None = None

    def __post_init__(self) -> None:
        self.check_texts("project", optional=("region",))

    def uri(self, bucket: str, path: str) -> str:
        """The address in Cloud Storage."""
        return f"gs://{bucket}/{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudFunctionConfig(ServerlessConfig):
    """A Cloud Run function for each task.

    Attributes:
        memory: in MB.
        timeout: of one call, in seconds.

    Raises:
        SettingError: a value that cannot be.
    """

    clouds: ClassVar[tuple[str, ...]] = (GCP,)

    memory: int = 512
    timeout: int = 540
    python: str = "3.12"

    def __post_init__(self) -> None:
        self.check_count("memory")
        self.check_count("timeout")
        self.check_choice("python", PYTHONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeEngineConfig(VmConfig):
    """An instance of Compute Engine.

    Attributes:
        machine_type: such as `e2-standard-4`.
        image: `project/family`; None for the provider's choice.

    Raises:
        SettingError: a value that cannot be.
    """

    clouds: ClassVar[tuple[str, ...]] = (GCP,)

    machine_type: str
    image: str | None = None

    def __post_init__(self) -> None:
        self.check_texts("machine_type", optional=("image",))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataprocConfig(ClusterConfig):
    """A cluster of Dataproc.

    Attributes:
        image_version: such as `2.2-debian12`.

    Raises:
        SettingError: a value that cannot be.
    """

    clouds: ClassVar[tuple[str, ...]] = (GCP,)

    image_version: str
    machine_type: str
    workers: int = 2

    def __post_init__(self) -> None:
        self.check_texts("image_version", "machine_type")
        self.check_count("workers")
