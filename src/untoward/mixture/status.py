"""The law: whether a compound may be used, where that is known, in the country asked about or anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Regulatory
from untoward.model.mixture import MixtureFinding, MixtureKind, Verdict

EU_COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
FORBIDDEN = frozenset({"banned", "suspended"})
UNCERTAIN = frozenset({"unapproved", "off-label", "warning"})


def status_findings(
    base: EvidenceBase, compounds: Iterable[str], country: str | None
) -> Iterator[MixtureFinding]:
    """What the law says of each compound:

    forbidden blocks, suspended for safety anywhere is to be avoided, the rest is told.
    """
    for key in sorted(set(compounds)):
        records = [
            record for record in base.about(key) if isinstance(record, Regulatory) and record.valid_to is None
        ]
        here = [record for record in records if country is None or _covers(record.country, country)]
        for record in here:
            verdict = _verdict(record, country)
            if verdict is not None or record.status in UNCERTAIN:
                yield _finding(base, key, record, verdict)


def _covers(record_country: str, country: str) -> bool:
    return record_country == country or (record_country == "EU" and country in EU_COUNTRIES)


def _verdict(record: Regulatory, country: str | None) -> Verdict | None:
    if record.status not in FORBIDDEN:
        return None
    if country is not None:
        return Verdict.BLOCK
    return Verdict.AVOID if record.status == "suspended" else Verdict.CAUTION


def _finding(base: EvidenceBase, key: str, record: Regulatory, verdict: Verdict | None) -> MixtureFinding:
    since = f" since {record.valid_from}" if record.valid_from else ""
    return MixtureFinding(
        kind=MixtureKind.REGULATORY,
        subjects=(key,),
        severity="high" if verdict is not None else "low",
        verdict=verdict,
        statement=f"{base.compounds[key].label}: {record.status} in {record.country} for {record.use}{since}.",
        evidence=(record.key,),
    )
