from collections.abc import Callable, Mapping
from typing import Final

import pytest

from lakewright import task
from lakewright.errors.authoring import HandleError, LoopError
from lakewright.model.binding import Constant, Container, Each, Gather, Item, Output, ParameterValue
from lakewright.model.loop import DEFAULT_CONCURRENCY, Loop
from tests.unit.authoring.traced import dag_of, line_of


@task
def files(folder: str = "a") -> list[str]:
    return [folder]


@task
def groups() -> list[list[str]]:
    return [["a"]]


@task
def rows() -> tuple[dict[str, int], ...]:
    return ({"n": 1},)


@task
def halves() -> tuple[list[str], list[str]]:
    return ["a"], ["b"]


@task
def process(file: str, number: int = 0) -> int:
    return len(file) + number


@task
def load(number: int, *, extra: object = None) -> tuple[int, str]:
    return number, str(extra)


@task
def combine(numbers: object, more: object = None) -> int:
    return len(str((numbers, more)))


@task
def add(left: int, right: object) -> int:
    return left + len(str(right))


@task
def note() -> None: ...


@task
def anything():  # type: ignore[no-untyped-def]  # noqa: ANN201  as users may write it
    return []


FILES: Final = Loop(Output("files"))


def gathered(*items: Item | Each | Container) -> Container:
    return Container("list", (("0", Gather(Output("files"), items)),))


def with_append() -> object:
    found = []
    for file in files():
        found.append(process(file))  # noqa: PERF401  as users write it
    return combine(found)


def with_comprehension() -> object:
    return combine([process(file) for file in files()])


def with_generator() -> object:
    return combine(list(process(file) for file in files()))  # noqa: C400  as users write it


def with_map() -> object:
    return combine(process.map(files()))


@pytest.mark.parametrize("body", [with_append, with_comprehension, with_generator, with_map])
def test_a_loop_is_one_task_that_is_repeated_however_it_is_written(body: Callable[[], object]) -> None:
    dag = dag_of(body)
    assert dag.nodes == ("files", "process", "combine")
    assert dag.task("process").loop == FILES
    assert dag.task("process").arguments[0].binding == Item("files")
    assert dag.task("combine").arguments[0].binding == gathered(Each("process"))
    assert dag.edges == (("files", "process"), ("process", "combine"))


def test_who_gathers_depends_on_the_list_too() -> None:
    assert dag_of(with_append).upstream("combine") == ("process", "files")


def test_map_passes_other_arguments_to_each_and_options_set_the_concurrency() -> None:
    def body() -> None:
        process.options(concurrency=4).map(files(), number=3)

    repeated = dag_of(body).task("process")
    assert repeated.loop == Loop(Output("files"), 4)
    assert [argument.binding for argument in repeated.arguments] == [Item("files"), Constant("3")]


def test_a_known_list_gives_a_task_for_each_item() -> None:
    def body() -> None:
        combine([process(file) for file in ("a", "b")])
        process.map(["c", "d"])

    dag = dag_of(body)
    assert dag.nodes == ("process_a", "process_b", "combine", "process_c", "process_d")
    assert all(each.loop is None for each in dag.tasks)


def test_a_second_map_goes_element_by_element() -> None:
    def body() -> list[tuple[int, str]]:
        processed = [process(file) for file in files()]
        loaded = [load(number) for number in processed]
        combine(load.map(processed))
        return loaded

    dag = dag_of(body)
    for key in ("load", "load__2"):
        assert dag.task(key).loop == FILES
        assert dag.task(key).arguments[0].binding == Each("process")
    assert dag.result == gathered(Each("load"))
    assert ("files", "load") not in dag.edges
    assert dag.upstream("load") == ("process", "files")


def test_several_tasks_in_one_loop_are_each_repeated() -> None:
    def body() -> object:
        found = []
        for file in files():
            number = process(file)
            first, _ = load(number, extra=file)
            found.append({"file": file, "first": first})
        return combine(found)

    dag = dag_of(body)
    assert dag.nodes == ("files", "process", "load", "combine")
    assert {argument.name: argument.binding for argument in dag.task("load").arguments} == {
        "number": Each("process"),
        "extra": Item("files"),
    }
    element = Container("dict", (("file", Item("files")), ("first", Each("load", (0,)))))
    assert dag.task("combine").arguments[0].binding == gathered(element)


