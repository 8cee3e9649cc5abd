"""Pages of the stock: what is there, taking in by code, opening, discarding, correcting, products and recipes."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.registry.stock.conftest import Store

from untoward.registry.models import Lot, Product, Recipe, Vial
from untoward.registry.writing import write
from untoward.tasks.record import recalls, stock
from untoward.tasks.record.vial_codes import vial_code
from untoward.web.views.passports import qr_code

pytestmark = pytest.mark.django_db
CODE = "(01)07032069804988(17)491231(10)ZX9"


@pytest.fixture
def store(db):
    product = Product(
        name="Lipodissolve",
        gtin="07032069804988",
        in_use_hours=24,
        compounds=[{"compound": "deoxycholic-acid", "percent": 1}],
    )
    write(product, by=None)
    lot = Lot(product=product, number="AB12")
    write(lot, by=None)
    return Store("North", product, lot)


@pytest.fixture
def nurse(store):
    client = Client()
    client.force_login(store.user("injector"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def inspector(store):
    client = Client()
    client.force_login(store.user("inspector"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def at(name, thing):
    return reverse(name, args=[thing.uid])


def said(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_tells_ages_and_what_expires(store, nurse):
    store.vial("OLD", hours=30)
    page = said(nurse.get(reverse("stock")))
    assert "open for 30 h, limit 24 h" in page
    assert "open for 1 h, usable until" in page
    assert "No unopened vials in stock." in page


def test_an_inspector_reads_and_changes_nothing(store, inspector):
    for address in (reverse("stock"), at("lot", store.lot), at("vial", store.vials[0]), reverse("products")):
        page = inspector.get(address)
        assert page.status_code == 200
        assert "Discard" not in said(page)
    posts = [("lot-open", store.lot), ("lot-correct", store.lot), ("vial-discard", store.vials[0])]
    for name, thing in posts:
        assert inspector.post(at(name, thing)).status_code == 403


def test_a_code_is_read_then_taken_in(store, nurse):
    read = nurse.post(reverse("stock-take-in"), {"code": CODE, "read": "1", "vials": "2"})
    html = read.content.decode()
    assert read.status_code == 200
    assert 'value="ZX9"' in html
    assert 'value="2049-12-31"' in html
    assert not Lot.objects.filter(number="ZX9").exists()
    form = {"product": str(store.product.pk), "number": "ZX9", "expires": "2049-12-31", "vials": "2"}
    done = nurse.post(reverse("stock-take-in"), form, follow=True)
    assert "Taken in: 2 vials of Lipodissolve ZX9." in said(done)
    assert Vial.objects.filter(lot__number="ZX9", clinic=store.clinic).count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "(01)07032069804989", "read": "1"}, "code"),
        ({"product": ""}, "product"),
        ({"number": ""}, "number"),
        ({"expires": "soon"}, "expires"),
        ({"vials": "many"}, "vials"),
        ({"vials": "501"}, "vials"),
    ],
)
def test_a_refused_lot_keeps_everything_typed(store, nurse, change, field):
    form = {"product": str(store.product.pk), "number": "N1", "supplier": "Sole & Co", "vials": "1", **change}
    page = nurse.post(reverse("stock-take-in"), form)
    html = page.content.decode()
    assert page.status_code == 422
    assert f'href="#{field}"' in html
    assert f'id="{field}-fault"' in html
    assert "Sole &amp; Co" in html
    assert not Lot.objects.filter(number="N1").exists()


def test_a_vial_is_opened_labelled_and_discarded(store, nurse):
    opened = nurse.post(at("lot-open", store.lot), follow=True)
    vial = Vial.objects.exclude(label__in=["V1", "V2"]).get()
    assert f"{vial.label} is open." in said(opened)
    label = nurse.get(at("vial-label", vial)).content.decode()
    assert "<svg" in label
    assert str(qr_code(vial_code(vial))) in label
    assert vial.label in said(nurse.get(reverse("stock"), {"q": vial_code(vial)}))
    assert vial.label in label
    form = {"version": str(vial.version), "reason": "empty"}
    assert "discarded" in said(nurse.post(at("vial-discard", vial), form, follow=True))
    again = nurse.post(at("vial-discard", vial), form, follow=True)
    assert "discarded before" in said(again)


def test_a_recalled_lot_is_not_opened(store, nurse):
    recalls.begin_recall(lot=store.lot, reason="in doubt", by=store.director, clinic=store.clinic)
    page = nurse.post(at("lot-open", store.lot), follow=True)
    assert "as been recalled; got AB12" in said(page)
    assert Vial.objects.count() == 2


def test_a_correction_of_a_lot_meets_another_and_loses_nothing(store, nurse):
    form = {"product": str(store.product.pk), "number": "AB13", "supplier": "Mine", "version": "1"}
    missing = nurse.post(at("lot-correct", store.lot), form)
    assert missing.status_code == 422
    draft = stock.LotDraft(product=store.product, number="AB12", supplier="Theirs")
    stock.correct_lot(store.lot, draft, by=store.director, reason="delivery note", version=1)
    met = nurse.post(at("lot-correct", store.lot), {**form, "reason": "misread"})
    assert met.status_code == 409
    for piece in ("Theirs", "Mine", "delivery note"):
        assert piece in said(met)
    assert 'value="Mine"' in met.content.decode()
    nurse.post(at("lot-correct", store.lot), {**form, "reason": "misread", "version": "2"})
    store.lot.refresh_from_db()
    assert (store.lot.number, store.lot.supplier) == ("AB13", "Mine")


def test_a_vial_is_corrected(store, nurse):
    vial = store.vials[0]
    form = {"label": "V7", "opened_at": "2026-01-05T10:00", "version": "1", "reason": "misread"}
    assert nurse.post(at("vial-correct", vial), {**form, "opened_at": "x"}).status_code == 422
    assert nurse.post(at("vial-correct", vial), {**form, "version": "0"}).status_code == 409
    assert nurse.post(at("vial-correct", vial), form).status_code == 302
    vial.refresh_from_db()
    assert (vial.label, vial.opened_at.isoformat()) == ("V7", "2026-01-05T09:00:00+00:00")


def test_a_product_is_recorded_and_corrected(store, nurse):
    form = {
        "name": "Slim",
        "compound-1": "DCA",
        "percent-1": "1,5",
        "in_use_hours": "48",
        "single_use": "yes",
    }
    faulty = nurse.post(reverse("product-new"), {**form, "compound-2": "unobtainium", "gtin": "123"})
    assert faulty.status_code == 422
    for field in ("compound-2", "gtin"):
        assert f'href="#{field}"' in faulty.content.decode()
    assert 'value="1,5"' in faulty.content.decode()
    page = nurse.post(reverse("product-new"), form, follow=True)
    assert "deoxycholic acid 1.5 %" in said(page)
    made = Product.objects.get(name="Slim")
    changed = {**form, "name": "Slim 2", "version": "1", "reason": "new name"}
    assert nurse.post(at("product", made), {**changed, "version": "0"}).status_code == 409
    assert nurse.post(at("product", made), changed).status_code == 302
    assert Product.objects.filter(name="Slim 2").exists()


def test_a_recipe_shows_what_the_evidence_says(store, nurse):
    form = {"name": "Mix", "product-1": str(store.product.pk), "volume-1": "2"}
    assert nurse.post(reverse("recipe-new"), {**form, "volume-1": "-2"}).status_code == 422
    page = nurse.post(reverse("recipe-new"), form, follow=True)
    made = Recipe.objects.get()
    assert page.redirect_chain[0][0] == at("recipe", made)
    assert page.context["findings"]
    stopped = {**form, "version": "1", "reason": "not used"}
    nurse.post(at("recipe-correct", made), stopped)
    made.refresh_from_db()
    assert made.active is False


def test_recipes_of_other_clinics_are_not_there(store, nurse):
    other = Store("South", store.product, store.lot)
    theirs = Recipe(clinic=other.clinic, name="Secret")
    write(theirs, by=None)
    assert nurse.get(at("recipe", theirs)).status_code == 404
    assert nurse.get(at("recipe-correct", theirs)).status_code == 404
    assert "Secret" not in said(nurse.get(reverse("products")))


def test_what_people_type_is_never_run(store, nurse):
    draft = stock.LotDraft(product=store.product, number="<script>x", supplier="<img src=x>")
    lot = stock.take_in(draft, clinic=store.clinic, by=store.director, vials=1)
    for address in (at("lot", lot), reverse("stock"), reverse("stock") + "?q=<script>"):
        html = nurse.get(address).content.decode()
        assert "<script>x" not in html
        assert "<img src=x>" not in html
