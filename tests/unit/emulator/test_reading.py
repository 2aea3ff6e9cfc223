"""What nobody reads is known at the end."""

from lakewright.emulator.bundle import BundleValues
from lakewright.emulator.problems import Problem
from lakewright.emulator.reading import Findings, JsonObject


def read(content: dict[str, object], path: str = "") -> tuple[JsonObject, Findings]:
    findings = Findings()
    return JsonObject(content, path, bundle=BundleValues({}), findings=findings), findings


def test_fields_that_nobody_read_are_refused() -> None:
    content, findings = read({"a": "1", "b": 2}, "tasks[0]")
    assert content.text("a") == "1"
    content.close()
    assert findings.problems == [Problem("tasks[0].b", "is not emulated")]


def test_fields_that_are_left_out_for_a_reason_are_noted_or_pass_in_silence() -> None:
    content, findings = read({"queue": {"enabled": True}, "description": "x"})
    content.close({"queue": "runs start at once", "description": ""})
    assert [str(note) for note in findings.notes] == ["queue: runs start at once"]
    assert findings.problems == []


def test_what_says_nothing_is_not_there() -> None:
    content, findings = read({"a": None, "b": {}, "c": []})
    content.close()
    assert content.fields == ()
    assert "b" not in content
    assert findings.problems == []


def test_false_and_zero_say_something() -> None:
    content, _ = read({"a": False, "b": 0})
    assert content.fields == ("a", "b")
    assert not content.flag("a")


def test_a_value_of_another_kind_is_a_problem_and_gives_the_default() -> None:
    content, findings = read({"a": 1, "b": "x", "c": "maybe"})
    assert (content.text("a"), content.whole("b", 7), content.flag("c")) == ("", 7, False)
    assert [problem.path for problem in findings.problems] == ["a", "b", "c"]


def test_parts_know_where_they_stand() -> None:
    content, findings = read({"tasks": [{"a": {"b": 1}}]})
    (part,) = content.parts("tasks")
    part.part("a").close()
    assert findings.problems == [Problem("tasks[0].a.b", "is not emulated")]
