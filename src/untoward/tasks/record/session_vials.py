"""Every vial and lot of a session: in date, not recalled, not open for too long, and what it is taken for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from untoward.registry.models import Component, Lot, Vial
from untoward.tasks.record.drafts import ComponentDraft, SessionDraft
from untoward.tasks.record.session_checks import (
    BLOCK,
    CLOCKS_DIFFER,
    INFO,
    WARNING,
    Check,
    day_of,
    name_of,
)


def vial_checks(draft: SessionDraft) -> Iterator[Check]:
    """What speaks against any component, vial by vial."""
    for one in draft.components:
        lot = _lot_of(one)
        if lot is None:
            yield _untraceable(one)
        else:
            yield from _of_lot(draft, one, lot)
        if one.vial is not None:
            yield from _of_vial(draft, one, one.vial)
    yield from _used_already(draft)


def _lot_of(component: ComponentDraft) -> Lot | None:
    """The lot as it stands in the database now, whatever the draft was made from."""
    lot = component.vial.lot if component.vial is not None else component.lot
    return None if lot is None else Lot.objects.select_related("product").get(pk=lot.pk)


def _untraceable(component: ComponentDraft) -> Check:
    name = component.product.name
    statement = _("No lot is recorded for %(name)s: nobody will find this patient if it is recalled.") % {
        "name": name
    }
    return Check(code="lot-unknown", kind=WARNING, subject=name, statement=statement)


def _of_lot(draft: SessionDraft, component: ComponentDraft, lot: Lot) -> Iterator[Check]:
    name = f"{lot.product.name} {lot.number}"
    words, day = {"name": name, "product": component.product.name}, day_of(draft)
    if lot.product_id != component.product.pk:
        statement = _("%(name)s is recorded as %(product)s, but the lot is of another product.") % words
        yield Check(code="other-product", kind=BLOCK, subject=name_of(component), statement=statement)
    if lot.recalled_at is not None:
        yield _recalled(draft, "lot-recalled", name, lot.recalled_at, lot.recall_reason)
    if lot.expires is None:
        statement = _("When %(name)s expires is not on record.") % words
        yield Check(code="expiry-unknown", kind=INFO, subject=name, statement=statement)
    elif lot.expires.isoformat() < day:
        expired = lot.expires.isoformat()
        statement = _("%(name)s expired on %(day)s.") % {**words, "day": expired}
        yield Check(code="expired", kind=BLOCK, subject=name, statement=statement, facts={"expires": expired})


def _recalled(draft: SessionDraft, code: str, name: str, at: datetime, reason: str) -> Check:
    """A block, but for a correction of what was given before anybody recalled it: that is said, and stops nobody."""
    before = draft.session is not None and draft.at < at
    words = {"name": name, "day": f"{at:%Y-%m-%d}", "reason": reason or _("no reason recorded")}
    statement = _("%(name)s was recalled on %(day)s: %(reason)s.") % words
    kind = WARNING if before else BLOCK
    return Check(code=code, kind=kind, subject=name, statement=statement, facts={"recalled": words["day"]})


def _of_vial(draft: SessionDraft, component: ComponentDraft, kept: Vial) -> Iterator[Check]:
    vial = Vial.objects.get(pk=kept.pk)
    words = {"vial": vial.label}
    if vial.recalled_at is not None:
        yield _recalled(draft, "vial-recalled", vial.label, vial.recalled_at, vial.recall_reason)
    if vial.discarded_at is not None and vial.discarded_at <= draft.at:
        statement = _("Vial %(vial)s had been discarded by then.") % words
        yield Check(code="discarded", kind=BLOCK, subject=vial.label, statement=statement)
    if vial.opened_at is None:
        statement = _("Nobody recorded when vial %(vial)s was opened: its age in use is unknown.") % words
        yield Check(code="opened-unknown", kind=WARNING, subject=vial.label, statement=statement)
    elif vial.opened_at > draft.at + CLOCKS_DIFFER:
        statement = _("Vial %(vial)s is recorded as opened only after this session.") % words
        yield Check(code="opened-later", kind=WARNING, subject=vial.label, statement=statement)
    else:
        yield from _age(draft, component, vial, vial.opened_at)


def _age(draft: SessionDraft, component: ComponentDraft, vial: Vial, opened: datetime) -> Iterator[Check]:
    hours, limit = (draft.at - opened).total_seconds() / 3600, component.product.in_use_hours
    words = {"vial": vial.label, "hours": f"{hours:.0f}", "limit": "" if limit is None else f"{limit:g}"}
    if limit is None:
        statement = _(
            "Vial %(vial)s has been open for %(hours)s h; how long it may be used is not on record."
        )
        yield Check(code="in-use-unknown", kind=INFO, subject=vial.label, statement=statement % words)
    elif hours > limit:
        statement = _("Vial %(vial)s has been open for %(hours)s h; it may be used for %(limit)s h.")
        facts = {"open for": f"{hours:.0f} h", "in use at most": f"{limit:g} h"}
        yield Check(code="over-age", kind=BLOCK, subject=vial.label, statement=statement % words, facts=facts)


def _used_already(draft: SessionDraft) -> Iterator[Check]:
    """Vials for one session that stand in another one."""
    single = [one.vial for one in draft.components if one.vial is not None and one.product.single_use]
    others = Component.objects.filter(vial__in=single)
    if draft.session is not None:
        others = others.exclude(session=draft.session)
    for label in sorted(set(others.values_list("vial__label", flat=True))):
        statement = _("Vial %(vial)s is for one session only and stands in another one.") % {"vial": label}
        yield Check(code="used-already", kind=BLOCK, subject=label, statement=statement)
