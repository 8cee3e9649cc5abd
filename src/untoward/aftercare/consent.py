"""What a person should know before agreeing: what is claimed and shown, what can happen how often, and whether it is allowed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from untoward.aftercare.advice import least_sure
from untoward.aftercare.days import Days
from untoward.aftercare.rates import Rate, best_rate, counted, frequency
from untoward.aftercare.sheet import ClaimRow, Consent, HarmRow, Statement
from untoward.aftercare.subjects import Subjects, compound_name, in_english, records_about, term_name
from untoward.aftercare.texts import Texts
from untoward.aftercare.topics import ClaimText, topics
from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import INJECTION_ITSELF
from untoward.evidence.records import CaseReport, Claim, Incidence, Regulatory
from untoward.model.time import PartialDate


def consent(base: EvidenceBase, subjects: Subjects, days: Days, country: str | None) -> Consent:
    """Claims, harms and status of the compounds of a session."""
    texts = days.texts
    harms = tuple(_harms(base, subjects, texts))
    return Consent(
        claims=tuple(_claims(base, subjects, texts)),
        claim_notes=tuple(_claim_notes(base, subjects, texts)),
        harms=harms,
        harm_notes=tuple(_harm_notes(base, subjects, harms, texts)),
        status=tuple(_status(base, subjects, days, country)),
    )


def _claims(base: EvidenceBase, subjects: Subjects, texts: Texts) -> Iterator[ClaimRow]:
    """One line per claim and compound, with the most careful state of its records."""
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in base.of_class(Claim):
        if claim.compound in _claimed_for(subjects, claim):
            known = topics().claims.get(claim.claim)
            groups[(claim.compound, known.text if known else claim.claim)].append(claim)
    for (compound, _text), claims in groups.items():
        yield _claim_row(compound_name(base, compound, texts), claims, subjects, texts)


def _claimed_for(subjects: Subjects, claim: Claim) -> tuple[str, ...]:
    """What a part does alone is no claim for the mixture; where the fat goes concerns whatever holds it."""
    return subjects.wider if claim.for_ == topics()["fat_route"] else subjects.own


def _claim_row(compound: str, claims: list[Claim], subjects: Subjects, texts: Texts) -> ClaimRow:
    known = topics().claims.get(claims[0].claim)
    state = least_sure(claim.state for claim in claims)
    said = texts(f"claim.{known.text}") if known else in_english(claims[0].claim, texts)
    why = known.why if known and known.why else f"by_{state}"
    return ClaimRow(
        claim=said,
        compound=compound,
        why=texts(f"reason.{why}"),
        other_place=known is not None and _tested_elsewhere(known, subjects),
        statement=Statement(
            key=f"claim.{known.text}" if known else "claim",
            text=texts("page.pair", name=said, text=texts(f"claim_state.{state}")),
            evidence=tuple(claim.key for claim in claims),
            state=state,
            state_words=texts(f"claim_state.{state}"),
        ),
    )


def _tested_elsewhere(claim: ClaimText, subjects: Subjects) -> bool:
    return subjects.places is not None and bool(claim.places) and not subjects.places & set(claim.places)


def _claim_notes(base: EvidenceBase, subjects: Subjects, texts: Texts) -> Iterator[Statement]:
    claimed = {claim.compound for claim in base.of_class(Claim)}
    names = [compound_name(base, key, texts) for key in subjects.own if key not in claimed]
    names += subjects.unknown
    if names:
        text = texts("consent.no_claims", compounds=", ".join(names))
        yield Statement(key="consent.no_claims", text=text)


def _harms(base: EvidenceBase, subjects: Subjects, texts: Texts) -> Iterator[HarmRow]:
    """One line per reaction, after the compound in which it was counted most often; the commonest first."""
    happened = _reported_terms(base, subjects)
    best: dict[str, Rate] = {}
    for compound in subjects.wider:
        for term in dict.fromkeys(r.term for r in base.about(compound) if isinstance(r, Incidence)):
            rate = best_rate(base, (compound,), term)
            known_to_happen = rate is not None and rate.record.n == 0 and term in happened
            if rate is not None and not known_to_happen and rate.share >= best.get(term, rate).share:
                best[term] = rate
    for term, rate in sorted(best.items(), key=lambda item: -item[1].share):
        yield _harm_row(base, term, rate, texts)


def _harm_row(base: EvidenceBase, term: str, rate: Rate, texts: Texts) -> HarmRow:
    placebo = best_rate(base, (INJECTION_ITSELF,), term)
    beside = placebo if placebo and placebo.record.arm == "placebo" and rate.record.arm == "active" else None
    name, often = term_name(base, term, texts), frequency(rate, texts)
    return HarmRow(
        term=term,
        name=name,
        how_often=often,
        counted=counted(rate, texts),
        after=compound_name(base, rate.record.compound, texts),
        placebo=frequency(beside, texts) if beside else None,
        statement=Statement(
            key="consent.harms",
            text=texts("page.pair", name=name, text=often),
            evidence=(rate.record.key, *((beside.record.key,) if beside else ())),
            numbers={"n": rate.record.n, "of": rate.record.of},
        ),
    )


def _reported_terms(base: EvidenceBase, subjects: Subjects) -> dict[str, tuple[str, ...]]:
    """Terms that happened in single cases, in outbreaks or among people sent for them, with the records."""
    found: dict[str, list[str]] = defaultdict(list)
    for record in records_about(base, subjects.wider):
        referred = (
            isinstance(record, Incidence) and "referred" in (record.population or "").casefold() and record.n
        )
        if isinstance(record, CaseReport) or referred:
            found[str(getattr(record, "term", ""))].append(record.key)
    found["mycobacterial-infection"] += topics()["infections"]
    return {term: tuple(keys) for term, keys in found.items()}


def _harm_notes(
    base: EvidenceBase, subjects: Subjects, harms: tuple[HarmRow, ...], texts: Texts
) -> Iterator[Statement]:
    counted_terms = {row.term for row in harms}
    reported = {t: keys for t, keys in _reported_terms(base, subjects).items() if t not in counted_terms}
    infections = reported.pop("mycobacterial-infection", ())
    if reported:
        names = ", ".join(term_name(base, term, texts).lower() for term in reported)
        keys = tuple(key for keys in reported.values() for key in keys)
        yield Statement(key="consent.reported", text=texts("consent.reported", terms=names), evidence=keys)
    yield Statement(
        key="consent.infections",
        text=texts("consent.infections"),
        evidence=infections or tuple(topics()["infections"]),
    )
    bare = [compound_name(base, key, texts) for key in subjects.own if not _was_counted(base, key)]
    if names_of_none := [*bare, *subjects.unknown]:
        text = texts("consent.not_counted", compounds=", ".join(names_of_none))
        yield Statement(key="consent.not_counted", text=text)


def _was_counted(base: EvidenceBase, compound: str) -> bool:
    parts = (compound, *base.compounds[compound].parts)
    terms = {(key, r.term) for key in parts for r in base.about(key) if isinstance(r, Incidence)}
    return any(best_rate(base, (key,), term) for key, term in terms)


def _status(base: EvidenceBase, subjects: Subjects, days: Days, country: str | None) -> Iterator[Statement]:
    texts = days.texts
    if country is None:
        yield Statement(key="consent.no_country", text=texts("consent.no_country"))
        return
    places = {country, "EU"} if country in topics()["european_union"] else {country}
    for key in subjects.own:
        name = compound_name(base, key, texts)
        records = [r for r in base.of_class(Regulatory) if r.compound == key and r.country in places]
        groups = _by_meaning([r for r in records if _valid(r, days.day_zero)], texts)
        if not groups:
            yield Statement(key="consent.no_status", text=texts("consent.no_status", compound=name))
        for (status, use, where), keys in groups.items():
            text = texts("page.pair", name=f"{name}, {where}", text=texts(f"status.{status}", use=use))
            yield Statement(key=f"status.{status}", text=text, evidence=tuple(keys))


def _by_meaning(records: list[Regulatory], texts: Texts) -> dict[tuple[str, str, str], list[str]]:
    """Records that read alike are said once."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for record in records:
        use = topics()["uses"].get(record.use)
        used = texts(f"use.{use}") if use else in_english(record.use, texts)
        has_name = texts.has(f"country.{record.country}")
        where = texts(f"country.{record.country}") if has_name else record.country
        groups[(record.status, used, where)].append(record.key)
    return groups


def _valid(record: Regulatory, day: date | None) -> bool:
    """Whether a record may have held on a day; without a day only those that have not ended."""
    if day is None:
        return record.valid_to is None
    that_day = PartialDate(day.year, day.month, day.day)
    begun = (
        record.valid_from is None
        or PartialDate.parse(str(record.valid_from)).earliest() <= that_day.earliest()
    )
    ended = (
        record.valid_to is not None
        and PartialDate.parse(str(record.valid_to)).latest() <= that_day.earliest()
    )
    return begun and not ended
