"""GitHub's REST API on this machine: what the commands use of it, and its failures on demand.

What is answered is what GitHub documents: https://docs.github.com/rest. A test reads what has come about in
`FakeGitHub.comments`, `.issues` … and what was asked in `.requests`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from tests.loopback import Quiet, served

REPOSITORY: Final = "acme/flights"
TOKEN: Final = "ghs_tokenOfTheTests"  # noqa: S105  of nobody
BODY_LIMIT: Final = 65_536
_PER_PAGE: Final = 30
_ALLOWS: Final = {"read": {"read", "write"}, "write": {"write"}}

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a request is answered with."""

    status: int
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class FakeGitHub:
    """One repository. `permissions` are those of the token, as a workflow grants them.

    Attributes:
        tokens: further tokens with theirs, such as each job of a workflow has.
        deployments: the latest last, each with its `statuses`, the latest first.
        commits: what there is to deploy; None for any.
        oidc: what it says about subjects.
        environments: by name, with the names of their variables.
        brought: the pull requests that brought each commit.
        failures: answers for the next requests, before anything is done; each is given once.
        on_post: like `failures`, for the next requests that would make something.
        broken: like `failures`, but what was asked for is done.
    """

    url: str = ""
    permissions: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys(("deployments", "issues", "pull-requests"), "write")
    )
    tokens: dict[str, Mapping[str, str]] = field(default_factory=dict)
    comments: list[Json] = field(default_factory=list)
    pulls: list[Json] = field(default_factory=list)
    issues: list[Json] = field(default_factory=list)
    deployments: list[Json] = field(default_factory=list)
    commits: set[str] | None = None
    brought: dict[str, list[Json]] = field(default_factory=dict)
    oidc: Json = field(default_factory=lambda: {"use_default": True, "sub_claim_prefix": "repo:acme@11/flights@22"})
    environments: dict[str, set[str]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Answer] = field(default_factory=list)
    on_post: list[Answer] = field(default_factory=list)
    broken: list[Answer] = field(default_factory=list)
    next_id: int = 1

    @property
    def environment(self) -> dict[str, str]:
        """What a workflow has, to find it by."""
        return {"GITHUB_API_URL": self.url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN}

    def new(self, content: Json) -> Json:
        """Something with an id of its own."""
        made = {"id": self.next_id, **content}
        self.next_id += 1
        return made

    def handle(self, method: str, path: str, *, query: Mapping[str, str], body: Json, token: str) -> Answer:
        """The answer to a request for a path below the repository."""
        self.requests.append((method, path))
        if self.failures:
            return self.failures.pop(0)
        if method == "POST" and self.on_post:
            return self.on_post.pop(0)
        granted = {TOKEN: self.permissions, **self.tokens}.get(token.removeprefix("Bearer "))
        if granted is None:
            return Answer(401, {"message": "Bad credentials"})
        found = ((route, match) for route in ROUTES if (match := re.fullmatch(route.path, path)))
        route, match = next(((r, m) for r, m in found if r.method == method), (None, None))
        if route is None or match is None:
            return Answer(404, {"message": "Not Found"})
        if granted.get(route.permission) not in _ALLOWS["read" if method == "GET" else "write"]:
            needed = {"x-accepted-github-permissions": f"{route.permission.replace('-', '_')}={route.level}"}
            return Answer(403, {"message": "Resource not accessible by integration"}, needed)
        answer = route.handle(self, body, query, *match.groups())
        return self.broken.pop(0) if self.broken else answer


Handle: TypeAlias = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """What is done for requests of one method and path; `handle(github, body, query, *groups)`."""

    method: str
    path: str
    permission: str
    handle: Handle

    @property
    def level(self) -> str:
        """What the token needs."""
        return "read" if self.method == "GET" else "write"


def _refused_body(body: Json) -> Answer | None:
    text = body.get("body") or ""
    if not text:
        return Answer(422, {"message": "Validation Failed", "errors": [{"field": "body", "message": "is blank"}]})
    if len(text) > BODY_LIMIT:
        message = f"Body is too long (maximum is {BODY_LIMIT} characters)"
        return Answer(422, {"message": "Validation Failed", "errors": [{"field": "data", "message": message}]})
    return None


def _list_comments(github: FakeGitHub, _: Json, __: Mapping[str, str], number: str) -> Answer:
    return Answer(200, [each for each in github.comments if each["issue"] == int(number)])


