from itertools import combinations

from lakewright.io.paths import RunPaths
from lakewright.model.names import folder_name


def test_everything_of_a_run_lies_in_its_folder() -> None:
    paths = RunPaths("root", "daily", "42")
    places = [paths.attempt("a", 1), paths.record("a"), paths.value("a", "rows"), paths.log("a")]
    assert all(place.startswith("root/runs/daily/42/") for place in places)


def test_no_two_things_share_a_place_whatever_tasks_are_called() -> None:
    paths = RunPaths("root", "daily", "42")
    names = ("records", "values", "logs", "1", "a", "a.0")
    places = [
        place
        for name in names
        for place in (
            *(f"{paths.attempt(name, attempt)}/data.json" for attempt in (1, 2)),
            *(paths.value(name, value) for value in ("1", "data")),
            paths.record(name),
            paths.log(name),
        )
    ]
    assert len(set(places)) == len(places)
    assert not any(one.startswith(f"{other}/") for one, other in combinations(places, 2))


def test_a_job_whose_name_is_no_folder_stays_below_the_root() -> None:
    folder = RunPaths("root", "../../etc", "42").folder
    assert folder == f"root/runs/{folder_name('../../etc')}/42"
    assert ".." not in folder
