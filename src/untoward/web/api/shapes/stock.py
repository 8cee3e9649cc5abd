"""Products, lots, vials, recipes and recalls."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasPath, Field

from untoward.registry.models import Lot, Product, Recipe, Vial
from untoward.tasks.record.recalls import Exposed
from untoward.tasks.record.stock_numbers import LotRow, Rate, VialRow
from untoward.web.api.shapes.base import (
    Count,
    Day,
    Document,
    Given,
    Key,
    Moment,
    Reason,
    Related,
    Text,
    Told,
    Uid,
    Version,
)


class CompoundIn(Given):
    """A compound of a product under any of its names, with its strength in percent where that is known."""

    name: Key
    percent: float | None = None


class ProductIn(Given):
    """A product. `in_use_hours` is how long an opened vial may be used, null when nobody stated it."""

    name: Text
    maker: Text = ""
    gtin: Key = ""
    compounds: Annotated[tuple[CompoundIn, ...], Field(max_length=100)] = ()
    in_use_hours: float | None = None
    single_use: bool = False
    diluent: bool = False


class ProductCorrectionIn(ProductIn):
    """A product as it shall be, with the version that was read and why it is corrected."""

    version: Version
    reason: Reason


class CompoundPart(Told):
    """A compound of a product, by its key in the evidence, with its strength in percent where that is known."""

    compound: str
    percent: float | None = None


class ProductOut(Told):
    """A product."""

    uid: UUID
    version: int
    name: str
    maker: str
    gtin: str
    compounds: list[CompoundPart]
    in_use_hours: float | None
    single_use: bool
    diluent: bool


class LotIn(Given):
    """Vials of a lot to take into stock, unopened."""

    product: UUID
    number: Text
    expires: Day | None = None
    supplier: Text = ""
    vials: Count = 0


class LotCorrectionIn(Given):
    """A lot as it shall be, with the version that was read and why it is corrected."""

    product: UUID
    number: Text
    expires: Day | None = None
    supplier: Text = ""
    version: Version
    reason: Reason


class LotOut(Told):
    """A lot of a product."""

    uid: UUID
    version: int
    product: Uid
    product_name: str = Field(validation_alias=AliasPath("product", "name"))
    number: str
    expires: date | None
    supplier: str
    recalled_at: datetime | None
    recall_reason: str


class CodeIn(Given):
    """The GS1 code of a pack, as a scanner gives it or as it is typed."""

    code: Annotated[Text, Field(max_length=400)]


class CodeOut(Told):
    """What a code says. `product` is null when the code names none."""

    product: UUID | None
    product_name: str
    number: str
    expires: date | None


class OpenIn(Given):
    """The version of the vial that was read, and when it was opened; now when left out."""

    version: Version
    at: Moment | None = None


class OpenOneIn(Given):
    """When a vial of the lot was opened; now when left out."""

    at: Moment | None = None


class DiscardIn(Given):
    """The version of the vial that was read, and why it is discarded."""

    version: Version
    reason: Annotated[Text, Field(max_length=300)] = ""


class VialCorrectionIn(Given):
    """A vial as it shall be, with the version that was read and why it is corrected."""

    label: Key
    opened_at: Moment | None = None
    discarded_at: Moment | None = None
    version: Version
    reason: Reason


class VialLine(Told):
    """A vial of a lot."""

    uid: UUID
    version: int
    label: str
    opened_at: datetime | None
    discarded_at: datetime | None
    recalled_at: datetime | None


class VialOut(VialLine):
    """A vial with its lot."""

    lot: LotOut


class OpenVialOut(VialOut):
    """An opened vial with its age in hours and until when it may be used (null: nobody stated it)."""

    hours: float | None
    until: datetime | None
    over: bool
    sessions: int


class KeptLotOut(LotOut):
    """A lot with its unopened vials at the clinic; `expiry` is "past", "soon" or empty."""

    vials: int
    expiry: str


class StockOut(Told):
    """Opened vials, the latest first, and lots with unopened vials, the one that expires first on top."""

    open: list[OpenVialOut]
    unopened: list[KeptLotOut]


class FoundOut(Told):
    """Lots and vials whose number or label begins so."""

    lots: list[LotOut]
    vials: list[VialOut]


class RateOut(Told):
    """People at a clinic who got it, and how many of them had a reaction."""

    sessions: int
    people: int
    ill: int


class LotWithVials(LotOut):
    """A lot with its vials at the clinic, the latest opened first (at most 200), and how many who got it fell ill."""

    vials: list[VialLine]
    rate: RateOut | None


class VialWithRate(OpenVialOut):
    """A vial with its age and how many who got it fell ill."""

    rate: RateOut | None


class VisitOut(Told):
    """One session in which somebody got it, with the labels of the vials (none: not recorded)."""

    session: UUID = Field(validation_alias="uid")
    at: datetime
    vials: list[str]


class ExposedOut(Told):
    """Somebody who got it, under their key; the latest visit comes first."""

    patient: UUID
    patient_key: str
    visits: list[VisitOut]
    cases: list[UUID]


class IngredientIn(Given):
    """One product of a recipe with its volume in ml, null when it is not fixed."""

    product: UUID
    volume_ml: float | None = None


class RecipeIn(Given):
    """A mix as the clinic prepares it."""

    name: Text
    ingredients: Annotated[tuple[IngredientIn, ...], Field(max_length=100)]
    active: bool = True


class RecipeCorrectionIn(RecipeIn):
    """A recipe as it shall be, with the version that was read and why it is corrected."""

    version: Version
    reason: Reason


class IngredientOut(Told):
    """One product of a recipe."""

    product: Uid
    product_name: str = Field(validation_alias=AliasPath("product", "name"))
    volume_ml: float | None


class RecipeOut(Told):
    """A mix as a clinic prepares it."""

    uid: UUID
    version: int
    name: str
    active: bool
    ingredients: Related[IngredientOut]


class CheckedRecipeOut(RecipeOut):
    """A recipe with what the evidence says of it in one syringe, for a person of whom nothing is known."""

    mixture: Document


def product_out(product: Product) -> ProductOut:
    """A product with its compounds."""
    return ProductOut.model_validate(product)


def lot_out(lot: Lot) -> LotOut:
    """A lot of a product."""
    return LotOut.model_validate(lot)


def vial_out(vial: Vial) -> VialOut:
    """A vial with its lot."""
    return VialOut.model_validate(vial)


def open_vial_out(row: VialRow) -> OpenVialOut:
    """An opened vial with its age."""
    return OpenVialOut(**_aged(row))


def vial_with_rate(row: VialRow, rate: Rate | None) -> VialWithRate:
    """A vial with its age and the people who got it."""
    return VialWithRate(**_aged(row), rate=RateOut.model_validate(rate) if rate else None)


def kept_lot_out(row: LotRow) -> KeptLotOut:
    """A lot with its unopened vials."""
    return KeptLotOut(**lot_out(row.lot).model_dump(), vials=row.vials, expiry=row.expiry)


def exposed_out(person: Exposed) -> ExposedOut:
    """Somebody who got it, under their key."""
    return ExposedOut(
        patient=person.patient.uid,
        patient_key=person.patient.key,
        visits=[VisitOut(session=one.uid, at=one.at, vials=list(one.vials)) for one in person.visits],
        cases=[reaction.uid for reaction in person.reactions],
    )


def recipe_out(recipe: Recipe) -> RecipeOut:
    """A recipe with its parts."""
    return RecipeOut.model_validate(recipe)


def _aged(row: VialRow) -> dict[str, Any]:
    more = {"hours": row.hours, "until": row.until, "over": row.over, "sessions": row.sessions}
    return {**vial_out(row.vial).model_dump(), **more}
