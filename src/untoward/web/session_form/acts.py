"""What the buttons of the form do, each on the server, so that the form works without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.exchange.packs import looks_like_code
from untoward.registry.models import Clinic, Patient, Product, Recipe, Session, User
from untoward.registry.roles import Action, may
from untoward.tasks.record.drafts import ASEPSIS, ComponentDraft, PointDraft
from untoward.tasks.record.patients import search
from untoward.tasks.record.session_sources import Source, find_source, ingredients_of, source_of, take_in
from untoward.tasks.record.sessions import draft_of, last_session, usable_again
from untoward.web.body.shorthand import read_points
from untoward.web.session_form.draft import chosen_patient, one_of, read_number
from untoward.web.session_form.typed import (
    ComponentRow,
    PointRow,
    Typed,
    component_row,
    number_text,
    point_row,
)

_BETWEEN_CODES = re.compile(r"[\n;]+|,\s+")
_CODE = re.compile(
    r"(?P<code>.+?)(?:\s+(?P<ml>\d{0,3}[.,]?\d{1,3})\s*(?:ml)?)?(?:\s*@\s*(?P<mix>[A-Za-z]))?", re.IGNORECASE
)


class Acts:
    """One round of the form: first the quick lines are read, then the button that was pressed does its work."""

    def __init__(
        self,
        form: Typed,
        *,
        clinic: Clinic,
        user: User,
        role: str,
        given: dict[str, str],
        session: Session | None,
    ) -> None:
        self.form, self.clinic, self.user, self.role, self.given = form, clinic, user, role, given
        self.session = session
        self.faults: list[Fault] = []
        self.candidates: list[Patient] = []
        self.done: list[str] = []

    def run(self, do: str) -> None:
        """Do what the button says; an unknown one does nothing."""
        self._find_patient(do)
        self._read_scans()
        self._read_places()
        name, _dash, number = do.rpartition("-")
        numbered = {"remove-component": self._remove_component, "remove-point": self._remove_point,
                    "take-in": self._take_in}  # fmt: skip
        plain: dict[str, Callable[[], None]] = {
            "same": self._same, "repeat": self._repeat, "add-point": self._add_point, "add-recipe": self._add_recipe,
            "add-product": self._add_product, "asepsis-all": self._all_done, "clear-points": self.form.points.clear,
            "new-patient": self._new_patient, "other-patient": self._other_patient,
        }  # fmt: skip
        if name in numbered and number.isdecimal():
            numbered[name](int(number))
        elif do in plain:
            plain[do]()

    def _find_patient(self, do: str) -> None:
        form = self.form
        if self.session is not None:
            form.patient, form.find = str(self.session.patient.uid), ""
            return
        if do.startswith("patient:"):
            form.patient, form.find, form.new = do.removeprefix("patient:"), "", ""
        elif form.find.strip() and not form.new:
            found = search(self.clinic, form.find, names=True)
            exact = [one for one in found if one.key.casefold() == form.find.strip().casefold()]
            if len(exact or found) == 1 and (
                exact or found[0].name.casefold() == form.find.strip().casefold()
            ):
                form.patient, form.find = str(found[0].uid), ""
            else:
                self.candidates = found[:10]
                if not found:
                    got, expected = (
                        f"“{form.find[:40]}”",
                        _("a key or a part of a name; or press “New patient”"),
                    )
                    self.faults.append(
                        Fault(what=_("is nobody known here"), field="find", got=got, expected=expected)
                    )

    def _new_patient(self) -> None:
        self.form.new, self.form.patient, self.candidates = "1", "", []
        self.faults = [one for one in self.faults if one.field != "find"]
        if not self.form.person.get("name") and not any(sign.isdigit() for sign in self.form.find):
            self.form.person["name"] = self.form.find.strip()
        self.form.find = ""

    def _other_patient(self) -> None:
        self.form.new = self.form.patient = self.form.consent = ""

    def _read_scans(self) -> None:
        """Every code of the field; those that cannot be used stay in it, with what is wrong."""
        left = []
        for item in (part.strip() for part in _BETWEEN_CODES.split(self.form.scan)):
            if item:
                fault = self._read_scan(item)
                if fault:
                    left.append(item)
        self.form.scan = ", ".join(left)

    def _read_scan(self, item: str) -> bool:
        """Whether it could not be used. A label that ends in a number is tried whole before its end is read as ml."""
        tries = _ways_to_read(item)
        refused: InputError | None = None
        for code, ml, mix in tries:
            try:
                self._add(find_source(self.clinic, code), ml or "", (mix or self.form.now_mix).upper(), code)
            except InputError as error:
                refused = error
            else:
                return False
        self.faults += refused.faults if refused else []
        return True

    def _read_places(self) -> None:
        form = self.form
        if not form.places.strip():
            return
        ml = read_number(form.now_ml, "", "now_ml", self.faults)
        usual = PointDraft(view="", mix=form.now_mix, volume_ml=ml, depth=form.now_depth)
        points, faults = read_points(form.places, usual)
        if faults:  # nothing of the line is taken until all of it can be read, so that nothing is added twice
            self.faults += faults
            return
        form.points += [point_row(point) for point in points]
        form.places = ""

    def _add(self, source: Source, ml: str, mix: str, code: str = "") -> None:
        """Into a line of the same product that has no source yet, else into a new one."""
        chosen = _source_text(source)
        for row in self.form.components:
            same = row.product == str(source.product.uid) and row.mix == mix
            if same and (row.source in ("", chosen)):
                row.source, row.ml = chosen or row.source, ml or row.ml
                row.code = code if source.unknown_lot else ""
                return
        row = ComponentRow(product=str(source.product.uid), source=chosen, mix=mix, ml=ml)
        row.code = code if source.unknown_lot else ""
        self.form.components.append(row)

    def _add_recipe(self) -> None:
        recipe = one_of(Recipe.objects.filter(clinic=self.clinic, active=True), self.given.get("recipe", ""))
        if recipe is None:
            self.faults.append(
                Fault(what=_("is missing"), field="recipe", expected=_("a recipe of this clinic"))
            )
            return
        for source, ml in ingredients_of(recipe):
            self._add(source, number_text(ml), self.form.now_mix)

    def _add_product(self) -> None:
        product = one_of(Product.objects.all(), self.given.get("product", ""))
        if product is None:
            self.faults.append(
                Fault(what=_("is missing"), field="product", expected=_("a product on record"))
            )
            return
        self._add(source_of(self.clinic, product), "", self.form.now_mix)

    def _take_in(self, number: int) -> None:
        if not may(self.role, Action.KEEP_STOCK):
            self.faults.append(Fault(what=_("may not be taken in by your role"), field="scan"))
        elif number < len(self.form.components):
            row = self.form.components[number]
            row.source, row.code = _source_text(take_in(self.clinic, row.code, self.user)), ""

    def _remove_component(self, number: int) -> None:
        del self.form.components[number : number + 1]

    def _remove_point(self, number: int) -> None:
        del self.form.points[number : number + 1]

    def _add_point(self) -> None:
        """The list twin of a click on the map."""
        view, _slash, zone = self.given.get("spot", "").partition("/")
        across, down = self.given.get("across", "").strip(), self.given.get("down", "").strip()
        if not view:
            self.faults.append(
                Fault(what=_("is missing"), field="spot", expected=_("a zone, or a view with a free point"))
            )
            return
        row = PointRow(
            view=view, zone=zone, mix=self.form.now_mix, ml=self.form.now_ml, depth=self.form.now_depth
        )
        if across or down or not zone:
            x = read_number(across or "-", "", "across", self.faults)
            y = read_number(down or "-", "", "down", self.faults)
            if x is None or y is None:
                return
            row.x, row.y = number_text(x / 100), number_text(y / 100)
        self.form.points.append(row)

    def _all_done(self) -> None:
        self.form.asepsis = dict.fromkeys(ASEPSIS, "yes")

    def _last(self) -> Session | None:
        patient = chosen_patient(self.form, self.clinic)
        last = last_session(patient, besides=self.session) if patient else None
        if last is None:
            expected = _("a patient who has been here before")
            self.faults.append(Fault(what=_("has no earlier session"), field="find", expected=expected))
        return last

    def _repeat(self) -> None:
        last = self._last()
        if last is not None:
            self.form.points += [point_row(point) for point in draft_of(last).points]
            self.done.append("repeat")

    def _same(self) -> None:
        """Everything of the last session that may be the same: technique, products, places; never asepsis and consent."""
        last = self._last()
        if last is None:
            return
        draft, form = draft_of(last), self.form
        form.technique, form.route, form.device = draft.technique, draft.route, draft.device
        form.room = form.room or draft.room
        form.practitioner = form.practitioner or str(draft.practitioner.uid)
        again: tuple[ComponentDraft, ...] = usable_again(last)
        form.components = [component_row(one) for one in again]
        form.points = [point_row(point) for point in draft.points]
        self.done.append("same")


def _ways_to_read(item: str) -> list[tuple[str, str | None, str | None]]:
    """Code, ml and mix of an item: a label may itself end in a number, a GS1 code followed by one never does."""
    whole: tuple[str, str | None, str | None] = (item, None, None)
    match = _CODE.fullmatch(item)
    if match is None or match["code"] == item or match["code"].endswith(")"):
        return [whole]
    parted = match["code"], match["ml"], match["mix"]
    return [parted, whole] if looks_like_code(item) else [whole, parted]


def _source_text(source: Source) -> str:
    if source.vial is not None:
        return f"vial:{source.vial.uid}"
    return f"lot:{source.lot.uid}" if source.lot is not None else ""