def _create_comment(github: FakeGitHub, body: Json, _: Mapping[str, str], number: str) -> Answer:
    if (refused := _refused_body(body)) is not None:
        return refused
    bot = {"login": "github-actions[bot]", "type": "Bot"}
    made = github.new({"issue": int(number), "body": body["body"], "user": bot, "author_association": "NONE"})
    made["html_url"] = f"https://github.com/{REPOSITORY}/pull/{number}#issuecomment-{made['id']}"
    github.comments.append(made)
    return Answer(201, made)


def _update_comment(github: FakeGitHub, body: Json, _: Mapping[str, str], name: str) -> Answer:
    found = next((each for each in github.comments if each["id"] == int(name)), None)
    if found is None:
        return Answer(404, {"message": "Not Found"})
    if (refused := _refused_body(body)) is not None:
        return refused
    found["body"] = body["body"]
    return Answer(200, found)


def _delete_comment(github: FakeGitHub, _: Json, __: Mapping[str, str], name: str) -> Answer:
    kept = [each for each in github.comments if each["id"] != int(name)]
    is_there = len(kept) < len(github.comments)
    github.comments[:] = kept
    return Answer(HTTPStatus.NO_CONTENT) if is_there else Answer(404, {"message": "Not Found"})


def _list_issues(github: FakeGitHub, _: Json, query: Mapping[str, str]) -> Answer:
    state, labels = query.get("state", "open"), set(filter(None, query.get("labels", "").split(",")))
    found = [each for each in github.issues if state in {each["state"], "all"}]
    return Answer(200, [each for each in found if labels <= {label["name"] for label in each["labels"]}])


def _create_issue(github: FakeGitHub, body: Json, _: Mapping[str, str]) -> Answer:
    labels = [{"name": name} for name in body.get("labels", ())]
    made = github.new({"title": body["title"], "body": body.get("body", ""), "labels": labels, "state": "open"})
    made["number"] = made["id"]
    made["html_url"] = f"https://github.com/{REPOSITORY}/issues/{made['number']}"
    github.issues.append(made)
    return Answer(201, made)


def _update_issue(github: FakeGitHub, body: Json, _: Mapping[str, str], number: str) -> Answer:
    found = next((each for each in github.issues if each["number"] == int(number)), None)
    if found is None:
        return Answer(404, {"message": "Not Found"})
    found.update({name: value for name, value in body.items() if name in {"title", "body", "state", "state_reason"}})
    return Answer(200, found)


def _list_deployments(github: FakeGitHub, _: Json, query: Mapping[str, str]) -> Answer:
    asked = {name: query[name] for name in ("environment", "ref", "sha", "task") if name in query}
    found = [each for each in reversed(github.deployments) if asked.items() <= each.items()]
    return Answer(200, [{name: value for name, value in each.items() if name != "statuses"} for each in found])


def _create_deployment(github: FakeGitHub, body: Json, _: Mapping[str, str]) -> Answer:
    ref = body["ref"]
    if github.commits is not None and ref not in github.commits:
        return Answer(422, {"message": f"No ref found for: {ref}"})
    kept = {name: body[name] for name in ("ref", "task", "environment", "payload", "description")}
    made = github.new({**kept, "sha": ref, "created_at": f"2026-11-30T12:00:{github.next_id % 60:02}Z"})
    github.deployments.append({**made, "statuses": []})
    return Answer(201, made)


def _oidc(github: FakeGitHub, _: Json, __: Mapping[str, str]) -> Answer:
    return Answer(200, github.oidc)


def _environment(github: FakeGitHub, _: Json, __: Mapping[str, str], name: str) -> Answer:
    found = name in github.environments
    return Answer(200, {"name": name}) if found else Answer(404, {"message": "Not Found"})


def _variable(github: FakeGitHub, _: Json, __: Mapping[str, str], *names: str) -> Answer:
    environment, name = names
    found = name in github.environments.get(environment, ())
    return Answer(200, {"name": name, "value": "0b8b"}) if found else Answer(404, {"message": "Not Found"})


def _list_brought(github: FakeGitHub, _: Json, __: Mapping[str, str], commit: str) -> Answer:
    return Answer(200, github.brought.get(commit, []))


def _deployment(github: FakeGitHub, number: str) -> Json | None:
    return next((each for each in github.deployments if each["id"] == int(number)), None)


def _list_statuses(github: FakeGitHub, _: Json, __: Mapping[str, str], number: str) -> Answer:
    found = _deployment(github, number)
    return Answer(200, found["statuses"]) if found else Answer(404, {"message": "Not Found"})


