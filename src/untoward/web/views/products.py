"""Products and recipes: lists, recording, correcting, and what the evidence says of a mix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from untoward.errors import InputError
from untoward.registry.models import Product, Recipe
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.report.words import compound_label
from untoward.tasks.record import stock_products as task
from untoward.tasks.record.stock import last_entry
from untoward.web.listing import Request, page
from untoward.web.posted import Posted, sentences

LEAST_ROWS, MOST_ROWS = 4, 30
LABELS: Mapping[str, Any] = {
    "name": _("Name"),
    "maker": _("Maker"),
    "gtin": _("Product number (GTIN)"),
    "in_use_hours": _("Hours in use once opened"),
    "single_use": _("For one session"),
    "diluent": _("Diluent"),
    "active": _("In use"),
    "reason": _("Reason for the correction"),
}


@page("products", "products", Action.SEE_STOCK)
@require_safe
def products(request: Request) -> HttpResponse:
    """All products, and the recipes of the clinic."""
    rows = [
        {"product": one, "compounds": [_compound(part) for part in one.compounds], "lots": one.n}
        for one in Product.objects.annotate(n=Count("lots")).order_by("name")
    ]
    recipes = Recipe.objects.filter(clinic=request.clinic).prefetch_related("ingredients__product")
    context = {"rows": rows, "recipes": recipes.order_by("-active", "name")}
    return render(request, "stock/products.html", context)


@page("products/new", "product-new", Action.KEEP_STOCK)
def product_new(request: Request) -> HttpResponse:
    """Record a product."""
    return _product(request, None)


@page("products/<uuid:uid>", "product", Action.KEEP_STOCK)
def product(request: Request, uid: str) -> HttpResponse:
    """Correct a product, with a reason."""
    return _product(request, get_object_or_404(Product, uid=uid))


@page("recipes/new", "recipe-new", Action.KEEP_STOCK)
def recipe_new(request: Request) -> HttpResponse:
    """Record a recipe."""
    return _recipe(request, None)


@page("recipes/<uuid:uid>/correct", "recipe-correct", Action.KEEP_STOCK)
def recipe_correct(request: Request, uid: str) -> HttpResponse:
    """Correct a recipe, with a reason."""
    return _recipe(request, get_object_or_404(Recipe, uid=uid, clinic=request.clinic))


@page("recipes/<uuid:uid>", "recipe", Action.SEE_STOCK)
@require_safe
def recipe(request: Request, uid: str) -> HttpResponse:
    """A recipe with what the evidence says of the mix."""
    found = get_object_or_404(Recipe.objects.select_related("clinic"), uid=uid, clinic=request.clinic)
    checked = task.recipe_check(found)
    context = {
        "recipe": found,
        "parts": found.ingredients.select_related("product").order_by("order", "pk"),
        "findings": checked.findings,
        "untested": [" + ".join(compound_label(name) for name in pair) for pair in checked.no_data],
        "unknown": checked.unrecognised,
    }
    return render(request, "stock/recipe.html", context)


def _product(request: Request, thing: Product | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, "product", thing, _product_typed(thing))
    posted = Posted(request.POST)
    draft = task.ProductDraft(
        name=posted.text("name"),
        maker=posted.text("maker"),
        gtin=posted.text("gtin"),
        compounds=tuple(
            task.CompoundDraft(name=posted.text(f"compound-{n}"), percent=posted.decimal(f"percent-{n}"))
            for n in range(1, MOST_ROWS + 1)
            if posted.text(f"compound-{n}")
        ),
        in_use_hours=posted.decimal("in_use_hours"),
        single_use=posted.text("single_use") == "yes",
        diluent=posted.text("diluent") == "yes",
    )
    version, reason = posted.whole("version") or 0, posted.text("reason")
    try:
        _refuse(posted)
        task.save_product(draft, by=request.user, product=thing, version=version, reason=reason)
    except InputError as refused:
        return _page(request, "product", thing, posted.typed, sentences(refused), version=version)
    except Conflict:
        theirs = Product.objects.get(pk=thing.pk if thing else None)
        return _conflict(request, "product", theirs, _product_typed(theirs), posted.typed)
    messages.success(request, gettext("%(name)s was saved.") % {"name": draft.name})
    return redirect("products")


def _recipe(request: Request, thing: Recipe | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, "recipe", thing, _recipe_typed(thing))
    posted = Posted(request.POST)
    known = {str(one.pk): one for one in Product.objects.all()}
    draft = task.RecipeDraft(
        name=posted.text("name"),
        active=thing is None or posted.text("active") == "yes",
        ingredients=tuple(
            (known[posted.text(f"product-{n}")], posted.decimal(f"volume-{n}"))
            for n in range(1, MOST_ROWS + 1)
            if posted.text(f"product-{n}") in known
        ),
    )
    version, reason = posted.whole("version") or 0, posted.text("reason")
    try:
        _refuse(posted)
        kept = task.save_recipe(
            draft, clinic=request.clinic, by=request.user, recipe=thing, version=version, reason=reason
        )
    except InputError as refused:
        return _page(request, "recipe", thing, posted.typed, sentences(refused), version=version)
    except Conflict:
        theirs = Recipe.objects.get(pk=thing.pk if thing else None)
        return _conflict(request, "recipe", theirs, _recipe_typed(theirs), posted.typed)
    messages.success(request, gettext("%(name)s was saved.") % {"name": kept.name})
    return redirect("recipe", kept.uid)


def _refuse(posted: Posted) -> None:
    if posted.faults:
        raise InputError(gettext("The form cannot be read."), posted.faults)


def _product_typed(thing: Product | None) -> dict[str, str]:
    if thing is None:
        return {}
    typed = {"name": thing.name, "maker": thing.maker, "gtin": thing.gtin}
    typed["in_use_hours"] = "" if thing.in_use_hours is None else f"{thing.in_use_hours:g}"
    typed |= {name: "yes" if getattr(thing, name) else "" for name in ("single_use", "diluent")}
    for n, part in enumerate(thing.compounds, 1):
        percent = part.get("percent")
        typed[f"compound-{n}"] = compound_label(part["compound"])
        typed[f"percent-{n}"] = "" if percent is None else f"{percent:g}"
    return typed


def _recipe_typed(thing: Recipe | None) -> dict[str, str]:
    if thing is None:
        return {"active": "yes"}
    typed = {"name": thing.name, "active": "yes" if thing.active else ""}
    for n, one in enumerate(thing.ingredients.order_by("order", "pk"), 1):
        typed[f"product-{n}"] = str(one.product_id)
        typed[f"volume-{n}"] = "" if one.volume_ml is None else f"{one.volume_ml:g}"
    return typed


def _page(
    request: Request,
    kind: str,
    thing: Product | Recipe | None,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    *,
    version: int | None = None,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    names = ("compound", "percent") if kind == "product" else ("product", "volume")
    said = faults or {}
    context = {
        "thing": thing,
        "typed": typed,
        "faults": said,
        "fault_list": [(name, _label(name), text) for name, text in said.items()],
        "version": version if version is not None else thing.version if thing else 0,
        "rows": _rows(names, typed, said),
        "products": Product.objects.order_by("name"),
        **more,
    }
    return render(request, f"stock/{kind}_form.html", context, status=status or (422 if said else 200))


def _rows(
    names: tuple[str, str], typed: Mapping[str, str], faults: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The lines of a form: those filled, and two more."""
    filled = [n for n in range(1, MOST_ROWS + 1) if any(typed.get(f"{name}-{n}") for name in names)]
    last = min(max(LEAST_ROWS, max(filled, default=0) + 2), MOST_ROWS)
    first, second = names
    return [
        {
            "n": str(n),
            "first": typed.get(f"{first}-{n}", ""),
            "second": typed.get(f"{second}-{n}", ""),
            "first_fault": faults.get(f"{first}-{n}", ""),
            "second_fault": faults.get(f"{second}-{n}", ""),
        }
        for n in range(1, last + 1)
    ]