def test_what_a_loop_collects_can_stand_among_others_and_inside_of_others() -> None:
    def body() -> None:
        names = files()
        found = [process(file) for file in names]
        combine({"found": found}, (process("x"), *found, [found]))

    first, second = (argument.binding for argument in dag_of(body).task("combine").arguments)
    assert first == Container("dict", (("found", gathered(Each("process"))),))
    parts = (
        ("0", Output("process__2")),
        ("1", Gather(Output("files"), (Each("process"),))),
        ("2", Container("list", (("0", gathered(Each("process"))),))),
    )
    assert second == Container("tuple", parts)


def test_two_values_a_pass_are_gathered_in_turn() -> None:
    def body() -> None:
        found: list[object] = []
        for file in files():
            found.extend((file, process(file)))
        combine(found)

    assert dag_of(body).task("combine").arguments[0].binding == gathered(Item("files"), Each("process"))


def test_a_call_that_takes_nothing_of_the_element_is_repeated_too() -> None:
    def body() -> None:
        for _ in files():
            note()

    dag = dag_of(body)
    assert dag.task("note").loop == FILES
    assert dag.edges == (("files", "note"),)


def test_what_is_the_same_for_all_elements_is_passed_to_each() -> None:
    def body(number: int) -> None:
        whole = combine([])
        for file in files():
            load.after(whole)(process(file, number), extra=whole)

    dag = dag_of(body)
    assert dag.task("process").arguments[1].binding == ParameterValue("number")
    assert dag.task("load").arguments[1].binding == Output("combine")
    assert dag.task("load").after == ("combine",)


def test_a_task_can_wait_for_all_of_a_loop() -> None:
    def body() -> None:
        note.after(*[process(file) for file in files()])()

    dag = dag_of(body)
    assert dag.task("note").after == ("process",)
    assert dag.task("note").loop is None


def test_lists_side_by_side_go_together_if_they_come_from_one_list() -> None:
    def body() -> None:
        names = files()
        left, right = [process(name) for name in names], [load(process(name)) for name in names]
        for name, one, (two, _) in zip(names, left, right, strict=True):
            combine.after(one)(name, [one, two])

    repeated = dag_of(body).task("combine")
    assert repeated.loop == FILES
    assert [argument.binding for argument in repeated.arguments] == [
        Item("files"),
        Container("list", (("0", Each("process")), ("1", Each("load", (0,))))),
    ]
    assert repeated.after == ("process",)


def test_a_part_of_an_output_can_be_looped_over() -> None:
    def body() -> None:
        left, right = halves()
        process.map(left)
        process.map(right)

    dag = dag_of(body)
    assert [each.loop for each in dag.tasks] == [None, Loop(Output("halves", (0,))), Loop(Output("halves", (1,)))]
    assert dag.task("process__2").arguments[0].binding == Item("halves", (1,))
    assert [each.name for each in dag.published["halves"]] == ["lw_items", "lw_items__2"]


def test_parts_of_an_element_are_taken_as_its_type_says() -> None:
    def body() -> None:
        for row in rows():
            load(row["n"])

    assert dag_of(body).task("load").arguments[0].binding == Item("rows", (), ("n",))


def test_a_list_parameter_is_looped_over_through_a_task_that_knows_its_length() -> None:
    def body(cities: list[str]) -> None:
        process.map(cities)
        combine(cities)
        load.map([process(city) for city in cities])

    dag = dag_of(body)
    assert dag.nodes == ("cities", "process", "combine", "process__2", "load")
    assert dag.task("cities").arguments[0].binding == ParameterValue("cities")
    assert dag.task("process").arguments[0].binding == Item("cities")
    assert dag.task("combine").arguments[0].binding == ParameterValue("cities")


def test_a_loop_over_constants_may_hold_loops_over_outputs() -> None:
    def body() -> None:
        for folder in ("a", "b"):
            combine([process(file) for file in files(folder)])

    dag = dag_of(body)
    assert dag.nodes == ("files_a", "process_a", "combine", "files_b", "process_b", "combine__2")
    assert dag.task("process_b").loop == Loop(Output("files_b"), DEFAULT_CONCURRENCY)


def unpacked() -> None:
    first, _ = files()  # here
    process(first)


def nested() -> None:
    for group in groups():
        for file in group:  # here
            process(file)


