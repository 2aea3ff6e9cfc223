import json
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from lakewright.dependencies.platforms import WheelTarget
from lakewright.dependencies.wheelhouse import assemble
from tests.wheel_files import write_wheel


def test_the_bill_is_valid_and_tells_every_wheel_with_its_hash_and_what_it_needs(tmp_path: Path) -> None:
    wheels = [
        write_wheel(tmp_path, "sales", "1.0+cabc", requires=["rows>=1", "elsewhere; extra == 'more'"], licence="MIT"),
        write_wheel(tmp_path, "rows", "1.5"),
    ]
    made = assemble(wheels, tmp_path / "out", target=WheelTarget())
    text = (made.path / "sbom.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(text) is None
    bill = json.loads(text)
    assert [(each["purl"], each["hashes"][0]["content"]) for each in bill["components"]] == [
        ("pkg:pypi/rows@1.5", made.wheels[0].sha256),
        ("pkg:pypi/sales@1.0%2Bcabc", made.wheels[1].sha256),
    ]
    assert bill["components"][1]["licenses"] == [{"expression": "MIT"}]
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert needs["pkg:pypi/sales@1.0%2Bcabc"] == ["pkg:pypi/rows@1.5"]
    assert needs[made.digest] == ["pkg:pypi/rows@1.5", "pkg:pypi/sales@1.0%2Bcabc"]


def test_a_wheel_with_another_name_than_its_licence_allows_is_still_a_valid_bill(tmp_path: Path) -> None:
    made = assemble([write_wheel(tmp_path, "rows", licence="no such licence")], tmp_path / "out", target=WheelTarget())
    text = (made.path / "sbom.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(text) is None
