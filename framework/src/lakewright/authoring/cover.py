"""Which outcomes of conditions single out some of the paths through a body.

A path is the outcomes along it, by condition, in the order in which they were asked for. A product is a set of
outcomes that must all have come out; it covers the paths on which they did.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from typing import Any

    # Whatever stands for a condition.
    Path = Mapping[Any, bool]
    Product = tuple[tuple[Any, bool], ...]


def products(wanted: AbstractSet[int], paths: Sequence[Path]) -> tuple[Product, ...]:
    """Products that together cover the wanted paths and no other; one of no outcomes for all paths.

    >>> nested = [{"a": True, "b": True}, {"a": True, "b": False}, {"a": False}]
    >>> products({0}, nested), products({0, 1}, nested), products({1, 2}, nested), products({0, 1, 2}, nested)
    (((('b', True),),), ((('a', True),),), ((('b', False),), (('a', False),)), ((),))
    """
    whole = [tuple(paths[number].items()) for number in sorted(wanted)]
    # Without what was asked first, or without what was asked last: either may need fewer products.
    orders = (order for product in whole for order in (product, product[::-1]))
    candidates = dict.fromkeys(_shortest(order, wanted, paths) for order in orders)
    found: list[Product] = []
    left = set(wanted)
    while left:
        best = max(candidates, key=lambda product: len(left & covered(product, paths)))
        found.append(best)
        left -= covered(best, paths)
    return tuple(found)


def covered(product: Product, paths: Sequence[Path]) -> set[int]:
    """The paths on which all outcomes of a product came out."""
    return {
        number
        for number, path in enumerate(paths)
        if all(path.get(condition) is outcome for condition, outcome in product)
    }


def _shortest(product: Product, wanted: AbstractSet[int], paths: Sequence[Path]) -> Product:
    """A product without the outcomes that are not needed; the first goes first."""
    for literal in product:
        shorter = tuple(each for each in product if each is not literal)
        if covered(shorter, paths) <= wanted:
            product = shorter
    return product
