from pathlib import Path

import pytest

from lakewright.dependencies.index import Index, local_path

FILE = "https://packages.example/files/rows.whl"
SIGNED_IN = "https://me:p%40ss@packages.example/simple"


def test_what_is_said_comes_before_the_variables_of_uv() -> None:
    index = Index(urls=("https://a.example/", "https://b.example/"), environment={"UV_DEFAULT_INDEX": SIGNED_IN})
    assert index.variables == {"UV_DEFAULT_INDEX": "https://a.example/", "UV_INDEX": "https://b.example/"}
    assert Index(environment={"UV_DEFAULT_INDEX": SIGNED_IN}).variables == {}


def test_folders_are_added_to_those_of_the_environment() -> None:
    index = Index(find_links=("mirror", "more"), environment={"UV_FIND_LINKS": "known"})
    assert index.variables == {"UV_FIND_LINKS": "mirror,more,known"}


@pytest.mark.parametrize(
    ("index", "is_closed", "options"),
    [
        (Index(environment={}), False, ()),
        (Index(no_index=True, environment={}), True, ("--no-index",)),
        (Index(offline=True, environment={}), True, ()),
    ],
)
def test_nothing_is_asked_over_a_network_without_an_index_or_offline(
    index: Index, is_closed: object, options: tuple[str, ...]
) -> None:
    assert (index.is_closed, index.options) == (is_closed, options)
    assert index.variables == ({"UV_OFFLINE": "1"} if index.offline else {})


@pytest.mark.parametrize(
    "index",
    [
        Index(urls=(SIGNED_IN,), environment={}),
        Index(find_links=(SIGNED_IN,), environment={}),
        Index(environment={"UV_EXTRA_INDEX_URL": f"https://other.example/ {SIGNED_IN}"}),
        Index(environment={"UV_INDEX": f"own={SIGNED_IN}"}),
        Index(
            environment={
                "UV_INDEX": "own-one=https://packages.example/simple",
                "UV_INDEX_OWN_ONE_USERNAME": "me",
                "UV_INDEX_OWN_ONE_PASSWORD": "p@ss",
            }
        ),
    ],
)
def test_credentials_count_for_the_files_of_their_server_alone_and_are_hidden(index: Index) -> None:
    assert index.credentials(FILE) == ("me", "p@ss")
    assert index.credentials("https://packages.example:8443/rows.whl") is None
    assert index.credentials("http://packages.example/rows.whl") is None
    assert index.credentials("https://elsewhere.example/rows.whl") is None
    assert "p@ss" not in index.hidden("the password is p@ss") + repr(index)
    assert "p%40ss" not in repr(index)
    assert index.hidden(f"could not ask {SIGNED_IN}") == "could not ask https://****@packages.example/simple"
    assert not any("p@ss" in option or "p%40ss" in option for option in index.options)


def test_credentials_of_a_files_own_url_count() -> None:
    assert Index(environment={}).credentials("https://me:own@files.example/rows.whl") == ("me", "own")


def test_indexes_on_a_server_are_told_without_credentials() -> None:
    index = Index(urls=("https://elsewhere.example/simple", SIGNED_IN), environment={})
    assert index.on_server_of(FILE) == ("https://packages.example/simple",)


def test_a_url_of_this_machine_is_a_path_and_no_other_is() -> None:
    assert local_path("file:///mirror/a%20b.whl") == Path("/mirror/a b.whl")
    assert local_path(FILE) is None
