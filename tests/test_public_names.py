"""What users import: each name teaches itself where an editor shows it."""

import inspect
from typing import Final, get_origin

import pytest

import lakewright
from lakewright import config, orchestration

# A type with a mark for tasks, whose documentation is that of the type.
PUBLIC: Final = {
    f"{package.__name__}.{name}": found
    for package in (lakewright, orchestration)
    for name, found in ((name, getattr(package, name)) for name in package.__all__)
    if name != "__version__" and get_origin(found) is None
}
# One of each kind of configuration: the others have the same form.
CONFIGURED: Final = (
    config.AwsConfig,
    config.AzureConfig,
    config.DatabricksConfig,
    config.GcpConfig,
    config.LambdaConfig,
    config.LocalConfig,
    config.S3Config,
)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_says_what_one_gets_and_shows_it(name: str) -> None:
    text = inspect.getdoc(PUBLIC[name]) or ""
    first = text.partition("\n\n")[0]
    assert first.endswith(".")
    assert ">>> " in text


@pytest.mark.parametrize("shown", CONFIGURED)
def test_a_configuration_shows_what_it_makes(shown: type) -> None:
    assert ">>> " in (inspect.getdoc(shown) or "")


def test_an_editor_is_offered_the_public_names_and_no_other() -> None:
    assert dir(lakewright) == sorted(lakewright.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'lakewright' has no attribute 'jobb'"):
        getattr(lakewright, "jobb")  # noqa: B009  as a program that has it from a user would
