from lakewright.text.suggest import did_you_mean


def test_a_typo_is_told_what_it_probably_meant() -> None:
    assert (
        did_you_mean("max_concurent_runs", ["max_concurrent_runs", "tags"]) == "; did you mean 'max_concurrent_runs'?"
    )


def test_what_comes_close_to_nothing_is_told_all_there_is_once_and_in_order() -> None:
    assert did_you_mean("zzz", ["load", "clean", "load"]) == "; known are: clean, load"


def test_a_long_list_of_choices_is_cut() -> None:
    assert did_you_mean("zzz", [f"task_{number:02}" for number in range(40)]).endswith("task_11, …")


def test_nothing_to_choose_from_adds_nothing() -> None:
    assert did_you_mean("zzz", []) == ""
