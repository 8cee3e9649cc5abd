"""What changed between two evidence folders, and which rules rest on what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from untoward.assess.rules import all_rules
from untoward.evidence.difference import Change, CourseChange, Difference, FieldChange, RateChange, difference
from untoward.evidence.load import load_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceChanges:
    """The difference, and the codes of the rules that cite a record which was changed or removed."""

    difference: Difference
    rules: dict[str, tuple[str, ...]]

    def as_document(self) -> dict[str, Any]:
        """The changes as plain data."""
        return {**asdict(self.difference), "rules": {code: list(keys) for code, keys in self.rules.items()}}

    def lines(self) -> Iterator[str]:
        """The changes as lines to read: what changed, then which answers may change."""
        found = self.difference
        yield f"From {found.old} to {found.new}:"
        if found.nothing:
            yield "both say the same; no answer changes."
            return
        yield from _counted(found)
        yield ""
        for change in found.changes:
            yield from _change_lines(change)
        yield ""
        yield "Answers that may change:"
        yield from _answers(self) or (
            "  none: no course, count, pair, criterion or rule rests on what changed",
        )


def evidence_changes(old: Path, new: Path | None = None) -> EvidenceChanges:
    """Compare two evidence folders; the new one is the one that comes with untoward unless another is given.

    Raises EvidenceError with every fault of a folder that is not sound.
    """
    found = difference(load_evidence(old), load_evidence(new))
    touched = {change.key for change in found.changes if change.section == "records"}
    cited = {
        rule.code: tuple(key for key in (*rule.evidence, *rule.treatment) if key in touched)
        for rule in all_rules()
    }
    return EvidenceChanges(difference=found, rules={code: keys for code, keys in cited.items() if keys})


def _counted(found: Difference) -> Iterator[str]:
    counts = Counter((change.section, change.what) for change in found.changes)
    for section in dict.fromkeys(change.section for change in found.changes):
        said = [
            f"{counts[section, what]} {what}"
            for what in ("added", "removed", "changed")
            if counts[section, what]
        ]
        yield f"  {section}: {', '.join(said)}"


def _change_lines(change: Change) -> Iterator[str]:
    yield f"{change.what} {change.section.rstrip('s')} {change.key}"
    for field in change.fields:
        yield f"    {_field_words(field)}"


def _field_words(change: FieldChange) -> str:
    return f"{change.field}: {_shown(change.old)} → {_shown(change.new)}"


def _shown(value: object) -> str:
    return "nothing" if value is None or value == () else str(value)


def _answers(changes: EvidenceChanges) -> list[str]:
    found = changes.difference
    said = [f"  how long: {_course_words(course)}" for course in found.courses]
    said += [f"  how often: {_rate_words(rate)}" for rate in found.rates]
    said += [f"  mixtures: {key}" for key in found.pairs]
    said += [f"  criterion: {key}" for key in found.criteria]
    said += [f"  rule {code}: cites {', '.join(keys)}" for code, keys in changes.rules.items()]
    return said


def _course_words(change: CourseChange) -> str:
    return f"{change.term} after {change.compound}: {_band(change.old)} → {_band(change.new)}{_moved(change)}"


def _band(days: tuple[float, float, float] | None) -> str:
    return "no data" if days is None else "days " + ", ".join(f"{day:.1f}" for day in days)


def _moved(change: CourseChange) -> str:
    if change.old is None or change.new is None:
        return ""
    return f" (half over {change.new[1] - change.old[1]:+.1f} d, 95 % over {change.new[2] - change.old[2]:+.1f} d)"


def _rate_words(change: RateChange) -> str:
    return f"{change.term} after {change.compound}: {_counts(change.old)} → {_counts(change.new)}"


def _counts(counts: tuple[tuple[int, int], ...]) -> str:
    return "; ".join(f"{n} of {of}" for n, of in counts) or "no data"
