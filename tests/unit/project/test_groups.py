from hypothesis import given
from hypothesis import strategies as st

from lakewright.project.groups import MOST_JOBS, groups

NAMES = st.sets(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), max_size=40)


@given(NAMES)
def test_each_pipeline_is_alone_while_a_matrix_takes_all(names: set[str]) -> None:
    assert [(group.name, group.pipelines) for group in groups(names, known=MOST_JOBS)] == [
        (name, (name,)) for name in sorted(names)
    ]


@given(NAMES, st.integers(min_value=1, max_value=8))
def test_more_pipelines_are_grouped_and_each_is_in_one_group(names: set[str], most: int) -> None:
    grouped = groups(names, known=len(names) + most, most=most)
    assert len(grouped) <= most
    assert sorted(name for group in grouped for name in group.pipelines) == sorted(names)


@given(NAMES, NAMES)
def test_a_pipeline_keeps_its_group_whatever_else_is_affected(names: set[str], others: set[str]) -> None:
    def group_of(affected: set[str]) -> dict[str, str]:
        return {name: group.name for group in groups(affected, known=MOST_JOBS + 1) for name in group.pipelines}

    all_of_them = group_of(names | others)
    assert group_of(names) == {name: all_of_them[name] for name in names}


def test_no_matrix_is_longer_than_github_takes() -> None:
    assert len(groups((f"pipeline_{number}" for number in range(3_000)), known=3_000)) == MOST_JOBS == 256
