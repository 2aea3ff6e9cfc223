import json
import logging
import re
import sys
import zipfile
from pathlib import Path

import pytest

from lakewright.dependencies import (
    DependencyProcessor,
    ProcessorSettings,
    RequirementPolicy,
    WheelTarget,
    process_dependencies,
)
from lakewright.dependencies.index import Index
from lakewright.errors import dependencies as errors
from tests.dependencies.fixtures import write_format, write_zip
from tests.dependencies.handing_in import Desk, Files, fates, names, project, wheel
from tests.dependencies.installing import install, run


def test_requirements_and_all_that_they_depend_on(desk: Desk) -> None:
    manifest = desk.process({"requirements.txt": "sales\n"})
    assert (manifest["input"]["format"], names(manifest)) == ("requirements_only", {"sales": "1.0", "rows": "1.0"})


def test_wheels_of_ones_own_beside_requirements_from_an_index(desk: Desk) -> None:
    private = wheel(desk.place, "secret_sauce", requires=["rows"])
    manifest = desk.process({"requirements.txt": "secret-sauce==1.0\nsales", **private})
    assert names(manifest) == {"secret-sauce": "1.0", "sales": "1.0", "rows": "1.0"}
    assert "secret" not in " ".join(asked.path for asked in desk.served.asked)
    assert fates(manifest) == {
        "requirements.txt": "read as requirements",
        "secret_sauce-1.0-py3-none-any.whl": "copied as secret_sauce-1.0-py3-none-any.whl",
    }


def test_wheels_and_modules(desk: Desk) -> None:
    manifest = desk.process({"a.py": "x = 1\n", **wheel(desk.place, "mine")})
    assert manifest["input"]["parts"] == ["existing_wheels", "pure_python"]
    assert set(names(manifest)) == {"mine", "user-modules"}


def test_a_project_and_what_it_depends_on(desk: Desk) -> None:
    manifest = desk.process(project("mine", metadata=("Requires-Dist: sales",)))
    assert set(names(manifest)) == {"mine", "sales", "rows"}
    assert re.fullmatch(r"1\.0\+c[0-9a-f]{12}", names(manifest)["mine"])
    assert manifest["wheels"][0]["origin"] == "built"


def test_what_a_project_depends_on_is_left_out_on_request(desk: Desk) -> None:
    manifest = desk.process(project("mine", metadata=("Requires-Dist: sales",)), with_dependencies=False)
    assert set(names(manifest)) == {"mine"}
    assert desk.served.asked == []


def test_python_files_beside_a_project_are_not_lost(desk: Desk) -> None:
    extra = {"helper.py": "x = 42\n", "more/a.py": "", "docs/conf.py": "", "test_mine.py": "", "README.md": "Read me."}
    manifest = desk.process({**project("mine"), **extra})
    loose = next(wheel["filename"] for wheel in manifest["wheels"] if wheel["name"] == "user-modules")
    built = next(wheel["filename"] for wheel in manifest["wheels"] if wheel["name"] == "mine")
    assert fates(manifest) == {
        "README.md": f"ignored the build of {built} left it out",
        "about.txt": f"ignored the build of {built} left it out",
        "docs/conf.py": f"ignored the build of {built} left it out",
        "helper.py": f"built into {loose} as user_modules/helper.py",
        "mine/__init__.py": f"built into {built} as mine/__init__.py",
        "more/a.py": f"built into {loose} as user_modules/more/a.py",
        "pyproject.toml": f"read as settings of the build of {built}",
        "test_mine.py": "ignored a test, which does not run on the cluster",
        "tools/back_end.py": f"ignored the build of {built} left it out",
    }


def test_projects_side_by_side(desk: Desk) -> None:
    one, other = project("one", below="libs-one"), project("other", below="libs-other")
    manifest = desk.process({**one, **other, "glue.py": "import one, other\n"})
    assert set(names(manifest)) == {"one", "other", "user-modules"}


def test_requirements_and_code_of_ones_own_in_one_folder(desk: Desk) -> None:
    files = {"my-project/requirements.txt": "rows", "my-project/app/main.py": "import rows\nprint(rows.VERSION)\n"}
    manifest = desk.process({**files, "__MACOSX/my-project/._app": "", "my-project/.DS_Store": ""})
    assert manifest["input"] == {
        "format": "nested",
        "parts": ["requirements_only", "pure_python"],
        "root": "my-project",
    }
    with zipfile.ZipFile(desk.volume / "run" / "wheelhouse.zip") as archive:
        archive.extractall(desk.place / "wheels")
    place = install((desk.place / "wheels").glob("*.whl"), desk.place / "site")
    assert run("import user_modules.app.main", place) == "2.0"


