from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from urllib3.exceptions import HTTPError

from lakewright.dependencies.connections import Connections
from lakewright.dependencies.index import Index
from tests.loopback import Quiet
from tests.loopback import served as serving
from tests.wheel_files import PackageIndex, package_index, write_wheel

FILE = "/files/rows-1.0-py3-none-any.whl"
VARIABLES = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    write_wheel(tmp_path / "files", "rows")
    with package_index(tmp_path / "files") as index:
        yield index


def asked(url: str, credentials: tuple[str, str] | None = None) -> tuple[int, bytes]:
    connections = Connections(Index(), side_by_side=2)
    with closing(connections), closing(connections.ask(url, credentials)) as response:
        return response.status, response.read(decode_content=False)


def root(served: PackageIndex) -> str:
    return served.url.removesuffix("/simple")


def test_a_server_is_asked_straight_and_with_credentials_if_there_are_any(served: PackageIndex) -> None:
    served.password = "pässword"  # noqa: S105  of this test's own server
    assert asked(root(served) + FILE)[0] == 401
    status, content = asked(root(served) + FILE, ("me", "pässword"))
    assert (status, content) == (200, next(served.files.iterdir()).read_bytes())


@pytest.mark.parametrize("variable", ["http_proxy", "all_proxy"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_proxy_of_the_environment_is_asked(
    served: PackageIndex, monkeypatch: pytest.MonkeyPatch, *, variable: str, scheme: str
) -> None:
    served.password = "s3cret"  # noqa: S105  of this test's own server
    monkeypatch.setenv(variable, scheme + root(served).removeprefix("http://"))
    assert asked(f"http://files.example{FILE}", ("me", "s3cret"))[0] == 200
    assert served.asked[-1].path == f"http://files.example{FILE}"


def test_a_server_that_is_excepted_is_asked_without_the_proxy(
    served: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(HTTPError):
        asked(root(served) + FILE)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert asked(root(served) + FILE)[0] == 200


def test_a_proxy_of_an_unknown_kind_is_an_error_only_where_it_would_be_asked(
    served: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", "socks9://127.0.0.1:1")
    with pytest.raises(HTTPError):
        asked(root(served) + FILE)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert asked(root(served) + FILE)[0] == 200


def test_a_redirect_is_followed_without_the_credentials_of_the_first_server(served: PackageIndex) -> None:
    class Elsewhere(Quiet):
        def do_GET(self) -> None:  # noqa: N802  the name that the server calls
            self.send_response(302)
            self.send_header("Location", root(served).replace("127.0.0.1", "localhost") + FILE)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with serving(Elsewhere) as url:
        assert asked(f"{url}{FILE}", ("me", "s3cret"))[0] == 200
    assert served.asked[-1].authorization == ""
