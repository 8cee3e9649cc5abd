"""accuracy.md: how often the assessment and the coding of words were right, from the kept result of the measurement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from generators.text import code, page, table
from untoward.kernels.intervals import clopper_pearson
from untoward.model.finding import Disposition

RESULTS = Path(__file__).parents[2] / "tests" / "published" / "results.json"
NAMES = {
    "unseen_first": "Unseen half, as it was when it was opened: this is the measurement",
    "unseen": "The same half after the faults seen in it were mended: no longer unseen",
    "learnt": "Learnt half: the rules and words were written on these",
}
INTRODUCTION = """
Published cases and phrases, each with what a careful clinician would accept, stand in `tests/published/`. One half
was open while the rules and the words were written. The other was closed, and was run once when they were done: those
figures are the measurement, and they fall short of what we aim at (no missed emergency, under-triage below 3 %,
over-triage of benign courses below 10 %, recall and precision of words above 90 %). The faults seen in it were then
mended by their kind, so that the later figures of the same half are those of a learnt one. `python
benchmarks/accuracy.py --unseen` measures both.

Least: the least urgent answer that is acceptable. Under-triage: an answer less urgent than that. Missed emergency:
under-triage where the least is now or within the hour. Over-triage: more urgent than the most that is acceptable.
Intervals are exact (Clopper-Pearson, 95 %). The dispositions that are acceptable are the judgement of the people who
write this software, from the standards: no clinician has signed them, and the people who collected the cases knew the
standards that the rules follow.
"""
LADDER = [disposition.value for disposition in Disposition]


def pages() -> Mapping[str, str]:
    """The page."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    parts = [part for half in NAMES if half in results for part in _half(half, results[half])]
    return {
        "accuracy.md": page("Measured accuracy", code("tests/published/results.json"), INTRODUCTION, *parts)
    }


def _half(half: str, result: Mapping[str, Any]) -> Iterable[str]:
    cases = result["cases"]
    yield f"## {NAMES[half]}"
    yield f"Rule set {code(result['rule_set'])}: {cases['cases']} cases, {cases['observations']} observations."
    yield table(("What", "Count", "Of", "Share"), _shares(cases))
    yield "Least acceptable (rows) against what was answered (columns):"
    yield table(("least", *LADDER), cases["least_against_answered"])
    yield "Words: terms found, and terms returned that were right (a denied term counts only as denied)."
    yield table(("Language", "Phrases", "Recall", "Precision"), _words(result["phrases"]))


def _shares(cases: Mapping[str, int]) -> Iterable[tuple[object, ...]]:
    rows = (
        ("missed emergencies", "missed_emergencies", "emergencies"),
        ("under-triage", "under_triage", "observations"),
        ("over-triage of benign courses", "benign_over_triage", "benign_observations"),
        ("over-triage of any course", "over_triage", "observations"),
    )
    for name, part, whole in rows:
        yield name, cases[part], cases[whole], _share(cases[part], cases[whole])


def _words(phrases: Mapping[str, Mapping[str, int]]) -> Iterable[tuple[object, ...]]:
    total = {
        key: sum(figures[key] for figures in phrases.values()) for key in next(iter(phrases.values()), {})
    }
    for lang, figures in (*phrases.items(), ("all", total)):
        if figures:
            recall = _share(figures["found"], figures["expected"])
            yield lang, figures["phrases"], recall, _share(figures["right"], figures["returned"])


def _share(part: int, whole: int) -> str:
    if not whole:
        return "no data"
    low, high = clopper_pearson(part, whole)
    return f"{part / whole:.1%} ({low:.1%} to {high:.1%}; {part} of {whole})"
