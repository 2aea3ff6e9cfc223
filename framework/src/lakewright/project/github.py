"""GitHub's REST API: for whom it is asked, with how much patience, and what its refusals mean."""

from __future__ import annotations

import os
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from lakewright.errors.github import (
    ForbiddenError,
    GitHubError,
    GitHubUnavailableError,
    MissingOnGitHubError,
    NoGitHubAccessError,
    RateLimitError,
)
from lakewright.errors.project import MissingExtraError
from lakewright.project.git import remote
from lakewright.project.patience import PATIENCE, is_limit, wait_before_next
from lakewright.text.names import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import httpx

PUBLIC_API: Final = "https://api.github.com"
_PUBLIC_SERVER: Final = "https://github.com"
# Where a GitHub Enterprise Server has its API: https://docs.github.com/enterprise-server@latest/rest
_SERVER_API: Final = "/api/v3"
TOKENS: Final = ("GITHUB_TOKEN", "GH_TOKEN")
_PER_PAGE: Final = 100
_TIMEOUT: Final = 30.0
_ATTEMPTS: Final = 5
_SHOWN: Final = 300
_UNAVAILABLE: Final = 503
_REMOTE: Final = re.compile(
    r"(?:https://(?:[^@/]*@)?|ssh://git@|git@)github\.com[:/](?P<name>[^/]+/[^/]+?)(?:\.git)?/?"
)
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
# What a workflow grants for a path; the answer's own header is more exact, where there is one.
_PERMISSIONS: Final[tuple[tuple[str, str], ...]] = (
    (r"/issues/(\d+/)?comments", "pull-requests"),
    (r"/issues\b", "issues"),
    (r"/deployments\b", "deployments"),
    (r"/actions/", "actions"),
    (r"/pulls\b", "pull-requests"),
)
_NEEDS: Final = "It needs `{permission}`: in a workflow, a line of the job's `permissions`."
_REFUSALS: Final[Mapping[int, tuple[type[GitHubError], str]]] = {
    401: (ForbiddenError, "The token is not valid: is it complete, and not expired?"),
    403: (ForbiddenError, _NEEDS),
    404: (MissingOnGitHubError, f"It is not there, or the token may not see it. {_NEEDS}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whom GitHub is asked about, and with which token; the token is never shown.

    >>> Access(repository="acme/flights", token="ghs_secret")
    Access(repository='acme/flights', api='https://api.github.com', server='https://github.com')
    """

    repository: str
    token: str = field(repr=False)
    api: str = PUBLIC_API
    server: str = _PUBLIC_SERVER


def access(folder: Path, environment: Mapping[str, str] | None = None) -> Access:
    """The repository around a folder and the token of the environment.

    A workflow has `GITHUB_REPOSITORY`, `GITHUB_API_URL` and `GITHUB_SERVER_URL`; elsewhere the remote `origin` says
    the first, and the address of the API the last. The token is `GITHUB_TOKEN` or `GH_TOKEN`.

    Raises:
        NoGitHubAccessError: there is no token, or nothing says which repository it is.
    """
    given = os.environ if environment is None else environment
    token = next((value for name in TOKENS if (value := given.get(name, "").strip())), None)
    if token is None:
        hint = f"Set {TOKENS[0]} to a token; in a workflow: ${{{{ github.token }}}}. On a laptop: `gh auth token`."
        raise NoGitHubAccessError("there is no token for GitHub", hint=hint)
    # Only GitHub's own addresses are read from a remote: nobody else is sent the token unless the environment says so.
    found = _REMOTE.fullmatch(remote(folder))
    repository = given.get("GITHUB_REPOSITORY") or (found["name"] if found else "")
    if not _REPOSITORY.fullmatch(repository):
        shown = f"'{one_line(repository)}' is no repository of GitHub" if repository else "no remote 'origin' on GitHub"
        raise NoGitHubAccessError(shown, hint="Set GITHUB_REPOSITORY to OWNER/NAME.")
    api = (given.get("GITHUB_API_URL") or PUBLIC_API).rstrip("/")
    return Access(repository=repository, token=token, api=api, server=given.get("GITHUB_SERVER_URL") or _server(api))


def _server(api: str) -> str:
    """The address of the GitHub that has an API: a server of one's own has it below itself, others beside."""
    return api.removesuffix(_SERVER_API) if api.endswith(_SERVER_API) else api.replace("://api.", "://", 1)


@contextmanager
def connected(to: Access, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[GitHub]:
    """GitHub, to ask; the connection is closed at the end.

    Raises:
        MissingExtraError: there is no HTTP client.
    """
    try:
        import httpx
    except ModuleNotFoundError as error:
        raise MissingExtraError("httpx", extra="deploy", purpose="asking GitHub") from error
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {to.token}",
        "User-Agent": "lakewright",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    # A slash at the end: the paths that are asked for stand below it.
    base = f"{to.api}/repos/{to.repository}/"
    with httpx.Client(base_url=base, headers=headers, timeout=_TIMEOUT, follow_redirects=False) as client:
        yield GitHub(client=client, access=to, sleep=sleep)


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHub:
    """One repository on GitHub. Paths are relative to it: `issues/5/comments`.

    Limits and failures of GitHub are waited out, two minutes at most. What would be done twice is asked once: a POST
    is repeated only where GitHub has said that it did nothing, or where doing it twice does no harm.
    """

    client: httpx.Client = field(repr=False)
    access: Access
    sleep: Callable[[float], None] = field(repr=False, compare=False)

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401  JSON
        """What GitHub has there.

        Raises:
            GitHubError: it refuses, or cannot be reached.
        """
        return self._ask(self._request("GET", path, query)).json()

    def pages(self, path: str, **query: str | int) -> Iterator[Any]:
        """The items of a list, page by page.

        Raises:
            GitHubError: it refuses, or cannot be reached.
        """
        request = self._request("GET", path, {"per_page": _PER_PAGE, **query})
        while True:
            response = self._ask(request)
            yield from response.json()
            following = response.links.get("next", {}).get("url")
            if following is None:
                return
            request = self._request("GET", self._own(following))

    def post(self, path: str, body: Mapping[str, object], *, is_repeatable: bool = False) -> Any:  # noqa: ANN401  JSON
        """What GitHub has made of a body.

        Args:
            path: where.
            body: JSON.
            is_repeatable: whether it does no harm twice, as when GitHub did it and failed before it said so.

        Raises:
            GitHubError: it refuses, or cannot be reached.
        """
        return self._ask(self._request("POST", path, body=body), is_repeatable=is_repeatable).json()

    def patch(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401  JSON
        """What is there after the fields of a body were set.

        Raises:
            GitHubError: it refuses, or cannot be reached.
        """
        return self._ask(self._request("PATCH", path, body=body)).json()

    def delete(self, path: str) -> None:
        """Take away what is there.

        Raises:
            GitHubError: it refuses, or cannot be reached.
        """
        self._ask(self._request("DELETE", path))

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        *,
        body: Mapping[str, object] | None = None,
    ) -> httpx.Request:
        return self.client.build_request(method, path, params=query or None, json=body)

    def _own(self, url: str) -> str:
        """A URL that GitHub gave, which must not lead the token elsewhere."""
        if not url.startswith(f"{self.access.api}/"):
            raise GitHubError(f"GitHub's answer leads to another host: {one_line(url)[:_SHOWN]}")
        return url

    def _ask(self, request: httpx.Request, *, is_repeatable: bool = True) -> httpx.Response:
        waited = 0.0
        for attempt in count(1):
            response = self._response(request, is_repeatable=is_repeatable)
            if response is not None and response.is_success:
                return response
            wait = _wait(response, attempt, is_repeatable=is_repeatable)
            if wait is None or attempt == _ATTEMPTS or waited + wait > PATIENCE:
                raise _error(response, request, wait=wait)
            waited += wait
            self.sleep(wait)
        raise AssertionError

    def _response(self, request: httpx.Request, *, is_repeatable: bool) -> httpx.Response | None:
        """An answer; None for none."""
        import httpx

        try:
            return self.client.send(request)
        except httpx.ConnectError:
            return None
        except httpx.TransportError as error:
            if is_repeatable:
                return None
            message = f"GitHub broke off while it was asked to {_asked(request)}; it may have done it"
            raise GitHubUnavailableError(message) from error


def _wait(response: httpx.Response | None, attempt: int, *, is_repeatable: bool) -> float | None:
    if response is None:
        return wait_before_next(_UNAVAILABLE, {}, attempt=attempt)
    if response.is_server_error and not is_repeatable:
        return None
    text, now = response.text[:_SHOWN], time.time()
    return wait_before_next(response.status_code, response.headers, attempt=attempt, text=text, now=now)


def _error(response: httpx.Response | None, request: httpx.Request, *, wait: float | None) -> GitHubError:
    """What an answer means, and the way out."""
    if response is None:
        hint = "Is there a network? GITHUB_API_URL says where GitHub is asked."
        return GitHubUnavailableError(f"GitHub cannot be reached: {_asked(request)}", hint=hint)
    said = f"{_asked(request)}: {response.status_code}{_said(response)}"
    if is_limit(response.status_code, response.headers, response.text[:_SHOWN]):
        return RateLimitError(f"GitHub answers no more for now: {said}", hint=f"Try again in {round(wait or 0)} s.")
    if response.is_server_error:
        return GitHubUnavailableError(
            f"GitHub failed: {said}", hint="Try again; https://www.githubstatus.com says more."
        )
    if response.is_redirect:
        return GitHubError(f"the repository has moved: {said}", hint="Set the remote, or GITHUB_REPOSITORY, anew.")
    refusal, hint = _REFUSALS.get(response.status_code, (GitHubError, ""))
    permission = response.headers.get("x-accepted-github-permissions") or _permission(request)
    return refusal(f"GitHub refuses: {said}", hint=hint.format(permission=permission))


def _asked(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


def _permission(request: httpx.Request) -> str:
    """What a token needs, in the words of a workflow's `permissions`."""
    level = "read" if request.method == "GET" else "write"
    name = next((name for pattern, name in _PERMISSIONS if re.search(pattern, request.url.path)), "contents")
    return f"{name}: {level}"


def _said(response: httpx.Response) -> str:
    """What GitHub says itself."""
    try:
        content = response.json()
        found = [content["message"], *(each.get("message", "") for each in content.get("errors", ()))]
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""
    return f" {one_line('; '.join(str(each) for each in found if each))[:_SHOWN]}"
