"""The sections of a profile that quote records one by one: use, mixing, who must not, doses, claims, practice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import (
    Acidity,
    Aftercare,
    Claim,
    Contraindication,
    CrossReactivity,
    DoseLimit,
    Pair,
    Practice,
    Record,
    Regulatory,
)
from untoward.model.profile import Line, Section
from untoward.tasks.profile_text import capital, joined, line

COUNTRIES: Mapping[str, str] = {
    "AT": "Austria", "AU": "Australia", "BR": "Brazil", "BS": "Bahamas", "CA": "Canada", "CH": "Switzerland",
    "CO": "Colombia", "ES": "Spain", "EU": "European Union", "FI": "Finland", "FR": "France",
    "GB": "United Kingdom", "IE": "Ireland", "IN": "India", "IT": "Italy", "JP": "Japan", "KR": "South Korea",
    "ME": "Montenegro", "NO": "Norway", "NZ": "New Zealand", "PH": "Philippines", "PL": "Poland",
    "US": "United States",
}  # fmt: skip

_STATUS_TONE = {"approved": "good", "device": "good", "off-label": "caution", "warning": "caution"}
_STATE_ORDER = ("proven", "limited", "unproven", "contradicted")
_STATE_TONE = {"proven": "good", "limited": "caution", "unproven": "bad", "contradicted": "bad"}
_SEVERITY_ORDER = ("high", "moderate", "low", None)
_SEVERITY_TONE = {"high": "bad", "moderate": "caution"}
_PAIR_ORDER = ("incompatibility", "interaction", "compatibility")


def where_used(records: Iterable[Record]) -> Section:
    """May it be used: where, for what, since when."""
    found = sorted(
        (r for r in records if isinstance(r, Regulatory)),
        key=lambda r: (_country(r.country), r.valid_from or "", r.key),
    )
    return Section(
        key="use",
        title="May it be used, and where",
        columns=("Country", "Status", "For what", "Since"),
        lines=tuple(_use_line(record) for record in found),
        empty="No data: no licence, refusal or warning is on record. That is not a permission.",
        state=1,
    )


def _use_line(record: Regulatory) -> Line:
    until = f"until {record.valid_to}" if record.valid_to else None
    cells = (_country(record.country), record.status, record.use, joined(record.valid_from, until, by=", "))
    return line(cells, [record], detail=record.note or "", tone=_STATUS_TONE.get(record.status, "bad"))


def _country(code: str) -> str:
    return COUNTRIES.get(code, code)


def meets(base: EvidenceBase, compound: str, records: Iterable[Record]) -> Section:
    """What it must not meet, the worst first; at the end what it was mixed with and kept."""
    found = sorted((r for r in records if isinstance(r, Pair)), key=_worst_first)
    return Section(
        key="meets",
        title="What it must not meet, and what it was mixed with",
        columns=("With", "What is known", "How bad", "What happens"),
        lines=tuple(_pair_line(base, compound, record) for record in found),
        note="A mixture that is not listed was not tested, as far as we know: that is no permission to mix.",
        empty="No data: no mixture with it is on record. That is no permission to mix.",
        state=2,
    )


def _worst_first(record: Pair) -> tuple[bool, int, int, str]:
    severity = _SEVERITY_ORDER.index(record.severity) if record.severity in _SEVERITY_ORDER else 1
    return record.kind == "compatibility", severity, _PAIR_ORDER.index(record.kind), record.key


def _pair_line(base: EvidenceBase, compound: str, record: Pair) -> Line:
    compatible = record.kind == "compatibility"
    tested = joined(
        record.concentrations, f"in {record.vehicle}" if record.vehicle else None, record.population
    )
    return line(
        (
            _partners(base, compound, record),
            "kept together" if compatible else record.kind,
            "compatible" if compatible else record.severity or "not stated",
            joined(capital(record.outcome), f"Tested: {tested}" if tested else None, by=". ") + ".",
        ),
        [record],
        tone="good" if compatible else _SEVERITY_TONE.get(record.severity or "", ""),
    )


def _partners(base: EvidenceBase, compound: str, record: Pair) -> str:
    """Everything of the pair but the compound itself; of a class pair the other class."""
    others = [base.compounds[key].label for key in record.compounds if key != compound]
    classes = list(record.classes)
    if compound not in record.compounds and base.compounds[compound].drug_class in classes:
        classes.remove(base.compounds[compound].drug_class)
    return (
        capital(joined(*others, *(f"any {name}" for name in classes), record.with_, by=" + ")) or "Anything"
    )


def contraindicated(records: Iterable[Record]) -> Section:
    """Who must not get it, strict ones first."""
    found = sorted(
        (r for r in records if isinstance(r, Contraindication)),
        key=lambda r: (r.strength == "caution", r.key),
    )
    return Section(
        key="not-for",
        title="Who must not get it",
        columns=("Who", "How strictly", "Why"),
        lines=tuple(
            line((capital(r.condition), r.strength, r.statement), [r],
                 tone="bad" if r.strength == "contraindicated" else "caution")
            for r in found
        ),
        empty="No data: nobody is named on record. That does not mean everybody may have it.",
        state=1,
    )  # fmt: skip


def crossing_allergies(records: Iterable[Record]) -> Section:
    """Allergies that also mean this compound."""
    found = sorted(
        (r for r in records if isinstance(r, CrossReactivity)),
        key=lambda r: (_SEVERITY_ORDER.index(r.severity) if r.severity in _SEVERITY_ORDER else 1, r.key),
    )
    return Section(
        key="allergies",
        title="Allergies that cross",
        columns=("Allergy to", "How bad", "Why"),
        lines=tuple(
            line((capital(r.allergen), r.severity, r.statement), [r], tone=_SEVERITY_TONE.get(r.severity, ""))
            for r in found
        ),
        state=1,
    )


def doses(records: Iterable[Record]) -> Section:
    """Dose limits, the lowest of each unit first."""
    found = sorted(
        (r for r in records if isinstance(r, DoseLimit)), key=lambda r: (r.unit, r.per or "", r.limit, r.key)
    )
    return Section(
        key="dose",
        title="The most that may be given",
        columns=("At most", "Where", "As published"),
        lines=tuple(line((_dose(r), _country(r.jurisdiction), r.statement), [r]) for r in found),
        note="The lowest limit of each unit stands first. A limit for one compound does not hold for a mixture.",
        empty="No data: no limit is on record. That does not mean there is none.",
    )


def _dose(record: DoseLimit) -> str:
    parts = (
        f"{record.limit:,g} {record.unit}",
        f"per {record.per}" if record.per else None,
        f"with {record.with_}" if record.with_ else None,
    )
    return joined(*parts, by=" ")


def acidity(records: Iterable[Record]) -> Section:
    """The pH of what is injected."""
    found = [r for r in records if isinstance(r, Acidity)]
    return Section(
        key="ph",
        title="Acidity",
        columns=("pH", "As published"),
        lines=tuple(line((_range(r.low, r.high), r.statement), [r]) for r in found),
    )


def _range(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def claims(records: Iterable[Record]) -> Section:
    """What is claimed, and what is shown: the best shown first."""
    found = sorted(
        (r for r in records if isinstance(r, Claim)),
        key=lambda r: (_STATE_ORDER.index(r.state), r.claim, r.grade, r.key),
    )
    return Section(
        key="claims",
        title="What is claimed, and what is shown",
        columns=("Claim", "State", "Why"),
        lines=tuple(_claim_lines(found)),
        empty="No data: no claim was examined.",
        state=1,
    )


def _claim_lines(found: Iterable[Claim]) -> Iterator[Line]:
    before = None
    for record in found:
        same = (record.claim, record.state) == before
        before = (record.claim, record.state)
        why = joined(capital(record.because), record.statement, by=". ") + "."
        label = "also" if same else capital(record.claim)
        detail = "" if same or not record.for_ else f"for {record.for_}"
        yield line(
            (label, record.state, why), [record], detail=detail, under=same, tone=_STATE_TONE[record.state]
        )


def aftercare(base: EvidenceBase, records: Iterable[Record]) -> Section:
    """Measures before and after, with what is known of their effect."""
    found = sorted(
        (r for r in records if isinstance(r, Aftercare)),
        key=lambda r: (_STATE_ORDER.index(r.state), r.measure, r.key),
    )
    return Section(
        key="aftercare",
        title="Before and after",
        columns=("Measure", "State", "Why"),
        lines=tuple(
            line((capital(r.measure), r.state, joined(capital(r.because), r.statement, by=". ") + "."), [r],
                 detail=f"for {base.terms[r.term].label}" if r.term else "", tone=_STATE_TONE[r.state])
            for r in found
        ),
        empty="No data: no measure was examined for it.",
        state=1,
    )  # fmt: skip


def practice(records: Iterable[Record]) -> Section:
    """How it is or should be handled, as published."""
    found = [r for r in records if isinstance(r, Practice)]
    return Section(
        key="practice",
        title="In practice",
        columns=("About", "What is published"),
        lines=tuple(
            line((capital(r.topic), r.statement), [r], detail=_country(r.country) if r.country else "")
            for r in found
        ),
    )
