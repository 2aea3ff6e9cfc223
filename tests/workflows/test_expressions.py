import math
from typing import Any, Final

import pytest

from tests.workflows.evaluation import FUNCTIONS, Known, Scope
from tests.workflows.expressions import ExpressionError, calls, parse

CONTEXTS: Final = {
    "github": {"event_name": "push", "event": {"labels": [{"name": "one"}, {"name": "two"}]}},
    "needs": Known({"a": {"result": "success"}, "b": {"result": "failure"}}),
}
STATUS: Final = {
    "always": lambda: True,
    "success": lambda: False,
    "failure": lambda: True,
    "cancelled": lambda: False,
}
SCOPE: Final = Scope(contexts=CONTEXTS, functions={**FUNCTIONS, **STATUS})
# Each row is an example or a rule of GitHub's documents on expressions.
VALUES: Final[tuple[tuple[str, Any], ...]] = (
    ("null", None),
    ("true", True),
    ("711", 711),
    ("-9.2", -9.2),
    ("0xff", 255),
    ("-2.99e-2", -0.0299),
    ("'Mona the Octocat'", "Mona the Octocat"),
    ("'It''s open source!'", "It's open source!"),
    ("github.event_name", "push"),
    ("github['event_name']", "push"),
    ("GitHub.Event_Name", "push"),
    ("github.event.nothing.at.all", None),
    ("github.event.labels[1].name", "two"),
    ("github.event.labels[2]", None),
    ("github.event.labels.*.name", ["one", "two"]),
    ("join(github.event.labels.*.name, ' ')", "one two"),
    ("contains(needs.*.result, 'failure')", True),
    ("contains(needs.*.result, 'skipped')", False),
    ("'A' == 'a'", True),
    ("1 == '1'", True),
    ("null == 0", True),
    ("null == ''", True),
    ("true == 1", True),
    ("'x' == 0", False),
    ("'b' > 'A'", True),
    ("1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 2", True),
    ("'' || 'default'", "default"),
    ("'given' || 'default'", "given"),
    ("false && 'never'", False),
    ("true && 'then' || 'else'", "then"),
    ("!true || !false", True),
    ("!(1 == 2) != false", True),
    ("1 == 2 == false", True),
    ("contains('Hello world', 'LLO')", True),
    ('contains(fromJSON(\'["push", "pull_request"]\'), github.event_name)', True),
    ("startsWith('Hello world', 'he')", True),
    ("endsWith('Hello world', 'LD')", True),
    ("format('Hello {0} {1} {0}', 'Mona', 'the')", "Hello Mona the Mona"),
    ("format('{{Hello {0}}}', 'Mona')", "{Hello Mona}"),
    ("fromJSON('[1, 2]')[1]", 2),
    ("fromJSON(toJSON(needs)).a.result", "success"),
)
REFUSED: Final = (
    "github.",
    "github.event_name ==",
    "(true",
    "true)",
    "'open",
    '"double"',
    "a b",
    "needs.c.result",
    "secrets.TOKEN",
    "shout('x')",
    "fromJSON('{')",
    "format('{1}', 'x')",
    "github['event_name'",
)


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_an_expression_has_the_value_that_github_gives_it(text: str, value: object) -> None:
    assert SCOPE.evaluate(text) == value


def test_what_is_no_number_equals_nothing() -> None:
    assert not SCOPE.evaluate("fromJSON('[]') == fromJSON('[]')")
    assert Scope(contexts={"x": {"nan": math.nan}}, functions={}).evaluate("!x.nan")


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_unknown_or_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        SCOPE.evaluate(text)


def test_a_text_is_filled_and_a_lone_expression_keeps_its_kind() -> None:
    assert SCOPE.interpolate("on ${{ github.event_name }}: ${{ 'a}}b' }}!") == "on push: a}}b!"
    assert SCOPE.interpolate("${{ fromJSON('[1]') }}") == [1]
    assert SCOPE.interpolate("${{ true }} ${{ null }} ${{ 3 }} ${{ needs }}") == "true  3 Object"
    with pytest.raises(ExpressionError, match="without an end"):
        SCOPE.interpolate("${{ true")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("true", False),
        ("always()", True),
        ("${{ failure() }}", True),
        ("!cancelled() && github.event_name == 'push'", True),
        ("always() && needs.a.result == 'failure'", False),
    ],
)
def test_a_condition_that_asks_for_no_status_asks_for_success(condition: str, *, holds: bool) -> None:
    assert SCOPE.holds(condition) is holds


def test_the_calls_of_an_expression_are_found_wherever_they_stand() -> None:
    tree = parse("!a.b[format(success())] && (failure() == x.*.y)")
    assert sorted(calls(tree)) == ["failure", "format", "success"]
