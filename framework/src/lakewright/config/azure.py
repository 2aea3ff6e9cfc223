"""Microsoft Azure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from lakewright.config.base import PYTHONS, ProviderConfig, ServerlessConfig, VmConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

AZURE: Final = "azure"


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureConfig(ProviderConfig):
    """A storage account of Azure, and where other things are made; buckets are the account's containers.

    Raises:
        SettingError: a value that cannot be.

    >>> AzureConfig(storage_account="acme").uri("lake", "raw.parquet")
    'abfss://lake@acme.dfs.core.windows.net/raw.parquet'
    """

    cloud: ClassVar[str] = AZURE
    variables: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "storage_account": ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT"),
        "location": ("AZURE_LOCATION",),
        "resource_group": ("AZURE_RESOURCE_GROUP",),
        "subscription_id": ("AZURE_SUBSCRIPTION_ID",),
    }

    storage_account: str
    location: str | None = None
    resource_group: str | None = None
    subscription_id: str | None = None

    def __post_init__(self) -> None:
        self.check_texts("storage_account", optional=("location", "resource_group", "subscription_id"))

    def uri(self, bucket: str, path: str) -> str:
        """The address in the account's Data Lake Storage."""
        return f"abfss://{bucket}@{self.storage_account}.dfs.core.windows.net/{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureFunctionConfig(ServerlessConfig):
    """An Azure function for each task.

    Attributes:
        timeout: of one call, in seconds.

    Raises:
        SettingError: a value that cannot be.
    """

    clouds: ClassVar[tuple[str, ...]] = (AZURE,)

    timeout: int = 300
    python: str = "3.12"

    def __post_init__(self) -> None:
        self.check_count("timeout")
        self.check_choice("python", PYTHONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureVMConfig(VmConfig):
    """A virtual machine of Azure.

    Attributes:
        size: such as `Standard_D4ds_v5`.
        image: `publisher:offer:sku:version`; None for the provider's choice.

    Raises:
        SettingError: a value that cannot be.
    """

    clouds: ClassVar[tuple[str, ...]] = (AZURE,)

    size: str
    image: str | None = None

    def __post_init__(self) -> None:
        self.check_texts("size", optional=("image",))
