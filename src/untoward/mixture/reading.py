"""From a mixture as it was written to one whose names are read and whose doses are computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from untoward.mixture.names import NameReader, ReadName
from untoward.model.mixture import GivenIngredient, GivenMixture, Ingredient, Mixture
from untoward.model.quantity import Quantity

MG_PER_ML_OF_ONE_PERCENT = 10.0
"""One percent is 1 g in 100 ml, so 10 mg in each ml."""


PLAIN_FLUIDS = frozenset({"sterile-water", "glucose"})
"""Compounds that are a vehicle and no more: as such they are no partner of which tests could be asked."""


def mixture_from(given: GivenMixture, reader: NameReader) -> Mixture:
    """Read every name; an ingredient that names several compounds becomes several ingredients.

    A vehicle that is an active compound or a buffer itself ("lidocaine 1 %", bicarbonate) is an ingredient too.
    """
    listed = [item for part in given.ingredients for item in _ingredients(part, reader)]
    return Mixture(
        ingredients=(*listed, *_from_vehicle(given.vehicle or "", listed, reader)),
        person=given.person,
        vehicle=given.vehicle,
        country=given.country,
    )


def _from_vehicle(text: str, listed: Sequence[Ingredient], reader: NameReader) -> Iterator[Ingredient]:
    already = {item.compound for item in listed}
    read = list(_ingredients(GivenIngredient(name=text), reader))
    surely = all(item.read_as in ("name", "strength in the name") for item in read)
    for item in read if surely else ():
        if item.compound not in PLAIN_FLUIDS | already:
            yield replace(item, as_named=text)


def _ingredients(given: GivenIngredient, reader: NameReader) -> Iterator[Ingredient]:
    reads = reader.read(given.name)
    for read in reads:
        alone = len(reads) == 1
        percent = given.percent if given.percent is not None and alone else read.percent
        volume = given.volume or read.volume
        amount = (given.amount if alone else None) or read.amount
        yield Ingredient(
            as_named=given.name if alone else read.as_named,
            compound=read.compound,
            read_as=read.read_as,
            percent=percent,
            volume=volume,
            dose=_dose(read, amount, percent, volume),
        )


def _dose(
    read: ReadName, amount: Quantity | None, percent: float | None, volume: Quantity | None
) -> Quantity | None:
    """What is given: the amount when it is a mass or an activity, else strength times volume."""
    if read.compound is None:
        return None
    if amount is not None and amount.dimension == "mass":
        return amount.to("mg")
    if amount is not None and amount.dimension == "activity":
        return amount
    if amount is not None and amount.dimension == "volume":
        volume = volume or amount
    if percent is None or volume is None:
        return None
    return Quantity(percent * MG_PER_ML_OF_ONE_PERCENT * volume.to("ml").value, "mg")