def test_every_file_has_a_fate_and_every_wheel_a_line_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="lakewright.dependencies")
    files: Files = {
        "requirements.txt": "sales",
        "a.py": "import b\n",
        "b.py": "",
        "inner.zip": "",
        **wheel(desk.place, "mine"),
    }
    manifest = desk.process(files)
    assert set(fates(manifest)) == set(files)
    for each in manifest["wheels"]:
        assert f"  {each['name']} {each['version']}, {each['origin']}, " in caplog.text
    assert "run run: reading" in caplog.text
    assert "mixed (requirements_only, existing_wheels, pure_python), 5 files, 1 left out" in caplog.text
    assert "resolving 1 requirements and 2 wheels of the archive" in caplog.text
    assert "modules lie at the top, because a.py:1 has 'import b'" in caplog.text
    assert f"wrote {desk.volume}/run/wheelhouse.zip: 4 wheels" in caplog.text


def test_the_archive_of_wheels_holds_them_at_its_root_and_the_manifest_last(desk: Desk) -> None:
    manifest = desk.process({"requirements.txt": "sales"})
    with zipfile.ZipFile(desk.volume / "run" / "wheelhouse.zip") as archive:
        assert archive.namelist() == [
            "rows-1.0-py3-none-any.whl",
            "sales-1.0-py3-none-any.whl",
            "manifest.json",
        ]
        assert json.loads(archive.read("manifest.json")) == manifest
    assert [path.name for path in (desk.volume / "run").iterdir() if path.suffix == ".json"] == ["manifest.json"]
    assert list(desk.scratch.iterdir()) == []


def test_equal_input_gives_equal_bytes_wherever_it_is_processed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"requirements.txt": "rows", **project("mine"), "helper.py": ""}
    made = []
    for place in ("one", "a/longer/place"):
        other = Desk(tmp_path / place, desk.served)
        other.place.mkdir(parents=True)
        other.use_scratch(monkeypatch)
        other.process(files, run_id=place[0])
        made.append((other.volume / place[0] / "wheelhouse.zip").read_bytes())
    assert made[0] == made[1]


def test_a_run_has_an_id_of_its_own_unless_it_is_told_one(desk: Desk) -> None:
    given = write_zip(desk.place / "deps.zip", {"a.py": ""})
    one, other = (DependencyProcessor(given, f"{desk.volume}/", settings=desk.settings()) for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one.run_id)
    assert one.run_id != other.run_id
    assert one.process() == f"{desk.volume}/{one.run_id}/wheelhouse.zip"


@pytest.mark.parametrize("run_id", ["..", "", "a/b", "/etc", "a b"])
def test_an_id_that_is_no_name_of_a_folder_is_refused(desk: Desk, run_id: str) -> None:
    with pytest.raises(errors.RunIdError, match="Leave it out for a new one"):
        process_dependencies(desk.place / "deps.zip", desk.volume, run_id)


def test_a_run_that_has_a_folder_is_refused_and_the_folder_left_alone(desk: Desk) -> None:
    desk.process({"a.py": ""})
    before = (desk.volume / "run" / "wheelhouse.zip").read_bytes()
    with pytest.raises(errors.OutputExistsError, match="a run's wheelhouse is written once"):
        desk.process({"b.py": ""})
    assert (desk.volume / "run" / "wheelhouse.zip").read_bytes() == before


def test_a_wheel_in_the_place_of_the_runtimes_spark_is_told(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    manifest = desk.process(wheel(desk.place, "py4j"))
    told = "py4j 1.0 would take the place of the runtime's own Spark; ask for nothing that brings it along"
    assert manifest["notes"] == [told]
    assert told in caplog.messages


def test_a_package_that_is_older_than_the_runtimes_is_told_on_a_cluster(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = wheel(desk.place, "databricks-sdk", "0.1")
    assert desk.process(files, "elsewhere")["notes"] == []
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "16.4")
    (note,) = desk.process(files, "on-a-cluster")["notes"]
    assert note.startswith("databricks-sdk 0.1 is older than ")


def test_what_takes_the_place_of_the_runtimes_packages_is_an_error_on_request(desk: Desk) -> None:
    with pytest.raises(errors.ReplacedPackageError, match=r"^pyspark 1\.0 would take the place of the runtime's"):
        desk.process(wheel(desk.place, "pyspark"), strict=True)
    assert desk.left_behind() == []
    assert desk.process({"calculator.py": ""}, strict=True)["notes"] == []


def test_an_archive_may_have_any_name(desk: Desk) -> None:
    given = write_zip(desk.place / "...zip", {"calculator.py": ""})
    made = process_dependencies(given, desk.volume, settings=desk.settings())
    assert Path(made).is_file()


def test_a_password_of_a_requirement_for_other_targets_is_not_shown(desk: Desk) -> None:
    line = "rows @ https://me:secret@a.example/rows-1.0-py3-none-any.whl ; sys_platform == 'win32'"
    with pytest.raises(errors.NothingToInstallError) as caught:
        desk.process({"requirements.txt": line}, policy=RequirementPolicy(allow_urls=True))
    assert "****@a.example" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_target_is_this_compute_on_a_cluster_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABRICKS_RUNTIME_VERSION", raising=False)
    assert ProcessorSettings().target == WheelTarget("3.12")
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "15.4")
    assert ProcessorSettings().target.python == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_of_wheels_for_several_pythons_the_one_that_fits_is_taken(desk: Desk) -> None:
    files: dict[str, bytes] = {}
    for tag in ("cp310-cp310-manylinux2014_x86_64", "cp312-cp312-manylinux2014_x86_64"):
        files |= wheel(desk.place, "fast", tag=tag)
    manifest = desk.process(files)
    assert [each["filename"] for each in manifest["wheels"]] == ["fast-1.0-cp312-cp312-manylinux2014_x86_64.whl"]
    assert "made for another target" in fates(manifest)["fast-1.0-cp310-cp310-manylinux2014_x86_64.whl"]