def _conflict(
    request: Request,
    kind: str,
    thing: Product | Recipe,
    theirs: Mapping[str, str],
    mine: Mapping[str, str],
) -> HttpResponse:
    names = {str(one.pk): one.name for one in Product.objects.all()}
    rows = []
    for field in dict.fromkeys([*theirs, *mine]):
        if field in ("version", "reason", "csrfmiddlewaretoken"):
            continue
        pair = [said.get(field, "") for said in (theirs, mine)]
        if pair[0] != pair[1]:
            shown = [names.get(one, one) if field.startswith("product-") else one for one in pair]
            rows.append((_label(field), *(one or gettext("empty") for one in shown)))
    return _page(
        request,
        kind,
        thing,
        mine,
        version=thing.version,
        status=409,
        conflict=True,
        theirs=rows,
        last=last_entry(thing),
    )


def _label(field: str) -> Any:
    words = {
        "compound": _("Compound"),
        "percent": _("Percent"),
        "product": _("Product"),
        "volume": _("Volume in ml"),
    }
    name, _dash, number = field.partition("-")
    return f"{words[name]} {number}" if number and name in words else LABELS.get(field, field)


def _compound(part: Mapping[str, Any]) -> str:
    percent = part.get("percent")
    return compound_label(part["compound"]) + ("" if percent is None else f" {percent:g} %")
