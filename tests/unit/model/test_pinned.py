from lakewright.model.pinned import PinnedWheels


def test_wheels_keep_their_order_and_lie_beside_the_file_that_pip_installs_them_from() -> None:
    pinned = PinnedWheels(folder="/Volumes/a/b/c/d1", filenames=("b-1-py3-none-any.whl", "a-1-py3-none-any.whl"))
    assert pinned.wheels == (
        "/Volumes/a/b/c/d1/wheels/b-1-py3-none-any.whl",
        "/Volumes/a/b/c/d1/wheels/a-1-py3-none-any.whl",
    )
    assert pinned.requirements == "/Volumes/a/b/c/d1/requirements.txt"
