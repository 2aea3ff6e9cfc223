"""Whatever change alters a generated definition or the content of a wheel is reported: no pipeline is missed."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from lakewright.errors.project import ProjectError
from lakewright.project.affected import affected_since
from tests.contract.affected_outputs import outputs
from tests.git import commit, git
from tests.unit.project.repos import write

BUILD: Final = '[build-system]\nrequires = ["uv_build>=0.11,<1"]\nbuild-backend = "uv_build"\n'
EXAMPLES: Final = min(250, settings().max_examples // 4)


def project(name: str, *needs: str) -> str:
    return f'[project]\nname = "{name}"\nversion = "0.1.0"\ndependencies = {list(needs)}\nreadme = "README.md"\n{BUILD}'


def job(name: str, *lines: str, count: str = "1") -> str:
    task = "from lakewright import job, task\n@task\ndef one(x):\n    return x\n"
    return "\n".join([*lines, f"{task}@job\ndef {name}():\n    return one({count})\n"])


def pipeline(name: str, source: str, *needs: str) -> dict[str, str]:
    return {
        f"pipelines/{name}/databricks.yml": f"bundle: {{name: {name}}}\n",
        f"pipelines/{name}/pyproject.toml": project(name, *needs),
        f"pipelines/{name}/README.md": "read 1\n",
        f"pipelines/{name}/src/{name}/__init__.py": "",
        f"pipelines/{name}/src/{name}/jobs.py": source,
        f"pipelines/{name}/src/{name}/settings.json": "1",
    }


def library(name: str, source: str, *needs: str) -> dict[str, str]:
    return {
        f"shared/{name}/pyproject.toml": project(name, *needs),
        f"shared/{name}/README.md": "read 1\n",
        f"shared/{name}/src/{name}/__init__.py": source,
    }


READ: Final = "from pathlib import Path\nCOUNT = int(Path(__file__).with_name('settings.json').read_text())"
FILES: Final[dict[str, str]] = {
    "targets.yml": "targets: {dev: {}}\n",
    "pyproject.toml": '[project]\nname = "platform"\nversion = "0"\n[tool.lakewright]\n',
    "docs/about.md": "about 1\n",
    "scripts/count.txt": "1",
    ".gitignore": "/out\n",
    **library("units", "COUNT = 1\n"),
    **library("geo", "from units import COUNT\n", "units"),
    **library("lonely", "COUNT = 1\n"),
    **pipeline("flights", job("flights", "from geo import COUNT", count="COUNT"), "geo"),
    **pipeline("web", job("web", "from importlib import import_module", "U = import_module('units')", count="U.COUNT")),
    **pipeline("sales", job("sales", READ, count="COUNT")),
    **pipeline("shop", job("shop", "from sales.jobs import one as other, COUNT", count="COUNT")),
}
LINKS: Final = {
    "pipelines/web/src/web/about.md": "../../../../docs/about.md",
    "pipelines/shop/src/shop/count.txt": "../../../../scripts/count.txt",
}
NAMES: Final = ("extra.py", "jobs.py", "__init__.py", "settings.json", "py.typed", "README.md")
FOLDERS: Final = tuple(sorted({path.rpartition("/")[0] or "." for path in FILES}))
Edit: TypeAlias = Callable[[Path], None]


@dataclass(frozen=True)
class Change:
    """An edit of a file."""

    kind: str
    path: str
    other: str = ""

    def make(self, root: Path) -> None:
        """Do it, if the file is there."""
        place, other = root / self.path, root / self.other
        if self.kind == "add":
            place.unlink(missing_ok=True)  # It may be a link.
            write(root, {self.path: "COUNT = 1\n"})
        elif not os.path.lexists(place):
            return
        elif self.kind == "delete":
            place.unlink()
        elif self.kind == "move":
            other.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(place, other)
        elif self.kind == "append":
            with place.open("a", encoding="utf-8") as file:
                file.write("\n# more\n")
        else:
            text = place.read_text(encoding="utf-8")
            place.write_text(text.replace("1", "2", 1), encoding="utf-8")


def changes() -> st.SearchStrategy[Change]:
    paths = st.sampled_from(sorted({*FILES, *LINKS}))
    new = st.builds("{}/{}".format, st.sampled_from(FOLDERS), st.sampled_from(NAMES))
    return st.one_of(
        st.builds(Change, st.sampled_from(("append", "replace", "delete")), paths),
        st.builds(Change, st.just("move"), paths, new),
        st.builds(Change, st.just("add"), new),
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("affected")
    write(place, FILES)
    for link, target in LINKS.items():
        (place / link).symlink_to(target)
    commit(place)
    return place


@pytest.fixture(scope="module")
def before(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    found = outputs(root, tmp_path_factory.mktemp("before"))
    assert sorted(found) == ["flights", "sales", "shop", "web"]
    assert {text.partition(" ")[0] for text in found.values()} == {"sound"}
    return found


@pytest.mark.parametrize(
    "path", ["pipelines/sales/src/sales/settings.json", "docs/about.md", "shared/units/src/units/__init__.py"]
)
def test_the_outputs_tell_changes(root: Path, before: Mapping[str, str], tmp_path: Path, *, path: str) -> None:
    Change("replace", path).make(root)
    after = outputs(root, tmp_path)
    git(root, "checkout", "--quiet", ".")
    expected = {"settings.json": {"sales", "shop"}, "about.md": {"web"}, "__init__.py": {"flights", "web"}}
    assert {name for name in before if before[name] != after[name]} == expected[Path(path).name]


# Each example builds the wheels of all packages and generates all jobs.
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(made=st.lists(changes(), min_size=1, max_size=2))
def test_no_pipeline_that_comes_to_something_else_is_missed(
    root: Path, before: Mapping[str, str], tmp_path: Path, *, made: list[Change]
) -> None:
    for change in made:
        change.make(root)
    try:
        after = outputs(root, tmp_path)
        altered = {name for name, text in after.items() if before.get(name) != text}
        event("altered" if altered else "not altered")
        try:
            found = set(affected_since(root, "HEAD").pipelines)
        except ProjectError:  # A project that is not TOML is an error, which nobody overlooks.
            return
    finally:
        git(root, "checkout", "--quiet", ".")
        git(root, "clean", "-xffdq")
    assert altered <= found