def _create_status(github: FakeGitHub, body: Json, _: Mapping[str, str], number: str) -> Answer:
    found = _deployment(github, number)
    if found is None:
        return Answer(404, {"message": "Not Found"})
    made = github.new({"state": body["state"]})
    found["statuses"].insert(0, made)
    if body["state"] == "success" and body.get("auto_inactive", True):
        others = [each for each in github.deployments if each["environment"] == found["environment"]]
        for each in others[: others.index(found)]:
            each["statuses"].insert(0, github.new({"state": "inactive"}))
    return Answer(201, made)


def _list_pulls(github: FakeGitHub, _: Json, query: Mapping[str, str]) -> Answer:
    head, state = query.get("head", ""), query.get("state", "open")
    found = [each for each in github.pulls if state in {each["state"], "all"}]
    return Answer(200, [each for each in found if head in {"", each["head"]["label"]}])


def _create_pull(github: FakeGitHub, body: Json, _: Mapping[str, str]) -> Answer:
    owner = REPOSITORY.partition("/")[0]
    number = github.next_id
    made = github.new({"number": number, "state": "open", "title": body["title"], "body": body.get("body", "")})
    made["head"] = {"ref": body["head"], "label": f"{owner}:{body['head']}"}
    made["base"] = {"ref": body["base"]}
    made["html_url"] = f"https://github.com/{REPOSITORY}/pull/{number}"
    github.pulls.append(made)
    return Answer(201, made)


def _update_pull(github: FakeGitHub, body: Json, _: Mapping[str, str], number: str) -> Answer:
    found = next((each for each in github.pulls if each["number"] == int(number)), None)
    if found is None:
        return Answer(404, {"message": "Not Found"})
    found.update({name: value for name, value in body.items() if name in {"title", "body", "state"}})
    return Answer(200, found)


ROUTES: Final = [
    Route("GET", r"pulls", "pull-requests", _list_pulls),
    Route("POST", r"pulls", "pull-requests", _create_pull),
    Route("PATCH", r"pulls/(\d+)", "pull-requests", _update_pull),
    Route("GET", r"actions/oidc/customization/sub", "actions", _oidc),
    Route("GET", r"environments/([\w-]+)", "actions", _environment),
    Route("GET", r"environments/([\w-]+)/variables/(\w+)", "actions", _variable),
    Route("GET", r"commits/(\w+)/pulls", "pull-requests", _list_brought),
    Route("GET", r"deployments", "deployments", _list_deployments),
    Route("POST", r"deployments", "deployments", _create_deployment),
    Route("GET", r"deployments/(\d+)/statuses", "deployments", _list_statuses),
    Route("POST", r"deployments/(\d+)/statuses", "deployments", _create_status),
    Route("GET", r"issues/(\d+)/comments", "pull-requests", _list_comments),
    Route("POST", r"issues/(\d+)/comments", "pull-requests", _create_comment),
    Route("PATCH", r"issues/comments/(\d+)", "pull-requests", _update_comment),
    Route("DELETE", r"issues/comments/(\d+)", "pull-requests", _delete_comment),
    Route("GET", r"issues", "issues", _list_issues),
    Route("POST", r"issues", "issues", _create_issue),
    Route("PATCH", r"issues/(\d+)", "issues", _update_issue),
]


@contextmanager
def server() -> Iterator[FakeGitHub]:
    """GitHub, at `FakeGitHub.url`."""
    github = FakeGitHub()

    class Handler(Quiet):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            path = parts.path.removeprefix(f"/repos/{REPOSITORY}/")
            token = self.headers.get("Authorization", "")
            answer = github.handle(self.command, path, query=query, body=body, token=token)
            self.reply(_page(answer, f"{github.url}{parts.path}", query))

        def reply(self, answer: Answer) -> None:
            content = b"" if answer.status == HTTPStatus.NO_CONTENT else json.dumps(answer.content).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815  names of the standard library

    with served(Handler) as github.url:
        yield github


def _page(answer: Answer, url: str, query: Mapping[str, str]) -> Answer:
    """One page of a list, and the link to the next."""
    if not isinstance(answer.content, list):
        return answer
    size, page = min(100, int(query.get("per_page", _PER_PAGE))), int(query.get("page", 1))
    rest = answer.content[size * page :]
    others = "&".join(f"{name}={value}" for name, value in query.items() if name != "page")
    link = {"Link": f'<{url}?{others}&page={page + 1}>; rel="next"'} if rest else {}
    return Answer(answer.status, answer.content[size * (page - 1) : size * page], {**answer.headers, **link})
