from lakewright.io.paths import RunPaths


def test_all_that_a_run_keeps_lies_in_its_own_folder() -> None:
    paths = RunPaths("/root", "daily", "42")
    assert paths.folder == "/root/runs/daily/42"
    assert paths.attempt("clean", 2) == "/root/runs/daily/42/clean/2"
    assert paths.record("clean") == "/root/runs/daily/42/records/clean.json"
    assert paths.value("clean", "rows") == "/root/runs/daily/42/values/clean.rows.json"


def test_a_task_may_be_called_like_a_folder_of_the_run() -> None:
    paths = RunPaths("/root", "daily", "42")
    kept = {paths.record("values"), paths.value("records", "x"), paths.record("records")}
    attempts = {paths.attempt(key, number) for key in ("records", "values", "logs") for number in (1, 2)}
    assert not kept & attempts
    # Attempts are folders named by a number, all else are files with a suffix.
    assert all(path.rpartition("/")[2].isdigit() for path in attempts)
    assert all(path.endswith(".json") for path in kept)


def test_jobs_whose_names_no_folder_can_have_stay_apart() -> None:
    folders = {RunPaths("/root", name, "1").folder for name in ("a/b", "a b", "a_b", "..", "a\\b", "ä")}
    assert len(folders) == 6
    assert all(folder.count("/") == 4 and ".." not in folder for folder in folders)
