from lakewright.model.target import LOCAL, ON_PLATFORM, TargetValues


def test_the_target_of_this_machine_needs_nothing_to_be_said() -> None:
    assert TargetValues() == LOCAL
    assert (LOCAL.name, LOCAL.root, LOCAL.data) == ("local", ".lakewright", "data")


def test_the_platform_is_told_by_a_variable_that_no_other_machine_has() -> None:
    assert ON_PLATFORM == "DATABRICKS_RUNTIME_VERSION"
