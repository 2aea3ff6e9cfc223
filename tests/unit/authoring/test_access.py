from dataclasses import dataclass
from typing import Annotated

import pytest

from lakewright.authoring.access import access_of
from lakewright.authoring.bucket import Bucket, Destination, Source
from lakewright.model.storage import Access


@dataclass
class Places:
    raw: Bucket
    result: Bucket


def task(  # noqa: PLR0917  one parameter for each case
    source: Bucket,
    output_bucket: Bucket,
    Sink: Bucket,  # noqa: N803  whatever users write
    told: Destination,
    target: Source,
    both: Annotated[Bucket, "read", "write"],
    maybe: Destination | None,
    late: "Destination",
    noted: Annotated[Bucket, "partitioned by day"],
    throughput: Bucket,
    *args: Bucket,
    **kwargs: Bucket,
) -> None: ...


@pytest.mark.parametrize(
    ("parameter", "path", "access"),
    [
        ("source", "", "read"),
        ("output_bucket", "", "write"),
        ("Sink", "", "write"),
        ("told", "", "write"),
        ("target", "", "read"),
        ("both", "", "update"),
        ("maybe", "", "write"),
        ("late", "", "write"),
        ("noted", "", "read"),
        ("throughput", "", "read"),
        ("args", "[0]", "read"),
        ("kwargs", "['destination']", "write"),
        ("source", ".output", "write"),
    ],
)
def test_the_type_of_a_parameter_says_what_is_done_with_a_bucket_else_its_name_does(
    parameter: str, path: str, access: Access
) -> None:
    assert access_of(task, parameter, path) == access
