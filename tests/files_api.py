"""A workspace's REST API on this machine: the files of volumes, runs of jobs, and who one is.

What is answered is what Databricks documents: https://docs.databricks.com/api/workspace/files.
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from tests.loopback import Quiet, served

TOKEN: Final = "dapiTokenOfTheTests"  # noqa: S105  of nobody
_FILES: Final = "/api/2.0/fs/files"
_FOLDERS: Final = "/api/2.0/fs/directories"
_STATUS: Final = "/api/2.0/workspace/get-status"
_START: Final = "/api/2.2/jobs/run-now"
_RUN: Final = "/api/2.2/jobs/runs/get"
_ME: Final = "/api/2.0/preview/scim/v2/Me"

Answer = tuple[int, bytes]


def _error(status: int, code: str, message: str) -> Answer:
    return status, json.dumps({"error_code": code, "message": message}).encode()


@dataclass
class FakeWorkspace:
    """One workspace.

    Attributes:
        files: what lies on its volumes, by path.
        requests: method and path, in order.
        denied: paths that begin so may not be used.
        failures: statuses for the next requests for files, each given once.
        spoiled: names of files that arrive with other content.
        runs: what a run of a job is, by the job's id, which is the run's id too.
        answers: for requests for a path, each given once, the last one for ever.
        federated: by the id of a service principal, the subject that GitHub must name for a job to sign in as it.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    requests: list[tuple[str, str]] = field(default_factory=list)
    denied: str = "-"
    failures: list[int] = field(default_factory=list)
    spoiled: set[str] = field(default_factory=set)
    federated: dict[str, str] = field(default_factory=dict)
    runs: dict[int, Mapping[str, object]] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What signs in there, and nothing of whoever runs the tests."""
        own = {"DATABRICKS_AUTH_TYPE": "pat", "DATABRICKS_CONFIG_FILE": os.devnull}
        return {"DATABRICKS_TOKEN": TOKEN, **own}

    def sent(self) -> list[str]:
        """The names of files that were put there, in order."""
        return [
            path.rpartition("/")[2] for method, path in self.requests if method == "PUT" and path.startswith(_FILES)
        ]

    def given(self, path: str) -> Answer | None:
        """The answer that a test has prepared."""
        left = self.answers.get(path)
        return (left.pop(0) if len(left) > 1 else left[0]) if left else None

    def handle(self, method: str, path: str, *, query: Mapping[str, str], body: bytes, token: str) -> Answer:
        """The answer to a request."""
        self.requests.append((method, path))
        if path.startswith(("/.well-known/", "/oidc/")):
            return self._sign_in(path, parse_qs(body.decode()))
        if token != f"Bearer {TOKEN}":
            return _error(401, "UNAUTHENTICATED", "Credential was not sent or was of an unsupported type")
        if path == _ME:
            return 200, json.dumps({"userName": "deployer@example.com"}).encode()
        if path == _STATUS:
            return self._status(query.get("path", ""))
        if path in {_START, _RUN}:
            return self._run(int(query["run_id"] if path == _RUN else json.loads(body)["job_id"]))
        return self._on_a_volume(method, path, body)

    def _run(self, number: int) -> Answer:
        """A run, as https://docs.databricks.com/api/workspace/jobs/getrun has it."""
        if number not in self.runs:
            return _error(404, "RESOURCE_DOES_NOT_EXIST", f"Job {number} does not exist.")
        return 200, json.dumps({"run_id": number, **self.runs[number]}).encode()

    def _sign_in(self, path: str, form: Mapping[str, list[str]]) -> Answer:
        """A token for who brings one of GitHub's: https://docs.databricks.com/dev-tools/auth/oauth-federation-exchange."""
        if not self.federated:
            return _error(404, "NOT_FOUND", "no such page")
        if path.startswith("/.well-known/"):
            return 200, json.dumps({"oidc_endpoint": f"{self.url}/oidc"}).encode()
        if path != "/oidc/v1/token":
            places = {
                "authorization_endpoint": f"{self.url}/oidc/v1/authorize",
                "token_endpoint": f"{self.url}/oidc/v1/token",
            }
            return 200, json.dumps(places).encode()
        [principal], [shown] = form["client_id"], form["subject_token"]
        payload = shown.split(".")[1]
        subject = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]
        if self.federated.get(principal) != subject:
            error = {
                "error": "invalid_grant",
                "error_description": f"no federation policy matches the subject {subject}",
            }
            return 401, json.dumps(error).encode()
        return 200, json.dumps({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}).encode()

    def _status(self, place: str) -> Answer:
        if place.startswith(self.denied):
            return _error(403, "PERMISSION_DENIED", f"no access to {place}")
        found = place in self.folders
        return (200, b"{}") if found else _error(404, "RESOURCE_DOES_NOT_EXIST", f"Path ({place}) doesn't exist.")

    def _on_a_volume(self, method: str, path: str, body: bytes) -> Answer:
        kind = next((kind for kind in (_FILES, _FOLDERS) if path.startswith(kind)), None)
        if kind is None:
            return _error(404, "ENDPOINT_NOT_FOUND", f"No API found for {path}")
        place = path.removeprefix(kind)
        if place.startswith(self.denied):
            return _error(403, "PERMISSION_DENIED", f"User does not have WRITE VOLUME on {place}")
        if self.failures:
            return _error(self.failures.pop(0), "TEMPORARILY_UNAVAILABLE", "come back later")
        return self._file(method, place, body) if kind == _FILES else self._folder(method, place)

    def _file(self, method: str, place: str, body: bytes) -> Answer:
        if method == "PUT":
            self.files[place] = b"spoiled" if place.rpartition("/")[2] in self.spoiled else body
            return 204, b""
        if place not in self.files:
            return _error(404, "NOT_FOUND", f"The file {place} does not exist")
        return 200, self.files[place]

    def _folder(self, method: str, place: str) -> Answer:
        if method == "PUT":
            self.folders.add(place)
            return 204, b""
        below = {path.removeprefix(f"{place}/") for path in self.files if path.startswith(f"{place}/")}
        if not below and place not in self.folders:
            return _error(404, "NOT_FOUND", f"The directory {place} does not exist")
        names = sorted({name.partition("/")[0] for name in below})
        contents = [
            {"name": name, "path": f"{place}/{name}", "is_directory": name not in below}
            | ({"file_size": len(self.files[f"{place}/{name}"])} if name in below else {})
            for name in names
        ]
        return 200, json.dumps({"contents": contents}).encode()


@contextmanager
def server() -> Iterator[FakeWorkspace]:
    """A workspace, at `FakeWorkspace.url`."""
    workspace = FakeWorkspace()

    class Handler(Quiet):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            path = unquote(parts.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            token = self.headers.get("Authorization", "")
            status, content = workspace.given(path) or workspace.handle(
                self.command, path, query=query, body=body, token=token
            )
            self.send_response(status)
            kind = "application/octet-stream" if status == 200 and path.startswith(_FILES) else "application/json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer  # noqa: N815  names of the standard library

    with served(Handler) as workspace.url:
        yield workspace