def nested_over_another() -> None:
    names = files("b")
    for file in files():
        process.map(names, number=process(file))  # here


def with_break() -> None:
    for file in files():  # here
        process(file)
        break


def with_return() -> int:
    for file in files():  # here
        return process(file)
    return 0


def shorter() -> None:
    for file, number in zip(files(), [1], strict=False):  # here
        process(file, number)


def bare() -> None:
    number = 0
    for file in files():
        number = process(file)
    load(number)  # here


def bare_after() -> None:
    number = 0
    for file in files():
        number = process(file)
    note.after(number)()  # here


def bare_item_of_collected() -> None:
    found = [process(file) for file in files()]
    load(found[0])  # here


def returned_bare() -> int:  # here
    number = 0
    for file in files():
        number = process(file)
    return number


def accumulated() -> None:
    total = 0
    for file in files():
        total = add(total, process(file))  # here


def accumulated_in_a_list() -> None:
    found = []
    for file in files():
        found.append(process(file))
        combine(found)  # here


def numbered() -> None:
    for number, file in enumerate(files()):
        process(file, number)  # here


def two_lists() -> None:
    for left, right in zip(files("a"), files("b"), strict=True):  # here
        combine(left, right)


def two_lists_one_after_the_other() -> None:
    left = [process(file) for file in files("a")]
    right = [process(file) for file in files("b")]
    for one, two in zip(left, right, strict=True):
        add(one, two)  # here


def different_tasks() -> None:
    tasks = [process, add.map] and [process, note]
    for file in files():
        called = tasks.pop(0)
        called(file) if called is process else note()  # here


def fewer_calls() -> None:
    seen: list[object] = []
    for file in files():
        if not seen:
            process(file)  # here
        seen.append(file)


def counted() -> None:
    found = [process(file) for file in files()]  # here
    process("x", len(found))


def counted_in_python() -> None:
    found = [process(file) for file in files()]  # here
    for _ in found:
        note()


REFUSED: Final[Mapping[Callable[[], object], str]] = {
    unpacked: "is unpacked; its type does not say into how many",
    nested: "stands inside of another one",
    nested_over_another: "stands inside of another one",
    with_break: "is left before its end",
    with_return: "is left before its end",
    shorter: "is left before its end",
    bare: "task 'load' takes what only one pass of the loop over the output of task 'files' gave",
    bare_after: "task 'note' takes what only one pass",
    bare_item_of_collected: "task 'load' is called in one pass of the loop",
    returned_bare: "the body returns what only one pass of a loop gave",
    accumulated: "task 'add' takes in one pass of a loop what another pass gave",
    accumulated_in_a_list: "argument 'numbers' of task 'combine' is not the same in each",
    numbered: "argument 'number' of task 'process' is not the same in each",
    two_lists: "two future lists are looped over side by side",
    two_lists_one_after_the_other: "task 'add' takes elements of the output of task 'files'",
    different_tasks: "another calls 'note'",
    fewer_calls: "task 'process' is called in one pass of the loop over the output of task 'files' only",
    counted: "depends on how many elements the list of this loop has",
    counted_in_python: "depends on how many elements the list of this loop has",
}


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: body.__name__)
def test_a_loop_that_no_repeated_task_can_say_is_refused_at_its_line(body: Callable[[], object]) -> None:
    with pytest.raises(LoopError) as caught:
        dag_of(body)
    assert REFUSED[body] in caught.value.message
    assert caught.value.hint
    assert caught.value.location is not None
    assert caught.value.location.line == line_of(body, "# here")
    assert caught.value.excerpt


def test_an_element_has_no_value_and_says_whose_it_is() -> None:
    def body() -> None:
        for file in files():
            process(file + ".csv")

    element = r"'file' is an element of the future output of task 'files' \(str\); \+ needs its value"
    with pytest.raises(HandleError, match=element):
        dag_of(body)


def test_what_is_no_list_cannot_be_looped_over() -> None:
    def body() -> None:
        for file in anything():
            process(file)

    with pytest.raises(HandleError, match="a loop or unpacking needs its value") as caught:
        dag_of(body)
    assert "list[…]" in caught.value.hint


def test_outside_of_a_body_map_runs() -> None:
    assert process.map(["a", "bb"], number=1) == [2, 3]
