import pytest

from lakewright.dependencies.environment import lean


@pytest.mark.parametrize(
    "name",
    ["DATABRICKS_TOKEN", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "UV_PUBLISH_PASSWORD", "PYTHONPATH", "VIRTUAL_ENV"],
)
def test_what_a_build_does_not_need_is_left_out(name: str) -> None:
    assert lean({name: "x"}) == {}


@pytest.mark.parametrize(
    "name",
    ["PATH", "HOME", "LC_ALL", "TMPDIR", "https_proxy", "SSL_CERT_FILE", "UV_INDEX_OWN_PASSWORD", "XDG_CACHE_HOME"],
)
def test_what_leads_to_programs_and_indexes_stays(name: str) -> None:
    assert lean({name: "x"}) == {name: "x"}


def test_more_is_seen_where_it_is_named() -> None:
    assert lean({"CC": "clang", "TOKEN": "x", "LAKEWRIGHT_BUILD_VARIABLES": " CC ,"}) == {"CC": "clang"}
