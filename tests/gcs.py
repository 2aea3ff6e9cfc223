"""A server on this machine for clients of Google Cloud Storage.

They speak the XML interface, which is that of S3 but for the signature: so a server that speaks S3 answers them, once
it takes their token for a signature. `python -m tests.gcs PORT` runs it.
"""

import json
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from tests import s3

_SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"


def server(bucket: str) -> AbstractContextManager[str]:
    """The address of the server, which has one bucket."""
    return s3.server(bucket, program=["tests.gcs"])


def environment(address: str) -> dict[str, str]:
    """What clients may use the server with."""
    key = {"gcs_base_url": address, "disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}
    return {"GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps(key)}


def main(port: int) -> None:
    """Serve until the end of the process."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import run_simple

    answer: Any = DomainDispatcherApplication(create_backend_app)

    def signed(environ: dict[str, Any], start: object) -> Iterable[bytes]:
        found: Iterable[bytes] = answer({**environ, "HTTP_AUTHORIZATION": _SIGNED}, start)
        return found

    run_simple("127.0.0.1", port, signed, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
