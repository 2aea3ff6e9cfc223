from lakewright.errors.running import NoResultError, TaskFailedError


def test_a_failed_task_says_how_often_it_was_tried_and_why_it_failed() -> None:
    error = TaskFailedError("clean", attempts=3, cause=ValueError("no rows"))
    assert str(error) == "task 'clean' failed after 3 attempts: ValueError: no rows"
    assert str(TaskFailedError("clean", attempts=1, cause=KeyError("a"))) == "task 'clean' failed: KeyError: 'a'"


def test_a_task_without_a_result_says_how_it_ended() -> None:
    known = ["load", "clean"]
    assert str(NoResultError("clean", status="excluded", known=known)) == "task 'clean' has no result: it is excluded"
    assert str(NoResultError("claen", status="", known=known)) == "no task 'claen' in this run; did you mean 'clean'?"
