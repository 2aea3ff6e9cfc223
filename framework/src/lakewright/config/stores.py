"""How the client of an object store finds it, where its cloud and its address do not say all.

The keys of options are those that polars hands to the crate `object_store`. None of them is a secret: clients find
credentials in the environment.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final

from lakewright.config.aws import AWS
from lakewright.config.azure import AZURE
from lakewright.config.base import Config
from lakewright.config.gcp import GCP

_PLAIN: Final = "http://"
_YES: Final = "true"


class StoreConfig(Config, ABC):
    """How a bucket's client finds its store.

    Attributes:
        cloud: the one whose provider takes it.
    """

    __slots__ = ()
    cloud: ClassVar[str]

    @abstractmethod
    def options(self) -> dict[str, str]:
        """What the client must know."""

    def check_endpoint(self, endpoint: str | None) -> None:
        """Raise unless an endpoint is an address.

        Raises:
            SettingError: it is not.
        """
        if endpoint is not None and not str(endpoint).startswith((_PLAIN, "https://")):
            raise self.wrong("endpoint", wanted="an address that begins with https:// or http://")


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Config(StoreConfig):
    """S3, or a store that speaks as it does, such as MinIO.

    Attributes:
        endpoint: its address; None for that of AWS.
        region: None for that of the provider.
        anonymous: whether requests carry no signature, as for public data.

    Raises:
        SettingError: a value that cannot be.

    >>> S3Config(endpoint="http://127.0.0.1:9000").options()
    {'aws_endpoint_url': 'http://127.0.0.1:9000', 'aws_allow_http': 'true'}
    """

    cloud: ClassVar[str] = AWS

    endpoint: str | None = None
    region: str | None = None
    anonymous: bool = False

    def __post_init__(self) -> None:
        self.check_texts(optional=("endpoint", "region"))
        self.check_endpoint(self.endpoint)

    def options(self) -> dict[str, str]:
        """Endpoint, region, signature."""
        return {
            **({"aws_endpoint_url": self.endpoint} if self.endpoint else {}),
            **({"aws_allow_http": _YES} if (self.endpoint or "").startswith(_PLAIN) else {}),
            **({"aws_region": self.region} if self.region else {}),
            **({"aws_skip_signature": _YES} if self.anonymous else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureStorageConfig(StoreConfig):
    """Azure's storage.

    Attributes:
        account: None for that of the provider.
        endpoint: the address of the account; None for the one that its name gives.
        anonymous: whether requests carry no signature.

    Raises:
        SettingError: a value that cannot be.
    """

    cloud: ClassVar[str] = AZURE

    account: str | None = None
    endpoint: str | None = None
    anonymous: bool = False

    def __post_init__(self) -> None:
        self.check_texts(optional=("account", "endpoint"))
        self.check_endpoint(self.endpoint)

    def options(self) -> dict[str, str]:
        """Account, endpoint, signature."""
        return {
            **({"azure_storage_account_name": self.account} if self.account else {}),
            **({"azure_storage_endpoint": self.endpoint} if self.endpoint else {}),
            **({"allow_http": _YES} if (self.endpoint or "").startswith(_PLAIN) else {}),
            **({"azure_skip_signature": _YES} if self.anonymous else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GcsConfig(StoreConfig):
    """Google Cloud Storage.

    Attributes:
        endpoint: its address; None for Google's own.
        anonymous: whether reads carry no signature, as for public data; its client signs all that is written.

    Raises:
        SettingError: a value that cannot be.
    """

    cloud: ClassVar[str] = GCP

    endpoint: str | None = None
    anonymous: bool = False

    def __post_init__(self) -> None:
        self.check_texts(optional=("endpoint",))
        self.check_endpoint(self.endpoint)

    def options(self) -> dict[str, str]:
        """Endpoint, signature."""
        return {
            **({"google_base_url": self.endpoint} if self.endpoint else {}),
            **({"allow_http": _YES} if (self.endpoint or "").startswith(_PLAIN) else {}),
            **({"google_skip_signature": _YES} if self.anonymous else {}),
        }
