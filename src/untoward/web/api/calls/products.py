"""Calls about products, which all clinics share, and recipes, the mixes of a clinic."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Body, Query

from untoward.evidence.load import load_evidence
from untoward.exchange.mixtures import mixture_answer
from untoward.registry.models import Product, Recipe
from untoward.registry.roles import Action
from untoward.tasks.record import stock_products as task
from untoward.web.api.access import Asker, Call
from untoward.web.api.calls.stock import product_named
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes import stock as shapes
from untoward.web.api.shapes.base import Page, Paging


@operation("GET", "/products", "products", Action.SEE_STOCK, answers=Page[shapes.ProductOut])
def products(request: Call, page: Query[Paging]) -> Page[shapes.ProductOut]:
    """All products with their compounds, by name."""
    return part(Product.objects.order_by("name"), page, shapes.product_out)


@operation("POST", "/products", "product-new", Action.KEEP_STOCK, answers=shapes.ProductOut, status=201)
def new_product(request: Call, given: Body[shapes.ProductIn]) -> shapes.ProductOut:
    """Record a product; its compounds under any of their names."""
    return shapes.product_out(task.save_product(_product(given), by=request.asker.user))


@operation("GET", "/products/{uuid:uid}", "product", Action.SEE_STOCK, answers=shapes.ProductOut)
def one_product(request: Call, uid: UUID) -> shapes.ProductOut:
    """One product."""
    return shapes.product_out(get_object_or_404(Product, uid=uid))


@operation("PUT", "/products/{uuid:uid}", "product-correct", Action.KEEP_STOCK, answers=shapes.ProductOut)
def correct_product(request: Call, uid: UUID, given: Body[shapes.ProductCorrectionIn]) -> shapes.ProductOut:
    """Correct a product; 409 with theirs beside yours when somebody else did since the version you read."""
    kept = task.save_product(
        _product(given),
        by=request.asker.user,
        product=get_object_or_404(Product, uid=uid),
        version=given.version,
        reason=given.reason,
    )
    return shapes.product_out(kept)


@operation("GET", "/recipes", "recipes", Action.SEE_STOCK, answers=Page[shapes.RecipeOut])
def recipes(request: Call, page: Query[Paging]) -> Page[shapes.RecipeOut]:
    """The recipes of your clinic, by name."""
    found = Recipe.objects.filter(clinic=request.asker.clinic).prefetch_related("ingredients__product")
    return part(found.order_by("name"), page, shapes.recipe_out)


@operation("POST", "/recipes", "recipe-new", Action.KEEP_STOCK, answers=shapes.RecipeOut, status=201)
def new_recipe(request: Call, given: Body[shapes.RecipeIn]) -> shapes.RecipeOut:
    """Record a mix as your clinic prepares it."""
    asker = request.asker
    return shapes.recipe_out(task.save_recipe(_recipe(given), clinic=asker.clinic, by=asker.user))


@operation("GET", "/recipes/{uuid:uid}", "recipe", Action.SEE_STOCK, answers=shapes.CheckedRecipeOut)
def one_recipe(request: Call, uid: UUID) -> shapes.CheckedRecipeOut:
    """One recipe, with what the evidence says of it in one syringe."""
    recipe = _recipe_here(request.asker, uid)
    checked = mixture_answer(task.recipe_check(recipe), load_evidence())
    return shapes.CheckedRecipeOut(**shapes.recipe_out(recipe).model_dump(), mixture=checked)


@operation("PUT", "/recipes/{uuid:uid}", "recipe-correct", Action.KEEP_STOCK, answers=shapes.RecipeOut)
def correct_recipe(request: Call, uid: UUID, given: Body[shapes.RecipeCorrectionIn]) -> shapes.RecipeOut:
    """Correct a recipe; 409 with theirs beside yours when somebody else did since the version you read."""
    asker = request.asker
    kept = task.save_recipe(
        _recipe(given),
        clinic=asker.clinic,
        by=asker.user,
        recipe=_recipe_here(asker, uid),
        version=given.version,
        reason=given.reason,
    )
    return shapes.recipe_out(_recipe_here(asker, kept.uid))


def _recipe_here(asker: Asker, uid: UUID) -> Recipe:
    mine = Recipe.objects.select_related("clinic").prefetch_related("ingredients__product")
    found: Recipe = get_object_or_404(mine, uid=uid, clinic=asker.clinic)
    return found


def _product(given: shapes.ProductIn) -> task.ProductDraft:
    compounds = tuple(task.CompoundDraft(name=one.name, percent=one.percent) for one in given.compounds)
    return task.ProductDraft(
        name=given.name.strip(),
        maker=given.maker.strip(),
        gtin=given.gtin.strip(),
        compounds=compounds,
        in_use_hours=given.in_use_hours,
        single_use=given.single_use,
        diluent=given.diluent,
    )


def _recipe(given: shapes.RecipeIn) -> task.RecipeDraft:
    parts = tuple(
        (product_named(one.product, f"ingredients.{place}.product"), one.volume_ml)
        for place, one in enumerate(given.ingredients)
    )
    return task.RecipeDraft(name=given.name.strip(), ingredients=parts, active=given.active)
