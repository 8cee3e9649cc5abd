"""How often the assessment and the coding of words are right, on published cases and on phrases.

    python benchmarks/accuracy.py                     the learnt halves: what the rules were written on
    python benchmarks/accuracy.py --unseen            the held-out halves as well
    python benchmarks/accuracy.py --unseen --write    and keep the result in tests/published/results.json for the docs
    python benchmarks/accuracy.py --list              every case and phrase that is not as it should be

A case states, for each observation, the least and the most urgent disposition that a careful clinician would
accept. Less urgent than the least is under-triage; where the least is "now" or "within the hour" it is a missed
emergency. More urgent than the most is over-triage. A phrase states the terms that must be found, denied ones as
denied; `also` are terms that may be found besides.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from untoward.model.finding import Disposition

FOLDER = Path(__file__).parent.parent / "tests" / "published"
RESULTS = FOLDER / "results.json"
HALVES = ("learnt", "unseen")
EMERGENCIES = (Disposition.EMERGENCY_NOW, Disposition.WITHIN_1H)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One observation of a case: what would be acceptable, and what was answered."""

    case: str
    index: int
    kind: str
    least: Disposition
    most: Disposition
    got: Disposition
    rules: tuple[str, ...] = ()

    @property
    def under(self) -> bool:
        """Less urgent than the least that is acceptable."""
        return self.got.rank > self.least.rank

    @property
    def over(self) -> bool:
        """More urgent than the most that is acceptable."""
        return self.got.rank < self.most.rank

    @property
    def missed_emergency(self) -> bool:
        """An emergency that was answered less urgently than is acceptable."""
        return self.least in EMERGENCIES and self.under


@dataclass(slots=True)
class PhraseScore:
    """Terms found and missed over phrases, denied terms counting only when found as denied."""

    phrases: int = 0
    expected: int = 0
    found: int = 0
    returned: int = 0
    right: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> None:
    """Measure, print, and keep the result when asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--unseen", action="store_true", help="measure the held-out halves as well")
    parser.add_argument("--write", action="store_true", help="keep the result for the docs")
    parser.add_argument("--list", action="store_true", help="list what is not as it should be")
    options = parser.parse_args()
    halves = HALVES if options.unseen else HALVES[:1]
    results = {half: measured(half, listing=options.list) for half in halves}
    print(json.dumps(results, indent=1))
    if options.write:
        kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps({**kept, **results}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def measured(half: str, *, listing: bool = False) -> dict[str, Any]:
    """All figures of one half."""
    from untoward.assess.rules import rule_set_version

    judged = list(judged_cases(half))
    scores = scored_phrases(half)
    if listing:
        _list(judged, scores)
    return {
        "rule_set": rule_set_version(),
        "cases": case_figures(judged),
        "phrases": {lang: phrase_figures(score) for lang, score in scores.items()},
    }


def cases_of(half: str) -> Iterator[Mapping[str, Any]]:
    """Every published case of one half."""
    for path in sorted((FOLDER / "cases" / half).glob("*.yaml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8")) or ()


def phrases_of(half: str) -> Iterator[Mapping[str, Any]]:
    """Every phrase of one half."""
    for path in sorted((FOLDER / "phrases" / half).glob("*.yaml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8")) or ()


def judged_cases(half: str) -> Iterator[Judged]:
    """Every observation of every case of one half, beside what was answered."""
    from untoward.exchange.cases import case_from
    from untoward.tasks.knowledge import assessor, case_names

    for item in cases_of(half):
        answer = assessor().assess(case_from(item["case"], case_names(), fallback_id=item["id"]))
        for index, (accepted, made) in enumerate(zip(item["accept"], answer.assessments, strict=True)):
            loudest = [f.rule for f in made.findings if f.disposition is made.disposition]
            yield Judged(
                case=item["id"],
                index=index,
                kind=item["kind"],
                least=Disposition(accepted["least"]),
                most=Disposition(accepted["most"]),
                got=made.disposition,
                rules=tuple(loudest),
            )


def case_figures(judged: Iterable[Judged]) -> dict[str, Any]:
    """Counts of one half: observations, faults by kind, and the table of least acceptable against answered."""
    items = list(judged)
    benign = [item for item in items if item.kind == "benign"]
    table = Counter((item.least.value, item.got.value) for item in items)
    return {
        "cases": len({item.case for item in items}),
        "observations": len(items),
        "emergencies": sum(item.least in EMERGENCIES for item in items),
        "missed_emergencies": sum(item.missed_emergency for item in items),
        "under_triage": sum(item.under for item in items),
        "benign_observations": len(benign),
        "benign_over_triage": sum(item.over for item in benign),
        "over_triage": sum(item.over for item in items),
        "least_against_answered": [
            [least.value, *(table[least.value, got.value] for got in Disposition)] for least in Disposition
        ],
    }


def scored_phrases(half: str) -> dict[str, PhraseScore]:
    """Scores of one half by language."""
    from untoward.coding.coder import Coder
    from untoward.model.coding import Subject
    from untoward.tasks.knowledge import evidence

    coder, scores = Coder(evidence().terms), dict[str, PhraseScore]()
    for item in phrases_of(half):
        score = scores.setdefault(item["lang"], PhraseScore())
        coded = coder.code(item["text"]).terms
        now = [term for term in coded if term.subject is Subject.PATIENT and not term.conditional]
        _score(score, item, {(term.term, term.negated) for term in now})
    return dict(sorted(scores.items()))


def _score(score: PhraseScore, item: Mapping[str, Any], returned: set[tuple[str, bool]]) -> None:
    expected = {(term["term"], bool(term.get("negated"))) for term in item["terms"]}
    allowed = expected | {(term, denied) for term in item.get("also") or () for denied in (True, False)}
    score.phrases += 1
    score.expected += len(expected)
    score.found += len(expected & returned)
    score.returned += len(returned)
    score.right += len(returned & allowed)
    if expected - returned or returned - allowed:
        lost, extra = sorted(expected - returned), sorted(returned - allowed)
        score.faults.append(f"{item['text']!r}: lost {lost}, extra {extra}")


def phrase_figures(score: PhraseScore) -> dict[str, Any]:
    """Counts of one language."""
    return {
        "phrases": score.phrases,
        "expected": score.expected,
        "found": score.found,
        "returned": score.returned,
        "right": score.right,
    }


def _list(judged: Iterable[Judged], scores: Mapping[str, PhraseScore]) -> None:
    for item in judged:
        if item.under or item.over:
            fault = "MISSED EMERGENCY" if item.missed_emergency else "under" if item.under else "over"
            span = f"{item.least.value}..{item.most.value}"
            rules = ", ".join(item.rules)
            print(f"{fault:<17}{item.kind:<10}{item.case}[{item.index}] {span}: {item.got.value} ({rules})")
    for lang, score in scores.items():
        for fault in score.faults:
            print(f"{lang}  {fault}")


if __name__ == "__main__":
    main()
