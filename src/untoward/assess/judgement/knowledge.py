"""What the judgements look up in the evidence base, worked out once per evidence base and kept.

A pair of a compound and a term is looked up again and again when a registry is judged; each answer is kept
under the version of the evidence base, which changes whenever anything in it does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import INJECTION_ITSELF
from untoward.evidence.records import CaseReport, Incidence, Outbreak, Pair, Threshold, Timing

PLACEBO = "placebo"
PER_PERSON = "person"
KEPT_BASES = 4


class Rate(NamedTuple):
    """How often: a share of people, and the records it was counted in."""

    share: float
    people: int
    evidence: tuple[str, ...]


class Knowledge:
    """Look-ups over one evidence base, each answer kept."""

    def __init__(self, evidence: EvidenceBase) -> None:
        self.evidence = evidence
        self.bound: Callable[[str, str], Threshold] = lru_cache(maxsize=None)(self._bound)
        self.reported: Callable[[str, str], tuple[str, ...]] = lru_cache(maxsize=None)(self._reported)
        self.listed: Callable[[str, str], tuple[str, ...]] = lru_cache(maxsize=None)(self._listed)
        self.listing: Callable[[str], int] = lru_cache(maxsize=None)(self._listing)
        self.rate: Callable[[str, str], Rate | None] = lru_cache(maxsize=None)(self._rate)
        self.interactions: Callable[[str, str], tuple[Pair, ...]] = lru_cache(maxsize=None)(
            self._interactions
        )

    def _bound(self, criterion: str, name: str) -> Threshold:
        return self.evidence.criterion(criterion).threshold(name)

    def _reported(self, compound: str, term: str) -> tuple[str, ...]:
        """Records that say that this reaction has followed this compound; counts of nobody say nothing.

        A placebo arm speaks for the injection itself, and for nothing else.
        """
        return tuple(
            record.key for record in self.evidence.about(compound)
            if isinstance(record, Incidence | Timing | CaseReport | Outbreak)
            and record.term == term and record.n > 0
            and (compound == INJECTION_ITSELF or getattr(record, "arm", None) != PLACEBO)
        )  # fmt: skip

    def _listed(self, compound: str, term: str) -> tuple[str, ...]:
        """Records from labels that list this reaction of this compound."""
        return tuple(
            record.key for record in self.evidence.about(compound)
            if self._from_label(record) and getattr(record, "term", None) == term
        )  # fmt: skip

    def _listing(self, compound: str) -> int:
        """How many reactions the labels list for a compound, as far as this evidence base holds them."""
        return len({getattr(r, "term", None) for r in self.evidence.about(compound) if self._from_label(r)})

    def _from_label(self, record: object) -> bool:
        return (
            isinstance(record, Incidence | Timing | CaseReport)
            and record.n > 0
            and getattr(record, "arm", None) != PLACEBO
            and self.evidence.source_of(record).type == "label"
        )

    def _rate(self, compound: str, term: str) -> Rate | None:
        """The share of people with this reaction, pooled by people; None when no count per person is held.

        Counts of a treated arm come first, then those without a control, then placebo arms (only the injection
        itself has them). Half a case and half a person more on each side keep it off 0 and 1. Reviews count
        the people of other records again and are used only where nothing else is held.
        """
        records = [r for r in self.evidence.incidences(compound, term) if r.per == PER_PERSON]
        own = [r for r in records if self.evidence.source_of(r).type != "review"]
        for chosen in _by_arm(own or records):
            n, of = sum(record.n for record in chosen), sum(record.of for record in chosen)
            return Rate((n + 0.5) / (of + 1), of, tuple(record.key for record in chosen))
        return None

    def _interactions(self, one: str, other: str) -> tuple[Pair, ...]:
        return tuple(
            record for record in self.evidence.of_class(Pair)
            if record.kind == "interaction" and {one, other} <= set(record.compounds)
        )  # fmt: skip


def _by_arm(records: list[Incidence]) -> list[list[Incidence]]:
    groups = (
        [[r for r in records if r.arm == arm] for arm in ("active", "uncontrolled")]
        + [[r for r in records if r.arm is None]]
        + [[r for r in records if r.arm == PLACEBO]]
    )
    return [group for group in groups if group]


_known: dict[str, Knowledge] = {}


def knowledge_of(evidence: EvidenceBase) -> Knowledge:
    """The look-ups of this evidence base; those of the last few bases are kept."""
    known = _known.get(evidence.version)
    if known is None:
        while len(_known) >= KEPT_BASES:
            _known.pop(next(iter(_known)))
        known = _known[evidence.version] = Knowledge(evidence)
    return known
