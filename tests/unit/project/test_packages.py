from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from lakewright.errors.project import ProjectError
from lakewright.project.packages import Package, closures, injected_modules, named_packages, read_packages
from lakewright.project.trees import Tracked

PROJECT = '[project]\nname = "{}"\ndependencies = [{}]\n'


@dataclass(frozen=True)
class Texts:
    """A tree of texts and links, which says what was read."""

    texts: Mapping[str, str]
    links: Mapping[str, str] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)

    @property
    def files(self) -> Sequence[Tracked]:
        return (*(Tracked(path) for path in self.texts), *(Tracked(path, is_link=True) for path in self.links))

    def content(self, path: str) -> bytes | None:
        self.read.append(path)
        return self.texts[path].encode() if path in self.texts else None

    def target(self, path: str) -> str:
        return self.links[path]


def packages(tree: Texts) -> dict[str, Package]:
    return {package.folder: package for package in read_packages(tree)}


def test_a_package_is_known_by_its_name_its_modules_and_what_it_declares() -> None:
    tree = Texts(
        {
            "shared/geo/pyproject.toml": PROJECT.format("Geo_Tools", "\"Units[fast]>=1 ; python_version > '3'\"")
            + '[build-system]\nrequires = ["uv_build"]\n[dependency-groups]\ntest = ["Checks"]\n',
            "shared/geo/src/geo/__init__.py": "import audit.trail\nfrom maps import draw\n",
            "shared/geo/src/single.py": "",
            "shared/geo/tests/test_geo.py": "",
        }
    )
    assert packages(tree)["shared/geo"] == Package(
        folder="shared/geo",
        name="geo-tools",
        modules=frozenset({"geo", "single"}),
        needs=frozenset({"units", "uv-build", "checks"}),
        imports=frozenset({"audit", "maps"}),
    )


def test_a_pipeline_has_a_bundle_where_pipelines_lie_and_without_a_project_may_need_all() -> None:
    tree = Texts(
        {
            "pipelines/a/databricks.yml": "",
            "pipelines/a/pyproject.toml": PROJECT.format("a", ""),
            "pipelines/b/databricks.yml": "",
            "shared/c/databricks.yml": "",
            "shared/c/pyproject.toml": PROJECT.format("c", ""),
        }
    )
    found = packages(tree)
    assert {folder: (each.is_pipeline, each.is_open) for folder, each in found.items()} == {
        "pipelines/a": (True, False),
        "pipelines/b": (True, True),
        "shared/c": (False, False),
    }


def test_what_lies_in_the_framework_is_no_package() -> None:
    assert packages(Texts({"framework/pyproject.toml": "", "framework/src/x/pyproject.toml": "{{ no TOML"})) == {}


def test_paths_upwards_and_links_are_read_and_wildcards_end_a_path() -> None:
    tree = Texts(
        {
            "pipelines/a/databricks.yml": "sync: {paths: [../../data/raw/*.csv]}\ninclude: [../../targets.yml]\n",
            "pipelines/a/pyproject.toml": PROJECT.format("a", ""),
            "pipelines/a/notes.md": "see ../../elsewhere",
        },
        links={"pipelines/a/data/planes.csv": "../../../planes.csv"},
    )
    reads = packages(tree)["pipelines/a"].reads
    assert {"data/raw", "targets.yml", "planes.csv"} <= reads
    assert "elsewhere" not in reads


def test_a_package_inside_of_another_belongs_to_both() -> None:
    inner = {"shared/a/inner/pyproject.toml": PROJECT.format("inner", ""), "shared/a/inner/x.py": "import numpy"}
    found = packages(Texts({"shared/a/pyproject.toml": PROJECT.format("a", ""), **inner}))
    assert "numpy" in found["shared/a"].imports & found["shared/a/inner"].imports


def test_a_closure_has_the_shortest_way_to_each_folder_and_circles_end() -> None:
    a, b, c, d = (
        Package(folder=f"shared/{name}", name=name, needs=frozenset(needs))
        for name, needs in (("a", "bc"), ("b", "d"), ("c", "a"), ("d", "c"))
    )
    [ways] = closures([a], [a, b, c, d]).values()
    assert ways == {
        "shared/a": ("shared/a",),
        "shared/b": ("shared/a", "shared/b"),
        "shared/c": ("shared/a", "shared/c"),
        "shared/d": ("shared/a", "shared/b", "shared/d"),
    }


def test_names_alone_are_told_without_reading_a_source() -> None:
    tree = Texts({"shared/a/pyproject.toml": PROJECT.format("a", '"b"'), "shared/a/src/a/x.py": "import b"})
    [found] = named_packages(tree)
    assert (found.name, found.modules, found.needs) == ("a", frozenset({"a"}), frozenset())
    assert "shared/a/src/a/x.py" not in tree.read


def test_the_modules_of_injected_tasks_are_named_by_the_root() -> None:
    text = '[[tool.lakewright.inject]]\ntask = "audit.tasks:begin"\nat = "roots"\n'
    assert injected_modules(Texts({"pyproject.toml": text})) == {"audit"}
    assert injected_modules(Texts({})) == frozenset()


def test_a_project_that_is_no_toml_is_named() -> None:
    with pytest.raises(ProjectError, match=r"^shared/a/pyproject.toml is not TOML"):
        read_packages(Texts({"shared/a/pyproject.toml": "no = toml ="}))