def test_one_wheel_in_two_folders_is_one_wheel(desk: Desk) -> None:
    ((name, content),) = wheel(desk.place, "mine").items()
    manifest = desk.process({f"a/{name}": content, f"b/{name}": content})
    assert len(manifest["wheels"]) == 1
    assert "the same as" in fates(manifest)[f"b/{name}"]


def test_a_shipped_wheel_with_extras_brings_what_they_need(desk: Desk) -> None:
    shipped = wheel(desk.place, "mine", requires=['rows==1.0; extra == "more"'])
    assert set(names(desk.process({"requirements.txt": "mine", **shipped}, "a"))) == {"mine"}
    assert set(names(desk.process({"requirements.txt": "mine[more]", **shipped}, "b"))) == {"mine", "rows"}


def test_requirements_for_other_targets_do_not_count_against_a_shipped_wheel(desk: Desk) -> None:
    manifest = desk.process({"requirements.txt": "mine==9; python_version < '3.11'", **wheel(desk.place, "mine")})
    assert names(manifest) == {"mine": "1.0"}


def test_hashes_that_agree_are_accepted(desk: Desk) -> None:
    found = desk.process({"requirements.txt": "rows==1.0"}, "a")["wheels"][0]["sha256"]
    other = "0" * 64
    line = f"rows==1.0 --hash=sha256:{other} --hash=sha256:{found}"
    assert names(desk.process({"requirements.txt": line}, "b")) == {"rows": "1.0"}


def test_what_the_policy_allows_is_done(desk: Desk) -> None:
    ((name, content),) = wheel(desk.place, "shipped").items()
    lines = ("-r more.txt", "-c limits.txt", "-e ./deep/in/mine", f"./wheels/{name}", f"-f {desk.served.files}")
    files: Files = {
        "requirements.txt": "\n".join(lines),
        "more.txt": "rows",
        "limits.txt": "rows<2\nnever-asked-for==1",
        f"wheels/{name}": content,
        **project("mine", below="deep/in/mine"),
    }
    policy = RequirementPolicy(**dict.fromkeys(RequirementPolicy.__dataclass_fields__, True))
    manifest = desk.process(files, policy=policy)
    assert names(manifest) | {"mine": ""} == {"rows": "1.0", "shipped": "1.0", "mine": ""}
    assert fates(manifest)["more.txt"] == fates(manifest)["limits.txt"] == "read as requirements"


def test_an_index_that_the_policy_allows_replaces_the_one_that_is_set(desk: Desk) -> None:
    line = f"-i {desk.served.url}\nrows==1.0"
    policy = RequirementPolicy(allow_index_options=True)
    dead = Index(urls=("http://127.0.0.1:9/simple",), environment=desk.index.environment)
    assert names(desk.process({"requirements.txt": line}, policy=policy, index=dead)) == {"rows": "1.0"}


def test_wheels_of_a_folder_do_without_an_index(desk: Desk) -> None:
    offline = Index(find_links=(str(desk.served.files),), no_index=True, environment=desk.index.environment)
    assert set(names(desk.process({"requirements.txt": "sales"}, index=offline))) == {"sales", "rows"}
    assert desk.served.asked == []


def test_the_six_formats_have_their_names(tmp_path: Path, desk: Desk) -> None:
    for name in ("pure_python", "existing_wheels"):
        given = write_format(name, tmp_path / "given")
        made = Path(process_dependencies(given, desk.volume, name, settings=desk.settings()))
        assert json.loads((made.parent / "manifest.json").read_text(encoding="utf-8"))["input"]["format"] == name
