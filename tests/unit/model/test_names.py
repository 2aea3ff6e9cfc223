import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.model.names import (
    MAX_JOB_NAME_BYTES,
    MAX_TASK_KEY,
    folder_name,
    job_name_problem,
    parameter_name_problem,
    resource_key,
    run_id_problem,
    task_key_problem,
)


@pytest.mark.parametrize("key", ["a", "clean__2", "-x-", "A" * MAX_TASK_KEY])
def test_a_key_of_letters_digits_and_two_signs_is_taken(key: str) -> None:
    assert task_key_problem(key) is None


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("", "must not be empty"),
        ("a" * 101, "has 101 characters; at most 100 are allowed"),
        ("a.b", "may hold only letters, digits, '_' and '-'"),
        ("ä", "may hold only letters, digits, '_' and '-'"),
        ("a\n", "may hold only letters, digits, '_' and '-'"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(key: str, problem: str) -> None:
    assert task_key_problem(key) == problem


def test_a_parameter_has_an_ascii_name() -> None:
    assert parameter_name_problem("a.b-c_1") is None
    assert parameter_name_problem("größe") == "may hold only ASCII letters, digits, '_', '-' and '.'"


def test_a_job_name_is_limited_in_bytes() -> None:
    assert job_name_problem("ä" * (MAX_JOB_NAME_BYTES // 2)) is None
    assert job_name_problem("ä" * (MAX_JOB_NAME_BYTES // 2) + "a") == "has 4097 bytes; at most 4096 are allowed"
    assert job_name_problem(" ") == "must not be empty"


@pytest.mark.parametrize("run_id", ["", ".", "..", "a/b", "a" * 101])
def test_a_run_id_that_is_no_folder_name_is_refused(run_id: str) -> None:
    assert run_id_problem(run_id) == "may hold only letters, digits, '_', '-' and '.', at most 100"


def test_a_plain_name_is_its_own_folder() -> None:
    assert folder_name("flights-2013.v2") == "flights-2013.v2"


@given(st.text(min_size=1))
def test_a_folder_never_leads_elsewhere(name: str) -> None:
    folder = folder_name(name)
    assert folder not in {"", ".", ".."}
    assert not {"/", "\\", "\0", ":"} & set(folder)


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_two_jobs_have_two_folders(one: str, other: str) -> None:
    assert (folder_name(one) == folder_name(other)) is (one == other)


@pytest.mark.parametrize(
    ("name", "key"), [("daily", "daily"), ("daily-sales", "daily_sales"), ("Täglich 7", "Taglich_7"), ("日", "job")]
)
def test_any_name_of_a_job_gives_one_that_a_bundle_takes(name: str, key: str) -> None:
    assert resource_key(name) == key
