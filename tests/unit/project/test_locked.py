from pathlib import Path
from typing import Final

import pytest

from lakewright.project.affected import affected_since
from tests.git import commit
from tests.unit.project.monorepo import EVERY, FILES
from tests.unit.project.repos import write

HEAD: Final = 'version = 1\nrequires-python = ">=3.10"\n'


def package(name: str, version: str, *needs: str, source: str = '{ registry = "https://example.com" }') -> str:
    named = ", ".join(f'{{ name = "{each}" }}' for each in needs)
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {source}\ndependencies = [{named}]\n\n'


def member(name: str, *needs: str) -> str:
    return package(name, "0.1.0", "lakewright", *needs, source=f'{{ editable = "pipelines/{name}" }}')


PACKAGES: Final[dict[str, str]] = {
    "platform": package("platform", "0", "lakewright", "ruff", source='{ virtual = "." }'),
    "lakewright": package("lakewright", "0", "typer", source='{ editable = "framework" }'),
    "flights": member("flights", "polars"),
    "sales": member("sales"),
    "web": member("web", "requests"),
    "polars": package("polars", "1.0", "polars-runtime"),
    "polars-runtime": package("polars-runtime", "1.0"),
    "requests": package("requests", "2.0"),
    "ruff": package("ruff", "0.1"),
    "typer": package("typer", "0.1"),
}


def lock(head: str = HEAD, **changed: str) -> str:
    names = {name.replace("_", "-"): text for name, text in changed.items()}
    return head + "".join({**PACKAGES, **names}.values())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    commit(tmp_path, {**FILES, "uv.lock": lock()})
    return tmp_path


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (lock(requests=package("requests", "2.1")), ("web",)),
        (lock(polars_runtime=package("polars-runtime", "1.1")), ("flights",)),
        (lock(polars=package("polars", "1.0")), ("flights",)),
        (lock(sales=member("sales", "requests")), ("sales",)),
        (lock(typer=package("typer", "0.2")), EVERY),
        (lock(ruff=package("ruff", "0.2")), EVERY),
        (lock('version = 1\nrequires-python = ">=3.11"\n'), EVERY),
        (lock(web=""), ("web",)),
        (lock(stranger=package("stranger", "1")), ()),
        ("[broken", EVERY),
        (lock().replace("[[package]]\nname = ", "[[package]]\n  name = "), EVERY),
    ],
)
def test_a_locked_package_concerns_the_pipelines_that_lead_to_it(root: Path, text: str, names: tuple[str, ...]) -> None:
    write(root, {"uv.lock": text})
    assert tuple(affected_since(root, "HEAD").pipelines) == names


def test_a_package_that_was_needed_before_counts_too(root: Path) -> None:
    write(root, {"uv.lock": lock(polars=package("polars", "1.0"), polars_runtime=package("polars-runtime", "2"))})
    assert tuple(affected_since(root, "HEAD").pipelines) == ("flights",)


def test_a_new_or_removed_lock_file_concerns_all(root: Path) -> None:
    (root / "uv.lock").unlink()
    assert tuple(affected_since(root, "HEAD").pipelines) == EVERY
    commit(root)
    write(root, {"uv.lock": lock()})
    assert tuple(affected_since(root, "HEAD").pipelines) == EVERY


def test_the_reason_names_what_is_locked_anew(root: Path) -> None:
    write(root, {"uv.lock": lock(requests=package("requests", "2.1"))})
    ((reason,),) = affected_since(root, "HEAD").pipelines.values()
    assert (reason.path, reason.what) == ("uv.lock", "it needs what is locked anew: requests")
