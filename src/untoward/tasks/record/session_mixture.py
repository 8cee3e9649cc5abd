"""The mixture of a session against the evidence: what is in one syringe together, and what the person gets in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from untoward.model.answer import Answer
from untoward.model.mixture import (
    GivenIngredient,
    GivenMixture,
    MixtureCheck,
    MixtureFinding,
    MixtureKind,
    Person,
    Verdict,
)
from untoward.model.quantity import Quantity
from untoward.registry.models import Patient
from untoward.tasks.mixing import check_mixture
from untoward.tasks.record.drafts import ComponentDraft, SessionDraft
from untoward.tasks.record.patients import PatientDraft
from untoward.tasks.record.session_checks import BLOCK, INFO, WARNING, Check, Kind, day_of

_KIND_OF: dict[Verdict | None, Kind] = {
    Verdict.BLOCK: BLOCK,
    Verdict.AVOID: BLOCK,
    Verdict.CAUTION: WARNING,
    Verdict.NO_DATA: WARNING,
}
"""Block and avoid are the verdicts on which a person must decide; here that decision is a reason."""


def mixture_checks(draft: SessionDraft) -> Iterator[Check]:
    """Incompatibilities syringe by syringe; doses, allergies, contraindications and the law over the whole session."""
    if not draft.components:
        return
    person, country = _person(draft), draft.clinic.country or None
    whole = _checked(_mixture(draft.components, person, country))
    for finding in whole.findings:
        if finding.kind is not MixtureKind.INCOMPATIBILITY:
            yield _said(finding)
    for mix in sorted({one.mix for one in draft.components}):
        parts = [one for one in draft.components if one.mix == mix]
        alone = _checked(_mixture(parts, person, country))
        for finding in alone.findings:
            if finding.kind is MixtureKind.INCOMPATIBILITY:
                yield _said(finding, mix)
        yield from _untested(alone, mix)
    yield from _not_understood(whole)


@lru_cache(maxsize=512)
def _checked(mixture: GivenMixture) -> MixtureCheck:
    return check_mixture(mixture).check


def _person(draft: SessionDraft) -> Person:
    """What the check needs to know of the patient; what nobody asked stays unknown and has a finding of its own."""
    patient: Patient | PatientDraft = draft.patient
    age = None if patient.birth_year is None else float(int(day_of(draft)[:4]) - patient.birth_year)
    return Person(
        allergies=tuple(patient.allergies or ()),
        history=tuple(patient.history or ()),
        medicines=tuple(patient.medicines or ()),
        age_years=age if age is not None and age >= 0 else None,
        weight=None if patient.weight_kg is None else Quantity(patient.weight_kg, "kg"),
        pregnant=Answer.of(patient.pregnant),
    )


def _mixture(components: Sequence[ComponentDraft], person: Person, country: str | None) -> GivenMixture:
    ingredients = tuple(part for one in components for part in _ingredients(one))
    return GivenMixture(ingredients=ingredients, person=person, country=country)


def _ingredients(component: ComponentDraft) -> Iterator[GivenIngredient]:
    """The compounds of a product with their strengths; the product's own name when its compounds are not on record."""
    volume = None if component.volume_ml is None else Quantity(component.volume_ml, "ml")
    compounds = component.product.compounds
    amount = _amount(component) if len(compounds) <= 1 else None
    for part in compounds:
        yield GivenIngredient(
            name=part["compound"], percent=part.get("percent"), amount=amount, volume=volume
        )
    if not compounds:
        yield GivenIngredient(name=component.product.name, amount=amount, volume=volume)


def _amount(component: ComponentDraft) -> Quantity | None:
    if component.amount is None:
        return None
    try:
        return Quantity.of(component.amount, component.unit)
    except ValueError:
        return None


def _said(finding: MixtureFinding, mix: str = "") -> Check:
    return Check(
        code=finding.kind.value.replace("_", "-"),
        kind=_KIND_OF.get(finding.verdict, INFO),
        statement=f"{_('Mix')} {mix}: {finding.statement}" if mix else finding.statement,
        subject="+".join((*finding.subjects, *([mix] if mix else []))),
        sources=finding.evidence,
        facts={"severity": finding.severity},
        basis=finding.statement,
    )


def _untested(checked: MixtureCheck, mix: str) -> Iterator[Check]:
    if checked.no_data:
        pairs = "; ".join(" + ".join(name.replace("-", " ") for name in pair) for pair in checked.no_data)
        statement = _("Mix %(mix)s: nobody is known to have tested %(pairs)s together.") % {
            "mix": mix,
            "pairs": pairs,
        }
        yield Check(code="untested", kind=WARNING, subject=mix, statement=statement)


def _not_understood(checked: MixtureCheck) -> Iterator[Check]:
    for name in checked.unrecognised:
        statement = _("“%(name)s” is in no list of ours: nothing about it was checked.") % {"name": name}
        yield Check(code="not-recognised", kind=WARNING, subject=name[:60], statement=statement)
    if checked.facts_missing:
        facts = ", ".join(checked.facts_missing)
        statement = _("Not told, and could change the answer: %(facts)s.") % {"facts": facts}
        yield Check(code="facts-missing", kind=INFO, statement=statement)
