"""A server on this machine that speaks Azure's storage: Azurite, which comes from npm."""

import base64
import hashlib
import hmac
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.request import Request

from tests import s3

# Of the account that every Azurite has; Microsoft documents both.
ACCOUNT: Final = "devstoreaccount1"
_KEY: Final = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_VERSION: Final = "2021-08-06"
_HERE: Final = Path(__file__).parent


def installed() -> Path:
    """The program, kept in build/ until its version changes."""
    npm = shutil.which("npm")
    assert npm, "Azurite comes from npm: install nodejs and npm"
    package = _HERE / "azurite" / "package.json"
    folder = _HERE.parent / "build" / "azurite" / hashlib.sha256(package.read_bytes()).hexdigest()[:12]
    program = folder / "node_modules" / ".bin" / "azurite-blob"
    if not program.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside it first: other processes of the same test run may install it too.
        with TemporaryDirectory(dir=folder.parent) as scratch:
            made = Path(scratch, "made")
            made.mkdir()
            shutil.copy2(package, made)
            command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"]
            subprocess.run(command, cwd=made, check=True, capture_output=True)
            with suppress(OSError):
                made.rename(folder)
    return program


@contextmanager
def server(container: str, folder: Path) -> Iterator[str]:
    """The address of its account, which has one container.

    Args:
        container: its name.
        folder: for what the server writes.
    """
    port = s3.free_port()
    address = f"http://127.0.0.1:{port}/{ACCOUNT}"
    command = [str(installed()), "--blobPort", str(port), "--inMemoryPersistence", "--silent", "--skipApiVersionCheck"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet) as process:
        try:
            s3.make(lambda: _signed(address, container))
            yield address
        finally:
            process.terminate()


def environment() -> dict[str, str]:
    """What clients may use the server with."""
    return {"AZURE_STORAGE_ACCOUNT_KEY": _KEY}


def _signed(address: str, container: str) -> Request:
    """A request for a container, signed as the interface wants it."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": _VERSION}
    named = [f"{name}:{value}" for name, value in headers.items()]
    resource = f"/{ACCOUNT}/{ACCOUNT}/{container}"
    text = "\n".join(["PUT", *[""] * 11, *named, resource, "restype:container"])
    digest = hmac.new(base64.b64decode(_KEY), text.encode(), hashlib.sha256).digest()
    headers |= {"Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}", "Content-Type": ""}
    return Request(f"{address}/{container}?restype=container", method="PUT", data=b"", headers=headers)  # noqa: S310  on this machine
