"""A server on this machine that speaks S3."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import Request, urlopen

PATIENCE = 60


@contextmanager
def server(bucket: str, *, program: Sequence[str] = ("moto.server", "-H", "127.0.0.1", "-p")) -> Iterator[str]:
    """The address of the server, which has one bucket.

    Args:
        bucket: its name.
        program: the module that runs it, and arguments before the port.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", *program, str(port)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            make(lambda: Request(f"{address}/{bucket}", method="PUT"))  # noqa: S310  on this machine
            yield address
        finally:
            process.terminate()


def environment(address: str) -> dict[str, str]:
    """What clients find the server by, and may use it with."""
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ENDPOINT_URL": address,
        "AWS_REGION": "us-east-1",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def make(request: Callable[[], Request]) -> None:
    """Send a request until the server, which is starting, has done it."""
    deadline = time.monotonic() + PATIENCE
    while not _has_answered(request()):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _has_answered(request: Request) -> bool:
    try:
        with urlopen(request):  # noqa: S310  on this machine
            return True
    except URLError:
        return False
