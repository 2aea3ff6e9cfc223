"""What compute costs, as somebody has said it: no price is known here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SERVERLESS: Final = "serverless"
# Below this a second digit says nothing any more.
_SMALL: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices, all in one currency.

    Attributes:
        per_hour: of one machine, by its node type or instance pool; of a cluster or warehouse that is there, by its id;
            of a job that runs on serverless compute, as `serverless`.
        hours: how long a run takes, by pipeline and job: `flights.delays`.
        currency: a sign, or a code.
        as_of: when they were looked up, in any words.
    """

    per_hour: Mapping[str, float]
    hours: Mapping[str, float] = field(default_factory=dict)
    currency: str = "USD"
    as_of: str = ""


def money(amount: float, currency: str) -> str:
    """An amount as people read it.

    >>> money(1234.5, "$"), money(0.0421, "EUR")
    ('$1,234.50', '0.0421 EUR')
    """
    number = f"{amount:,.2f}" if amount >= _SMALL or not amount else f"{amount:.4f}"
    return f"{number} {currency}" if currency.isalnum() else f"{currency}{number}"
