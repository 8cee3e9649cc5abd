"""Products and recipes: recorded and corrected, their compounds named as the evidence base names them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.model.mixture import GivenIngredient, GivenMixture, MixtureCheck, Person
from untoward.model.quantity import Quantity
from untoward.registry.models import Clinic, Ingredient, Product, Recipe, User
from untoward.registry.writing import write
from untoward.tasks.knowledge import evidence
from untoward.tasks.mixing import check_mixture
from untoward.tasks.record.stock import check_reason, read_at

LARGEST_ML, LONGEST_HOURS, MOST_PARTS = 500.0, 24.0 * 366, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CompoundDraft:
    """A compound of a product under any of its names, with its strength in percent where that is known."""

    name: str
    percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """A product as typed. `in_use_hours` is how long an opened vial may be used, None when nobody stated it."""

    name: str
    maker: str = ""
    gtin: str = ""
    compounds: tuple[CompoundDraft, ...] = ()
    in_use_hours: float | None = None
    single_use: bool = False
    diluent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeDraft:
    """A mix as typed: products with the volume of each in ml, None when it is not fixed."""

    name: str
    ingredients: tuple[tuple[Product, float | None], ...] = ()
    active: bool = True


def save_product(
    draft: ProductDraft, *, by: User, product: Product | None = None, version: int = 0, reason: str = ""
) -> Product:
    """Record a product, or correct one read at `version`. Raises InputError with every fault, and `Conflict`."""
    from untoward.exchange.packs.read import gtin_of

    faults = [*_product_faults(draft, product), *(check_reason(reason) if product else ())]
    if faults:
        raise InputError(_("The product was not saved."), faults)
    thing = product or Product()
    if product is not None:
        read_at(thing, version)
    thing.name, thing.maker, thing.gtin = draft.name, draft.maker, gtin_of(draft.gtin)
    find = evidence().compound_names.find
    thing.compounds = [{"compound": find(one.name), "percent": one.percent} for one in draft.compounds]
    thing.in_use_hours, thing.single_use, thing.diluent = (
        draft.in_use_hours, draft.single_use, draft.diluent,
    )  # fmt: skip
    write(thing, by=by, reason=reason.strip())
    return thing


def save_recipe(
    draft: RecipeDraft,
    *,
    clinic: Clinic,
    by: User,
    recipe: Recipe | None = None,
    version: int = 0,
    reason: str = "",
) -> Recipe:
    """Record a recipe, or correct one read at `version`. Raises InputError with every fault, and `Conflict`."""
    faults = [*_recipe_faults(draft, clinic, recipe), *(check_reason(reason) if recipe else ())]
    if faults:
        raise InputError(_("The recipe was not saved."), faults)
    thing = recipe or Recipe(clinic=clinic)
    if recipe is not None:
        read_at(thing, version)
    thing.name, thing.active = draft.name, draft.active
    parts = [
        Ingredient(product=product, volume_ml=volume, order=order)
        for order, (product, volume) in enumerate(draft.ingredients)
    ]
    write(thing, by=by, reason=reason.strip(), parts={"ingredients": parts})
    return thing


def recipe_check(recipe: Recipe) -> MixtureCheck:
    """What the evidence says of a mix in one syringe, for a person of whom nothing is known."""
    parts = tuple(
        given
        for one in recipe.ingredients.select_related("product").order_by("order", "pk")
        for given in _given(one)
    )
    country = recipe.clinic.country or None
    return check_mixture(GivenMixture(ingredients=parts, person=Person(), country=country)).check


def _given(one: Ingredient) -> Sequence[GivenIngredient]:
    volume = None if one.volume_ml is None else Quantity(one.volume_ml, "ml")
    compounds = one.product.compounds
    if not compounds:
        return [GivenIngredient(name=one.product.name, volume=volume)]
    return [
        GivenIngredient(name=part["compound"], percent=part.get("percent"), volume=volume)
        for part in compounds
    ]


def _product_faults(draft: ProductDraft, product: Product | None) -> Iterator[Fault]:
    from untoward.exchange.packs.read import gtin_of

    others = Product.objects.exclude(pk=product.pk) if product else Product.objects.all()
    if not 0 < len(draft.name) <= 160:
        yield _fault(_("is missing or too long"), "name", draft.name[:40], _("1 to 160 letters"))
    elif others.filter(name__iexact=draft.name).exists():
        yield _fault(_("is on record already"), "name", draft.name, _("another name"))
    if len(draft.maker) > 160:
        yield _fault(_("is too long"), "maker", str(len(draft.maker)), _("160 letters at most"))
    if draft.gtin and not gtin_of(draft.gtin):
        expected = _("8, 12, 13 or 14 digits, the last of which fits the others")
        yield _fault(_("cannot be a product number"), "gtin", draft.gtin[:40], expected)
    elif draft.gtin and (twin := others.filter(gtin=gtin_of(draft.gtin)).first()):
        yield _fault(_("is the number of another product"), "gtin", twin.name, _("a number of its own"))
    hours = draft.in_use_hours
    if hours is not None and not (math.isfinite(hours) and 0 < hours <= LONGEST_HOURS):
        yield _fault(_("cannot be"), "in_use_hours", f"{hours:g}", _("hours, more than 0, or nothing"))
    yield from _compound_faults(draft.compounds)


def _compound_faults(compounds: Sequence[CompoundDraft]) -> Iterator[Fault]:
    names = evidence().compound_names
    for number, one in enumerate(compounds, 1):
        if names.find(one.name) is None:
            near = ", ".join(names.suggest(one.name)) or _("a name of the Evidence page")
            yield _fault(_("is no compound known here"), f"compound-{number}", one.name[:60], near)
        if one.percent is not None and not 0 < one.percent <= 100:
            yield _fault(
                _("cannot be"), f"percent-{number}", f"{one.percent:g}", _("a percentage, or nothing")
            )


def _recipe_faults(draft: RecipeDraft, clinic: Clinic, recipe: Recipe | None) -> Iterator[Fault]:
    others = Recipe.objects.filter(clinic=clinic).exclude(pk=recipe.pk if recipe else None)
    if not 0 < len(draft.name) <= 120:
        yield _fault(_("is missing or too long"), "name", draft.name[:40], _("1 to 120 letters"))
    elif others.filter(name__iexact=draft.name).exists():
        yield _fault(_("is a recipe already"), "name", draft.name, _("another name"))
    if not 0 < len(draft.ingredients) <= MOST_PARTS:
        got = str(len(draft.ingredients))
        yield _fault(_("cannot be"), "product-1", got, _("1 to %(n)d products") % {"n": MOST_PARTS})
    for number, (product, volume) in enumerate(draft.ingredients, 1):
        if volume is not None and not 0 < volume <= LARGEST_ML:
            got, expected = f"{product.name}: {volume:g}", _("ml, more than 0, or nothing")
            yield _fault(_("cannot be"), f"volume-{number}", got, expected)


def _fault(what: str, field: str, got: str, expected: str) -> Fault:
    return Fault(what=what, field=field, got=got, expected=expected)
