from dataclasses import replace

import pytest

from lakewright.dependencies.asked import with_options
from lakewright.dependencies.index import Index
from lakewright.dependencies.requirements import IndexOption

SET = Index(urls=("https://set/simple",), find_links=("set",), environment={})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], SET),
        ([IndexOption("-i", "https://a")], replace(SET, urls=("https://a",))),
        ([IndexOption("-i", "https://a"), IndexOption("--index-url", "https://b")], replace(SET, urls=("https://b",))),
        ([IndexOption("--extra-index-url", "https://a")], replace(SET, urls=("https://set/simple", "https://a"))),
        (
            [IndexOption("-f", "more"), IndexOption("--no-index", "")],
            replace(SET, find_links=("set", "more"), no_index=True),
        ),
    ],
    ids=["none", "another", "the last", "one more", "a folder"],
)
def test_what_a_file_says_of_indexes_comes_after_what_is_set(options: list[IndexOption], expected: Index) -> None:
    found = with_options(SET, options)
    assert (found, found.variables) == (expected, expected.variables)


def test_a_further_index_leaves_the_default_of_the_environment_in_place() -> None:
    index = Index(environment={"UV_DEFAULT_INDEX": "https://mirror", "UV_INDEX": "https://own"})
    found = with_options(index, [IndexOption("--extra-index-url", "https://more")])
    assert found.urls == ()
    assert found.environment == {"UV_DEFAULT_INDEX": "https://mirror", "UV_INDEX": "https://own https://more"}
