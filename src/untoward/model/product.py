"""What is injected: compounds in products, products in lots, lots in vials, vials in mixes.

syringe (mix)  ←  components  ←  vial, opened once at a time  ←  lot  ←  product  ←  compounds
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from untoward.model.quantity import Quantity
from untoward.model.time import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """A substance (or a fixed mixture of substances, then with `parts`) that may be injected or taken as a
    remedy.

    `names` by language; `synonyms` include brands in use. `key` is what evidence records name.
    """

    key: str
    names: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    drug_class: str = ""
    parts: tuple[str, ...] = ()
    description: str = ""

    @property
    def label(self) -> str:
        """The English name."""
        return self.names["en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One production batch of a product, as printed on the pack."""

    number: str
    product: str | None = None
    expiry: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vial:
    """One container. It is opened once, at a time, and belongs to a lot."""

    key: str
    lot: str | None = None
    opened: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One compound, from one vial of one lot, in one syringe.

    `compound` is the key of a known compound, or None when the name given (`as_named`) could not be resolved:
    such a component is kept and is unknown, never dropped. `mix` names the syringe it shared.
    """

    as_named: str
    compound: str | None = None
    amount: Quantity | None = None
    volume: Quantity | None = None
    lot: str | None = None
    vial: str | None = None
    mix: str | None = None

    def __post_init__(self) -> None:
        for quantity in (self.amount, self.volume):
            if quantity is not None and quantity.value < 0:
                raise ValueError(f"an injected amount cannot be negative: {quantity}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """The components that shared a syringe. Their order never matters."""

    name: str
    components: tuple[Component, ...] = field(default=())

    @property
    def signature(self) -> str:
        """The set of compounds, sorted and joined by " + "; the same for every mix of the same compounds."""
        return " + ".join(sorted({part.compound or part.as_named for part in self.components}))
