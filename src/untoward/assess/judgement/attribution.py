"""Which of the things that were injected could explain what is there now, and how much of it.

For each reaction and each candidate (every compound, and the injection itself: needle and inert vehicle)

    could explain = rate x share of such reactions still there on this day

with the published rate per person and the published course. A rate after a compound contains what the needle
does by itself, so the needle's rate is taken off. Each reaction's amounts are scaled to sum to 1, and the
reactions count alike: a frequent reaction says no more than a rare one.

A candidate without a published rate is neither innocent nor guilty. It gets the middle of what the compounds
with a rate add to the needle; its range goes from nothing to the largest rate among them. Without a published
course a candidate gets the middle of the known shares, in a range from nothing to all. Where no compound that
was injected has a rate for anything that is there, there is no answer: an empty tuple.

These weights compare published figures of single compounds. They say nothing of a mixture's own effects, of
allergy in this one person, of technique, or of contamination.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from untoward.assess.judgement.knowledge import Knowledge, Rate, knowledge_of
from untoward.assess.judgement.view import OUTCOMES, View
from untoward.assess.situation import CourseLookup
from untoward.evidence.courses import INJECTION_ITSELF
from untoward.model.judgement import Share


class Span(NamedTuple):
    """An amount with the least and the most it may be."""

    low: float
    middle: float
    high: float


class Cause(NamedTuple):
    """What one candidate could explain of one reaction, why, and the records behind it."""

    amount: Span
    basis: str
    evidence: tuple[str, ...]


def attribution(view: View) -> tuple[Share, ...]:
    """One share per candidate, the largest first; empty when nothing that is there has data for a compound."""
    situation = view.situation
    reactions = tuple(term for term in situation.reactions if term not in OUTCOMES)
    known = knowledge_of(situation.evidence)
    return _attributed(known, situation.course_of, reactions, _candidates(view), situation.day)


@lru_cache(maxsize=4096)
def _attributed(
    known: Knowledge,
    course_of: CourseLookup,
    reactions: tuple[str, ...],
    candidates: tuple[str, ...],
    day: float | None,
) -> tuple[Share, ...]:
    compounds = [key for key in candidates if key != INJECTION_ITSELF]
    counted = [term for term in reactions if any(known.rate(key, term) for key in compounds)]
    if not counted:
        return ()
    by_reaction = [
        _causes(known, term, candidates, _still_there(course_of, term, candidates, day), day)
        for term in counted
    ]
    found = [_scaled([cause.amount for cause in causes]) for causes in by_reaction]
    shares = [
        _share(key, [spans[place] for spans in found], [causes[place] for causes in by_reaction])
        for place, key in enumerate(candidates)
    ]
    return tuple(sorted(shares, key=lambda share: (-share.weight, share.compound)))


def _candidates(view: View) -> tuple[str, ...]:
    """Every compound injected, every name that was not recognised, and the injection itself."""
    parts = [part for session in view.situation.case.sessions for part in session.components]
    names = {part.compound or part.as_named for part in parts}
    return (*sorted(names - {INJECTION_ITSELF}), INJECTION_ITSELF)


def _causes(
    known: Knowledge,
    term: str,
    candidates: Sequence[str],
    there: Mapping[str, tuple[Span, tuple[str, ...]]],
    day: float | None,
) -> list[Cause]:
    rates = {key: known.rate(key, term) for key in candidates}
    needle, label = rates[INJECTION_ITSELF], known.evidence.terms[term].label
    own = {
        key: _own_rate(rate, needle if key != INJECTION_ITSELF else None)
        for key, rate in rates.items() if rate is not None
    }  # fmt: skip
    unknown = _unknown([span for key, span in own.items() if key != INJECTION_ITSELF])
    causes = []
    for key, rate in rates.items():
        amount, (still, records) = own.get(key, unknown), there[key]
        product = Span(amount.low * still.low, amount.middle * still.middle, amount.high * still.high)
        basis = f"{label}: {_in_words(rate, still, bool(records), day)}"
        causes.append(Cause(product, basis, (*(rate.evidence if rate else ()), *records)))
    return causes


def _own_rate(rate: Rate, needle: Rate | None) -> Span:
    """What a compound adds to the needle; at most its whole rate."""
    added = max(rate.share - needle.share, 0.0) if needle is not None else rate.share
    return Span(added, added, rate.share)


def _unknown(known: Sequence[Span]) -> Span:
    return Span(0.0, median(span.middle for span in known), max(span.high for span in known))


def _still_there(
    course_of: CourseLookup, term: str, candidates: Iterable[str], day: float | None
) -> dict[str, tuple[Span, tuple[str, ...]]]:
    """For each candidate, the share of such reactions still there on this day, and the records of the course."""
    courses = {key: course_of(key, term) for key in candidates}
    known = {
        key: course.course.still_present(day)
        for key, course in courses.items() if course is not None and day is not None and day >= 0
    }  # fmt: skip
    neutral = Span(0.0, median(known.values()), 1.0) if known else Span(1.0, 1.0, 1.0)
    result: dict[str, tuple[Span, tuple[str, ...]]] = {}
    for key, course in courses.items():
        if key in known and course is not None:
            result[key] = Span(known[key], known[key], known[key]), course.course.evidence
        else:
            result[key] = neutral, ()
    return result


def _scaled(amounts: Sequence[Span]) -> list[Span]:
    """Amounts as shares of their sum. The ends set one candidate at its least and all others at their most."""
    total = sum(amount.middle for amount in amounts)
    if total <= 0:
        return [Span(0.0, 1 / len(amounts), 1.0) for _amount in amounts]
    lows, highs = sum(amount.low for amount in amounts), sum(amount.high for amount in amounts)
    return [
        Span(
            _part(amount.low, highs - amount.high),
            amount.middle / total,
            _part(amount.high, lows - amount.low),
        )
        for amount in amounts
    ]


def _part(own: float, others: float) -> float:
    return own / (own + others) if own > 0 else 0.0


def _share(key: str, spans: Sequence[Span], causes: Sequence[Cause]) -> Share:
    count = len(spans)
    return Share(
        compound=key,
        weight=sum(span.middle for span in spans) / count,
        low=min(sum(span.low for span in spans), sum(span.middle for span in spans)) / count,
        high=max(sum(span.high for span in spans), sum(span.middle for span in spans)) / count,
        basis=tuple(cause.basis for cause in causes),
        evidence=tuple(dict.fromkeys(record for cause in causes for record in cause.evidence)),
    )


def _in_words(rate: Rate | None, still: Span, course: bool, day: float | None) -> str:
    counted = (
        "no published rate, taken at the middle of the others"
        if rate is None
        else f"{100 * rate.share:.2g} % of {rate.people} people"
    )
    if day is None:
        return f"{counted}; no day given"
    if course:
        return f"{counted}; {100 * still.middle:.2g} % of such reactions last to day {day:g}"
    return f"{counted}; how long it lasts after this is not published"
