"""Lots and vials taken in, opened, discarded, corrected; products and recipes; the numbers of a lot."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from untoward.errors import InputError
from untoward.registry.models import Lot, Vial
from untoward.registry.trail import verify
from untoward.registry.writing import Conflict
from untoward.tasks.record import recalls, stock, stock_numbers, stock_products

pytestmark = pytest.mark.django_db
CODE = "(01)07032069804988(17)491231(10)ZX9"


def fields(refused):
    return [one.field for one in refused.value.faults]


def test_a_code_fills_product_lot_and_expiry_and_is_taken_in(north_store, product):
    draft = stock.read_code(CODE)
    assert (draft.product, draft.number, draft.expires) == (product, "ZX9", date(2049, 12, 31))
    lot = stock.take_in(draft, clinic=north_store.clinic, by=north_store.director, vials=3)
    labels = {one.label for one in Vial.objects.filter(lot=lot)}
    assert len(labels) == 3
    again = stock.take_in(draft, clinic=north_store.clinic, by=north_store.director, vials=1)
    assert again == lot
    assert Vial.objects.filter(lot=lot, opened_at=None).count() == 4
    assert verify().faults == ()


@pytest.mark.parametrize("code", ["", "(01)07032069804989(10)A", "(01)00012345678905(10)A"])
def test_a_code_that_cannot_be_used_says_why(product, code):
    with pytest.raises(InputError) as refused:
        stock.read_code(code)
    assert fields(refused) == ["code"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"product": None}, "product"),
        ({"number": ""}, "number"),
        ({"number": "x" * 41}, "number"),
        ({"expires": date(2001, 1, 1)}, "expires"),
        ({"number": "AB12", "expires": date(2080, 1, 1)}, "expires"),
    ],
)
def test_a_lot_that_cannot_be_is_not_taken_in(north_store, product, change, field):
    draft = stock.LotDraft(**{"product": product, "number": "NEW", **change})
    with pytest.raises(InputError) as refused:
        stock.take_in(draft, clinic=north_store.clinic, by=north_store.director, vials=1)
    assert fields(refused) == [field]
    assert not Lot.objects.filter(number="NEW").exists()


def test_a_recalled_lot_is_neither_taken_in_nor_opened(north_store, lot):
    given = {"by": north_store.director, "clinic": north_store.clinic}
    recalls.begin_recall(lot=lot, reason="in doubt", **given)
    lot.refresh_from_db()
    with pytest.raises(InputError, match="recalled"):
        stock.take_in(stock.LotDraft(product=lot.product, number="ab12"), vials=1, **given)
    with pytest.raises(InputError, match="recalled"):
        stock.open_vial(lot, **given)


def test_opening_takes_the_vial_that_came_first_then_makes_one(north_store, lot):
    given = {"by": north_store.director, "clinic": north_store.clinic}
    stock.take_in(stock.LotDraft(product=lot.product, number="AB12"), vials=1, **given)
    waiting = Vial.objects.get(opened_at=None)
    assert stock.open_vial(lot, **given) == waiting
    made = stock.open_vial(lot, **given)
    assert made.opened_by == north_store.director
    assert made.label != waiting.label
    with pytest.raises(InputError, match="open already"):
        stock.open_vial(made, **given)
    with pytest.raises(InputError, match="yet to come"):
        stock.open_vial(lot, at=timezone.now() + timedelta(hours=1), **given)


def test_a_vial_is_discarded_once(north_store):
    vial = north_store.vials[0]
    stock.discard_vial(vial, by=north_store.director, reason="cloudy")
    assert stock.last_entry(vial).reason == "discarded: cloudy"
    with pytest.raises(InputError, match="before"):
        stock.discard_vial(vial, by=north_store.director)


def test_corrections_need_a_reason_and_never_overwrite_silently(north_store, lot):
    draft = stock.LotDraft(product=lot.product, number="AB13", supplier="Other")
    with pytest.raises(InputError, match="reason"):
        stock.correct_lot(lot, draft, by=north_store.director, reason=" ", version=1)
    stale = Lot.objects.get(pk=lot.pk)
    stock.correct_lot(lot, draft, by=north_store.director, reason="misread", version=1)
    with pytest.raises(Conflict):
        stock.correct_lot(stale, draft, by=north_store.director, reason="misread", version=1)


def test_a_vial_is_corrected_within_reason(north_store):
    vial, now = north_store.vials[0], timezone.now()
    wrong = stock.VialDraft(label="V2", opened_at=now, discarded_at=now - timedelta(days=1))
    with pytest.raises(InputError) as refused:
        stock.correct_vial(vial, wrong, by=north_store.director, reason="", version=1)
    assert set(fields(refused)) == {"reason", "label", "discarded_at"}
    right = stock.VialDraft(label="V9", opened_at=now - timedelta(hours=5))
    stock.correct_vial(vial, right, by=north_store.director, reason="misread", version=1)
    assert Vial.objects.get(pk=vial.pk).label == "V9"


def test_open_vials_tell_their_age_against_the_limit(north_store):
    old = north_store.vial("OLD", hours=30)
    north_store.session(old)
    rows = {
        row.vial.label: row for row in stock_numbers.open_rows(north_store.clinic, timezone.now(), most=9)
    }
    assert (rows["OLD"].over, rows["OLD"].sessions, round(rows["OLD"].hours)) == (True, 1, 30)
    assert (rows["V1"].over, rows["V1"].sessions) == (False, 0)


def test_the_rate_counts_people_once_with_an_exact_interval(north_store, south_store, lot):
    often = north_store.patient()
    for _n in range(2):
        north_store.reaction(north_store.session(*north_store.vials, patient=often))
    north_store.session(north_store.vials[0])
    south_store.session(south_store.vials[0])
    rate = stock_numbers.rates_of("lot", [lot.pk], north_store.clinic)[lot.pk]
    assert (rate.sessions, rate.people, rate.ill) == (3, 2, 1)
    assert rate.share == "50 % (1–99)"


def test_a_product_is_recorded_with_keys_of_the_evidence(north_store):
    draft = stock_products.ProductDraft(
        name="Slim", gtin="4006381333931", compounds=(stock_products.CompoundDraft(name="DCA", percent=1.0),)
    )
    made = stock_products.save_product(draft, by=north_store.director)
    assert made.compounds == [{"compound": "deoxycholic-acid", "percent": 1.0}]
    assert made.gtin == "04006381333931"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "lipodissolve"}, "name"),
        ({"gtin": "4006381333932"}, "gtin"),
        ({"gtin": "7032069804988"}, "gtin"),
        ({"in_use_hours": 0.0}, "in_use_hours"),
        ({"compounds": (stock_products.CompoundDraft(name="unobtainium"),)}, "compound-1"),
        ({"compounds": (stock_products.CompoundDraft(name="DCA", percent=101.0),)}, "percent-1"),
    ],
)
def test_a_product_that_cannot_be_is_refused(north_store, change, field):
    draft = stock_products.ProductDraft(**{"name": "Slim", **change})
    with pytest.raises(InputError) as refused:
        stock_products.save_product(draft, by=north_store.director)
    assert fields(refused) == [field]


def test_a_recipe_is_checked_against_the_evidence(north_store, product):
    draft = stock_products.RecipeDraft(name="Mix", ingredients=((product, 2.0), (product, None)))
    made = stock_products.save_recipe(draft, clinic=north_store.clinic, by=north_store.director)
    assert made.ingredients.count() == 2
    checked = stock_products.recipe_check(made)
    assert checked.findings
    with pytest.raises(InputError) as refused:
        stock_products.save_recipe(
            stock_products.RecipeDraft(name="mix", ingredients=((product, -1.0),)),
            clinic=north_store.clinic,
            by=north_store.director,
        )
    assert fields(refused) == ["name", "volume-1"]
