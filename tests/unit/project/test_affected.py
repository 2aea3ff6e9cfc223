import os
from pathlib import Path

import pytest

from lakewright.errors.project import ProjectError
from lakewright.project.affected import Affected, Reason, affected_on, affected_since
from tests.git import commit, git
from tests.unit.project.monorepo import EVERY, FILES, bundle, library, pipeline, project
from tests.unit.project.repos import write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository in which nothing has changed since `HEAD`."""
    commit(tmp_path, FILES)
    return tmp_path


def affected(root: Path, base: str = "HEAD") -> tuple[str, ...]:
    return tuple(affected_since(root, base).pipelines)


def changed(root: Path, *paths: str) -> tuple[str, ...]:
    """What is affected once these files have a line more."""
    for path in paths:
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("a", encoding="utf-8") as file:
            file.write("\n# more\n")
    return affected(root)


def test_without_a_change_nothing_is_affected(root: Path) -> None:
    assert affected_since(root, "HEAD") == Affected(pipelines={}, unaffected=EVERY, removed=())


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("pipelines/flights/src/flights/jobs.py", ("flights",)),
        ("pipelines/flights/data/rows.csv", ("flights",)),
        ("pipelines/flights/README.md", ("flights",)),
        ("shared/geo/src/geo/__init__.py", ("flights",)),
        ("shared/units/src/units/new.py", ("flights",)),
        ("shared/audit/pyproject.toml", ("web",)),
        ("shared/lonely/src/lonely/__init__.py", ()),
        ("framework/src/lakewright/x.py", EVERY),
        ("targets.yml", EVERY),
        ("pyproject.toml", EVERY),
        (".github/workflows/deploy.yml", EVERY),
        (".gitattributes", EVERY),
        ("scripts/a.py", EVERY),
        ("pipelines/notes.txt", EVERY),
        ("docs/a.md", ()),
        ("docs/plan.sql", ()),
        ("README.md", ()),
        ("shared/README.md", ()),
        ("LICENSE", ()),
        ("prices.toml", ()),
        ("pipelines/web/prices.toml", ("web",)),
        (".github/CODEOWNERS", ()),
    ],
)
def test_a_file_concerns_what_is_made_of_it(root: Path, path: str, names: tuple[str, ...]) -> None:
    assert changed(root, path) == names


def test_each_reason_names_the_file_and_the_way_to_it(root: Path) -> None:
    changed(root, "shared/units/src/units/__init__.py", "pipelines/web/src/web/jobs.py")
    found = affected_since(root, "HEAD").pipelines
    assert found == {
        "flights": (
            Reason(
                path="shared/units/src/units/__init__.py",
                what="it needs shared/units, by way of shared/geo",
                through=("pipelines/flights", "shared/geo", "shared/units"),
            ),
        ),
        "web": (Reason(path="pipelines/web/src/web/jobs.py", what="its own file", through=("pipelines/web",)),),
    }


def test_a_file_that_moves_between_packages_concerns_both(root: Path) -> None:
    git(root, "mv", "pipelines/sales/data/rows.csv", "shared/units/rows.csv")
    assert affected(root) == ("flights", "sales")


def test_a_deleted_file_concerns_what_was_made_of_it(root: Path) -> None:
    (root / "shared/audit/src/audit/__init__.py").unlink()
    assert affected(root) == ("web",)


def test_a_removed_pipeline_stands_apart(root: Path) -> None:
    git(root, "rm", "-r", "--quiet", "pipelines/sales")
    assert affected_since(root, "HEAD") == Affected(pipelines={}, unaffected=("flights", "web"), removed=("sales",))


def test_a_package_where_pipelines_lie_is_none_without_a_bundle(root: Path) -> None:
    (root / "pipelines/sales/databricks.yml").unlink()
    found = affected_since(root, "HEAD")
    assert (tuple(found.pipelines), found.unaffected, found.removed) == ((), ("flights", "web"), ("sales",))


def test_a_renamed_pipeline_is_a_removed_and_a_new_one(root: Path) -> None:
    git(root, "mv", "pipelines/sales", "pipelines/shop")
    found = affected_since(root, "HEAD")
    assert (tuple(found.pipelines), found.removed) == (("shop",), ("sales",))


def test_who_needs_a_removed_pipeline_is_affected(root: Path) -> None:
    commit(root, pipeline("late", code="from sales.jobs import daily\n"))
    git(root, "rm", "-r", "--quiet", "pipelines/sales")
    assert affected(root) == ("late",)


def test_a_removed_library_concerns_all_because_nothing_says_who_needed_it(root: Path) -> None:
    git(root, "rm", "-r", "--quiet", "shared/audit")
    assert affected(root) == EVERY


def test_a_new_pipeline_is_affected(root: Path) -> None:
    write(root, pipeline("late"))
    assert affected(root) == ("late",)


def test_before_the_first_commit_all_are_new(root: Path) -> None:
    assert affected(root, "HEAD^") == EVERY


@pytest.mark.parametrize(
    "code",
    [
        "import os, audit.steps as a",
        "import os; import audit",
        "def late():\n    from audit.steps import x",
        "from audit.steps \\\n    import (x,\n    y)",
        "importlib.import_module('audit.steps')",
        "io = 'audit.steps:Keeper'",
    ],
)
def test_what_a_module_imports_without_declaring_it_counts(root: Path, code: str) -> None:
    commit(root, {"pipelines/sales/src/sales/jobs.py": code})
    assert changed(root, "shared/audit/src/audit/steps.py") == ("sales", "web")


def test_modules_and_tasks_that_settings_name_count(root: Path) -> None:
    commit(root, pipeline("late", more='[tool.lakewright]\nmodules = ["web.jobs"]\n'))
    assert changed(root, "pipelines/web/src/web/jobs.py") == ("late", "web")
    injected = '\n[[tool.lakewright.inject]]\ntask = "lonely:begin"\nat = "roots"\n'
    commit(root, {"pyproject.toml": FILES["pyproject.toml"] + injected})
    assert changed(root, "shared/lonely/src/lonely/__init__.py") == ("flights", "late", "sales", "web")


@pytest.mark.parametrize(
    "more",
    [
        '[project.optional-dependencies]\nx = ["audit[y]~=1.0"]\n',
        '[dependency-groups]\ndev = ["audit", {include-group = "x"}]\n',
        '[build-system]\nrequires = ["audit"]\n',
        '[tool.uv.sources]\naudit = {path = "../../shared/audit"}\n',
    ],
)
def test_whatever_a_package_is_declared_for_counts(root: Path, more: str) -> None:
    commit(root, {"pipelines/sales/pyproject.toml": project("sales", more=more)})
    assert changed(root, "shared/audit/src/audit/__init__.py") == ("sales", "web")


def test_files_that_a_bundle_names_outside_of_its_folder_count(root: Path) -> None:
    commit(root, {"pipelines/sales/databricks.yml": bundle("sales") + "# ../../docs/*.sql\n", "docs/sub/x": ""})
    assert changed(root, "docs/plan.sql") == ("sales",)


def test_what_a_link_leads_to_counts(root: Path) -> None:
    (root / "pipelines/sales/README.md").symlink_to("../../README.md")
    (root / "pipelines/web/lib").symlink_to("../../shared/lonely")
    commit(root)
    assert changed(root, "README.md") == ("sales",)
    assert changed(root, "shared/lonely/src/lonely/__init__.py") == ("sales", "web")


def test_a_link_that_leads_elsewhere_is_a_change(root: Path) -> None:
    link = root / "pipelines/sales/README.md"
    link.symlink_to("../../README.md")
    commit(root)
    link.unlink()
    link.symlink_to("../../LICENSE")
    assert affected(root) == ("sales",)


def test_submodules_concern_what_lies_in_them_or_around_them(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    commit(other, {"geo/pyproject.toml": project("geo"), "geo/src/geo/__init__.py": "", "x": ""})
    git(root, "rm", "-r", "--quiet", "shared/geo")
    git(root, "submodule", "--quiet", "add", str(other), "shared/all")
    git(root, "submodule", "--quiet", "add", str(other), "pipelines/sales/vendored")
    commit(root)
    write(root / "shared" / "all", {"geo/src/geo/__init__.py": "x = 1"})
    assert affected(root) == EVERY
    git(root, "submodule", "--quiet", "foreach", "git checkout --quiet .")
    write(root / "pipelines" / "sales" / "vendored", {"x": "1"})
    assert affected(root) == ("sales",)


def test_a_pipeline_without_a_project_may_need_everything(root: Path) -> None:
    commit(root, {"pipelines/bare/databricks.yml": bundle("bare")})
    assert changed(root, "shared/lonely/src/lonely/__init__.py") == ("bare",)


def test_packages_that_need_each_other_are_no_trouble(root: Path) -> None:
    commit(root, {**library("units", "geo")})
    assert changed(root, "shared/units/src/units/__init__.py") == ("flights",)


def test_a_repository_may_lie_in_a_folder_of_another(tmp_path: Path) -> None:
    write(tmp_path, {"other/x": "", ".github/workflows/ci.yml": ""})
    commit(tmp_path, {f"platform/{path}": text for path, text in FILES.items()})
    root = tmp_path / "platform"
    write(tmp_path, {"other/x": "1"})
    assert affected(root) == ()
    assert changed(root, "pipelines/web/x") == ("web",)
    assert changed(root, "../.github/workflows/ci.yml") == EVERY


def test_a_project_that_cannot_be_read_is_named(root: Path) -> None:
    write(root, {"shared/geo/pyproject.toml": "[project"})
    with pytest.raises(ProjectError, match=r"shared/geo/pyproject\.toml is not TOML"):
        affected(root)


def test_of_a_target_each_pipeline_counts_from_its_own_last_deploy(root: Path) -> None:
    first = git(root, "rev-parse", "HEAD")
    second = commit(root, {"pipelines/web/data/x": "1", "pipelines/sales/data/x": "1"})
    write(root, {"docs/a.md": "more"})
    revisions = {"web": first, "sales": second, "old": first}
    found = affected_on(root, revisions, otherwise="never")
    assert found.pipelines == {
        "flights": (Reason(what="never"),),
        "web": (Reason(path="pipelines/web/data/x", what="its own file", through=("pipelines/web",)),),
    }
    assert (found.unaffected, found.removed) == (("sales",), ("old",))


def test_a_deploy_from_a_commit_that_is_not_here_counts_as_changed(root: Path) -> None:
    found = affected_on(root, dict.fromkeys(EVERY, "1" * 40), otherwise="never")
    assert [why[0].what for why in found.pipelines.values()] == [
        "the commit it was last deployed from, 111111111111, is not here"
    ] * len(EVERY)


def test_a_setting_of_the_shell_changes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", os.devnull)
    assert changed(root, "pipelines/web/x") == ("web",)
