"""A workspace through Databricks' own SDK: who one is there, its jobs, and the files on its volumes."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lakewright.errors.deploying import WorkspaceError
from lakewright.errors.project import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from databricks.sdk import WorkspaceClient

# What of a target's `workspace` says how to sign in; the rest says where bundles lie.
_SIGN_IN: Final = frozenset(
    [
        "account_id",
        "auth_type",
        "azure_client_id",
        "azure_environment",
        "azure_tenant_id",
        "azure_use_msi",
        "azure_workspace_resource_id",
        "client_id",
        "google_service_account",
        "host",
        "profile",
    ]
)
_HTTP_TIMEOUT: Final = 60
# On a host that does not answer the SDK tries for five minutes by itself.
_RETRY_TIMEOUT: Final = 60
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace that one is signed in to."""

    client: WorkspaceClient = field(repr=False)
    host: str

    @classmethod
    def of(cls, settings: Mapping[str, object], *, patience: int = _RETRY_TIMEOUT) -> Workspace:
        """The workspace that a target's `workspace` names, signed in to as the environment says.

        Args:
            settings: the `workspace` of a target.
            patience: for how many seconds failures are tried again.

        Raises:
            MissingExtraError: there is no SDK.
            WorkspaceError: nothing says how to sign in.
        """
        try:
            from databricks.sdk import WorkspaceClient
            from databricks.sdk.core import Config
        except ModuleNotFoundError as error:
            raise MissingExtraError("databricks-sdk", extra="deploy", purpose="asking a workspace") from error
        known: dict[str, Any] = {
            name: value for name, value in settings.items() if name in _SIGN_IN and value is not None
        }
        host = str(settings.get("host") or settings.get("profile") or "the workspace")
        with told(f"sign in to {host}"):
            config = Config(
                **known,
                http_timeout_seconds=min(_HTTP_TIMEOUT, patience),
                retry_timeout_seconds=patience,
                product="lakewright",
            )
            return cls(WorkspaceClient(config=config), host)

    def me(self) -> str:
        """Who one is there.

        Raises:
            WorkspaceError: nobody, or it cannot be asked.
        """
        with told(f"ask {self.host} who this is"):
            return str(self.client.current_user.me().user_name)

    def start(self, job_id: int) -> int:
        """Start a job; the id of the run.

        Raises:
            WorkspaceError: it may not be started, or is not there.
        """
        with told(f"start job {job_id}"):
            return int(self.client.jobs.run_now(job_id).run_id)

    def has_volume(self, place: str) -> bool:
        """Whether a volume is there.

        Raises:
            WorkspaceError: it may not be seen, or cannot be asked for.
        """
        return _is_there(place, self.client.files.get_directory_metadata)

    def has_folder(self, place: str) -> bool:
        """Whether a folder of the workspace is there.

        Raises:
            WorkspaceError: it may not be seen, or cannot be asked for.
        """
        return _is_there(place, self.client.workspace.get_status)

    def sizes(self, folder: str) -> Mapping[str, int]:
        """The sizes of the files below a folder of a volume, by their paths in it; none where there is no folder.

        Raises:
            WorkspaceError: it may not be seen, or cannot be asked for.
        """
        with told(f"list {folder}"):
            return dict(self._sizes(folder, ""))

    def _sizes(self, folder: str, above: str) -> Iterator[tuple[str, int]]:
        from databricks.sdk.errors import NotFound

        try:
            entries = list(self.client.files.list_directory_contents(folder))
        except NotFound:
            return
        for entry in entries:
            name = f"{above}{entry.name}"
            if entry.is_directory:
                yield from self._sizes(f"{folder}/{entry.name}", f"{name}/")
            else:
                yield name, entry.file_size or 0

    def make(self, folder: str) -> None:
        """Make a folder on a volume, with those above it; one that is there already is no error.

        Raises:
            WorkspaceError: it may not be made.
        """
        with told(f"make {folder}"):
            self.client.files.create_directory(folder)

    def send(self, file: Path, place: str) -> None:
        """Put a file on a volume, in the place of one that is there.

        Raises:
            WorkspaceError: it may not be put there.
        """
        with told(f"put {file.name} to {place}"), file.open("rb") as opened:
            self.client.files.upload(place, opened, overwrite=True)

    def read(self, place: str) -> Iterator[bytes]:
        """A file of a volume, piece by piece.

        Raises:
            WorkspaceError: it is not there, or may not be read.
        """
        with told(f"read {place}"):
            content = self.client.files.download(place).contents
            if content is not None:
                with content as opened:
                    yield from iter(lambda: opened.read(_CHUNK), b"")

    def sha256(self, place: str) -> str:
        """The SHA-256 of a file as it lies on a volume: all of it is read.

        Raises:
            WorkspaceError: it is not there, or may not be read.
        """
        digest = hashlib.sha256()
        for piece in self.read(place):
            digest.update(piece)
        return digest.hexdigest()


def _is_there(place: str, ask: Callable[[str], object]) -> bool:
    from databricks.sdk.errors import NotFound

    with told(f"look at {place}"):
        try:
            ask(place)
        except NotFound:
            return False
        return True


@contextmanager
def told(what: str) -> Iterator[None]:
    """Errors of the SDK in our own words, with the way out.

    Raises:
        WorkspaceError: in place of what the SDK raises.
    """
    from databricks.sdk.errors import NotFound, PermissionDenied, TooManyRequests, Unauthenticated
    from databricks.sdk.errors.base import DatabricksError

    try:
        yield
    except PermissionDenied as error:
        hint = "Grant the principal READ VOLUME and WRITE VOLUME on the volume, USE SCHEMA and USE CATALOG above it."
        raise WorkspaceError(f"may not {what}: {error}", hint=hint) from error
    except NotFound as error:
        raise WorkspaceError(f"cannot {what}: {error}", hint="Is the volume there? docs/set-up.md makes it.") from error
    except Unauthenticated as error:
        raise WorkspaceError(f"cannot {what}: {error}", hint="The sign-in failed: `lakewright doctor`.") from error
    except TooManyRequests as error:
        raise WorkspaceError(f"cannot {what} for now: {error}", hint="Try again; what is done stays done.") from error
    except (TimeoutError, OSError) as error:
        hint = "Is the host right, and is there a network? Try again; what is done stays done."
        raise WorkspaceError(f"cannot {what}: {error}", hint=hint) from error
    except (DatabricksError, ValueError) as error:
        raise WorkspaceError(f"cannot {what}: {error}", hint="`lakewright doctor` looks for the reason.") from error
