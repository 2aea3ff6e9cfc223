"""Amazon Web Services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from lakewright.config.base import PYTHONS, ClusterConfig, ProviderConfig, ServerlessConfig, VmConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

AWS: Final = "aws"
# Source: AWS, "Lambda quotas".
LAMBDA_MEMORY: Final = (128, 10_240)
LAMBDA_TIMEOUT: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsConfig(ProviderConfig):
    """An account and region of AWS; buckets are those of S3.

    Raises:
        SettingError: a value that cannot be.

    >>> AwsConfig(region="eu-central-1").uri("lake", "raw.parquet")
    's3://lake/raw.parquet'
    """

    cloud: ClassVar[str] = AWS
    variables: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
        "account_id": ("AWS_ACCOUNT_ID",),
    }

    region: str
    account_id: str | None = None

    def __post_init__(self) -> None:
        self.check_texts("region", optional=("account_id",))

    def uri(self, bucket: str, path: str) -> str:
        """The address in S3."""
        return f"s3://{bucket}/{path}"

    def options(self) -> dict[str, str]:
        """The region."""
        return {"aws_region": self.region}


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaConfig(ServerlessConfig):
    """A Lambda function for each task.

    Attributes:
        memory: in MB.
        timeout: of one call, in seconds.

    Raises:
        SettingError: a value that cannot be.

    >>> from lakewright import Provider
    >>> small = Provider(config=AwsConfig(region="eu-central-1")).serverless(LambdaConfig(memory=1024))
    >>> @small.task(retries=2)
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> double(4)
    8
    """

    clouds: ClassVar[tuple[str, ...]] = (AWS,)

    memory: int = 512
    timeout: int = LAMBDA_TIMEOUT
    python: str = "3.12"

    def __post_init__(self) -> None:
        least, most = LAMBDA_MEMORY
        self.check_count("memory", least=least, most=most)
        self.check_count("timeout", most=LAMBDA_TIMEOUT)
        self.check_choice("python", PYTHONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class EC2Config(VmConfig):
    """An EC2 instance.

    Attributes:
        image: the id of an AMI; None for the newest of the region's own.

    Raises:
        SettingError: a value that cannot be.
    """

    clouds: ClassVar[tuple[str, ...]] = (AWS,)

    instance_type: str
    image: str | None = None

    def __post_init__(self) -> None:
        self.check_texts("instance_type", optional=("image",))


@dataclass(frozen=True, slots=True, kw_only=True)
class EMRConfig(ClusterConfig):
    """A cluster of Elastic MapReduce.

    Attributes:
        release: such as `emr-7.9.0`.

    Raises:
        SettingError: a value that cannot be.
    """

    clouds: ClassVar[tuple[str, ...]] = (AWS,)

    release: str
    instance_type: str
    workers: int = 2

    def __post_init__(self) -> None:
        self.check_texts("release", "instance_type")
        self.check_count("workers")
