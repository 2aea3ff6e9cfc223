from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Optional

import pytest

from lakewright.authoring.parameters import job_start_date, parameters_of
from lakewright.errors.authoring import SettingError
from lakewright.model.parameter import JOB_START_DATE, Parameter, ParameterType


class Mode(Enum):
    FULL = "full"


MODE = "tests.unit.authoring.test_parameters:Mode"


def typed(  # noqa: PLR0917  one parameter of each type
    a: str,
    b: int = 1,
    c: float = 0.5,
    d: bool = True,  # noqa: FBT001, FBT002  as users write it
    e: date = date(2013, 1, 31),
    f: datetime = datetime(2013, 1, 31, 6, tzinfo=timezone.utc),
    g: Decimal = Decimal("1.50"),
    h: list[int] = [1, 2],  # noqa: B006  as users write it
    i: dict[str, int] = {"a": 1},  # noqa: B006  as users write it
    j: Literal["x", "y"] = "x",
    k: Mode = Mode.FULL,
    l: int | None = None,  # noqa: E741  a name like any other
    m: Optional[date] = None,  # noqa: UP045  both ways to write it
    n: Literal["x", None] = None,  # noqa: PYI061  both ways to write it
    o: Mode | None = None,
    p: float = 1,
    *,
    help: str = "--help",  # noqa: A002  a name like any other
) -> None:
    raise NotImplementedError(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, help)


def test_parameters_are_those_of_the_body_with_their_types_and_defaults() -> None:
    found = {
        parameter.name: (str(parameter.type), parameter.default) for parameter in parameters_of(typed, job="daily")
    }
    assert found == {
        "a": ("str", None),
        "b": ("int", "1"),
        "c": ("float", "0.5"),
        "d": ("bool", "true"),
        "e": ("date", "2013-01-31"),
        "f": ("datetime", "2013-01-31T06:00:00+00:00"),
        "g": ("Decimal", "1.50"),
        "h": ("list", "[1, 2]"),
        "i": ("dict", '{"a": 1}'),
        "j": ("'x' or 'y'", "x"),
        "k": ("Mode", "FULL"),
        "l": ("int | None", ""),
        "m": ("date | None", ""),
        "n": ("'x' | None", ""),
        "o": ("Mode | None", ""),
        "p": ("float", "1"),
        "help": ("str", "--help"),
    }


def test_what_has_no_annotation_is_of_the_type_of_its_default() -> None:
    def body(text, number=1) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  as users write it
        raise NotImplementedError(text, number)

    assert [parameter.type.kind for parameter in parameters_of(body, job="daily")] == ["str", "int"]


def test_the_day_of_the_run_is_the_platforms_own_reference() -> None:
    def body(day: date = job_start_date()) -> None:  # noqa: B008  as users write it
        raise NotImplementedError(day)

    assert parameters_of(body, job="daily") == (
        Parameter(name="day", type=ParameterType(kind="date"), default=JOB_START_DATE, is_reference=True),
    )


def named(name: str, annotation: object, default: object = None) -> Callable[..., None]:
    """A body with one parameter, as an author may have written it."""

    def body(x: Any = default) -> None:  # noqa: ANN401  set below
        raise NotImplementedError(x)

    body.__annotations__ = {"x": annotation, "return": None}
    body.__name__ = name
    return body


@pytest.mark.parametrize(
    ("annotation", "default", "message"),
    [
        (set, set(), "is of type set, which no job parameter can carry"),
        (int | str, 1, r"is of type int \| str"),
        (int | str | None, 1, r"is of type int \| str \| None"),
        (Literal[1, "1"], 1, "is of type Literal"),
        (Literal["", None], "", "is of type Literal"),  # noqa: PYI061  both ways to write it
        (Literal[b"x"], b"x", "is of type Literal"),
        (bytes, b"", "is of type bytes"),
        (int, "1", "has the default '1', which is not of type int"),
        (int, None, "has the default None, which is not of type int"),
        (int, 1.0, "has the default 1.0"),
        (str | None, None, r"has the default None, which is not of type str \| None\n  A str cannot say None"),
        (list[int], (1, 2), r"has the default \(1, 2\)"),
        (dict[str, int], {1: 2}, r"has the default \{1: 2\}"),
        (Mode, "full", "has the default 'full', which is not of type Mode"),
        (Literal["a"], "b", "has the default 'b'"),
        (int, job_start_date(), ".*which is not of type int"),
        ("Decimall", None, "has an annotation that cannot be resolved: name 'Decimall' is not defined"),
        (None, None, "is of type NoneType"),
    ],
    ids=str,
)
def test_a_parameter_that_cannot_be_is_told_with_its_job_and_line(
    annotation: object, default: object, message: str
) -> None:
    body = named("daily", annotation, default)
    with pytest.raises(SettingError, match=f"parameter 'x' of job 'daily' {message}") as caught:
        parameters_of(body, job="daily")
    assert caught.value.location is not None
    assert caught.value.location.line == body.__code__.co_firstlineno


def test_parameters_are_named_one_by_one() -> None:
    def star(*days: str) -> None:
        raise NotImplementedError(days)

    def stars(**days: str) -> None:
        raise NotImplementedError(days)

    def positional(day: str, /) -> None:
        raise NotImplementedError(day)

    for body in (star, stars, positional):
        with pytest.raises(SettingError, match="is not an ordinary one\n  Job parameters are named one by one"):
            parameters_of(body, job="daily")


def test_a_name_that_the_platform_does_not_take_is_refused() -> None:
    def body(größe: str = "") -> None:  # noqa: PLC2401  the mistake
        raise NotImplementedError(größe)

    with pytest.raises(SettingError, match="parameter 'größe' of job 'daily' may hold only ASCII letters"):
        parameters_of(body, job="daily")


def test_an_enum_that_no_other_process_finds_is_refused() -> None:
    class Local(Enum):
        A = 1

    with pytest.raises(SettingError, match=r"is of type .*Local, which no job parameter can carry"):
        parameters_of(named("daily", Local, Local.A), job="daily")


def test_the_return_annotation_is_nobodys_business() -> None:
    def body(day: str = "") -> "Nowhere":  # type: ignore[name-defined]  # noqa: F821  as under TYPE_CHECKING
        raise NotImplementedError(day)

    assert len(parameters_of(body, job="daily")) == 1
