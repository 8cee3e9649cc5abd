"""How often a reaction follows a compound, as a natural frequency ("13 in 100 people") with the count behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from untoward.aftercare.texts import Texts
from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Incidence

_DENOMINATORS = ((100, "hundred"), (1000, "thousand"), (10_000, "ten_thousand"))


class Rate(NamedTuple):
    """A share and the record it stands in."""

    share: float
    record: Incidence


def best_rate(base: EvidenceBase, compounds: Iterable[str], term: str) -> Rate | None:
    """The best count of a term after the first of these compounds that has one; None when nobody counted.

    Best: people before sessions or lesions, then the better grade, then one in which it happened at all, then more people.
    """
    for compound in compounds:
        usable = [record for record in base.incidences(compound, term) if _counts_the_injected(record)]
        if usable:
            best = min(usable, key=lambda r: (r.per != "person", r.n == 0, r.grade, -r.of))
            return Rate(best.n / best.of, best)
    return None


def _counts_the_injected(record: Incidence) -> bool:
    """Whether the people counted were injected people, and not people sent to a clinic because something was suspected."""
    return record.of > 0 and "referred" not in (record.population or "").casefold()


def frequency(rate: Rate, texts: Texts) -> str:
    """As in "13 in 100 people". None or all of those counted are given as counted, without a claim for others."""
    share, record = rate
    unit = texts(f"often.units.{record.per}")
    if record.n in (0, record.of):
        return counted(rate, texts)
    for denominator, name in _DENOMINATORS:
        n = round(share * denominator)
        if n >= 1:
            return texts(f"often.{name}", n=min(n, denominator - 1), unit=unit)
    return counted(rate, texts)


def counted(rate: Rate, texts: Texts) -> str:
    """As in "68 of 513 people"."""
    record = rate.record
    unit = texts(f"often.units.{record.per}")
    return texts("often.counted", n=grouped(record.n, texts), of=grouped(record.of, texts), unit=unit)


def grouped(number: int, texts: Texts) -> str:
    """A whole number with its thousands set apart as the language does."""
    mark = {"en": ",", "es": "\N{NO-BREAK SPACE}", "pt": ".", "fr": "\N{NO-BREAK SPACE}"}[texts.language]
    # Spanish leaves numbers of four digits whole.
    return str(number) if texts.language == "es" and number < 10_000 else f"{number:,}".replace(",", mark)
