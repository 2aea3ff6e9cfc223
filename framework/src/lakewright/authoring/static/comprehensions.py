"""What comprehensions give."""

from __future__ import annotations

from lakewright.authoring.static.operations import hashable, is_true

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

    from lakewright.authoring.static.reader import Reader


def _rounds(reader: Reader, generators: Sequence[ast.comprehension], *, first: object = None) -> Iterator[None]:
    """Once for each element that a comprehension gives something for."""
    if not generators:
        yield
        return
    head, *rest = generators
    if head.is_async:
        raise reader.undecidable("an asynchronous comprehension")
    iterable = reader.value(head.iter) if first is None else first
    reader.at(head.iter)
    for item in reader.each(iterable):
        reader.bind(head.target, item)
        if all(is_true(reader, test, reader.value(test)) for test in head.ifs):
            yield from _rounds(reader, rest)


def _elements(
    reader: Reader, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, parts: Sequence[ast.expr]
) -> Iterator[tuple[object, ...]]:
    frame = reader.top
    # What is looped over first is read where the comprehension stands.
    first = reader.value(node.generators[0].iter)
    reader.at(node.generators[0].iter)
    scope = frame.scope.inner()

    def elements() -> Iterator[tuple[object, ...]]:
        rounds = _rounds(reader, node.generators, first=first)
        while True:
            # Whoever takes the elements may stand elsewhere.
            (before, around), (reader.top, frame.scope) = (reader.top, frame.scope), (frame, scope)
            try:
                if next(rounds, rounds) is rounds:
                    return
                found = tuple([reader.value(part) for part in parts])
            finally:
                reader.top, frame.scope = before, around
            yield found

    return elements()


def list_of(reader: Reader, node: ast.ListComp) -> list[object]:
    """What a list comprehension gives."""
    return [value for (value,) in _elements(reader, node, [node.elt])]


def set_of(reader: Reader, node: ast.SetComp) -> set[object]:
    """What a set comprehension gives."""
    return {hashable(reader, value) for (value,) in _elements(reader, node, [node.elt])}


def dict_of(reader: Reader, node: ast.DictComp) -> dict[object, object]:
    """What a dict comprehension gives."""
    return {hashable(reader, key): value for key, value in _elements(reader, node, [node.key, node.value])}


def generator(reader: Reader, node: ast.GeneratorExp) -> Iterator[object]:
    """What a generator expression gives, read when somebody asks."""
    elements = _elements(reader, node, [node.elt])
    return (value for (value,) in elements)
