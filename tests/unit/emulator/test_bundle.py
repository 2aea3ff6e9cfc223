"""What `${…}` stands for."""

import pytest

from lakewright.emulator.bundle import BundleReferenceError, BundleValues, bundle_values

CONFIGURATION = {
    "bundle": {"name": "flights", "target": "dev"},
    "workspace": {"host": "https://dev.example.com", "file_path": "/repo"},
    "variables": {"schema": {"value": "${bundle.name}"}, "workers": {"value": 4}, "wide": {"value": True}},
    "artifacts": {"wheels": {"type": "whl"}},
}
VALUES = BundleValues(bundle_values(CONFIGURATION))


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain", "plain"),
        ("${bundle.target}", "dev"),
        ("/Volumes/${var.schema}/${bundle.target}", "/Volumes/flights/dev"),
        ("${workspace.file_path}/data", "/repo/data"),
        ("${var.workers}", 4),
        ("x${var.workers}", "x4"),
        ("${var.wide}, ${var.workers}", "true, 4"),
        ("costs ${5}", "costs ${5}"),
        ("{{job.run_id}}", "{{job.run_id}}"),
        (7, 7),
    ],
)
def test_references_are_filled_in_and_everything_else_stays(text: object, filled: object) -> None:
    assert VALUES.fill(text) == filled


def test_a_reference_that_leads_nowhere_is_an_error_that_suggests_a_name() -> None:
    with pytest.raises(BundleReferenceError, match=r"refers to \$\{var.shema\}, .*did you mean 'var.schema'\?"):
        VALUES.fill("${var.shema}")


def test_values_that_refer_to_each_other_are_an_error_that_shows_the_circle() -> None:
    circle = BundleValues({"var.a": "${var.b}", "var.b": "x${var.a}"})
    with pytest.raises(BundleReferenceError, match=r"var.a -> var.b -> var.a"):
        circle.fill("${var.a}")
