"""One reaction as a card: who, by when, why, and everything behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from untoward.model.finding import Disposition, Finding
from untoward.model.review import CaseLine
from untoward.report.dates import length_of, since_session, spoken
from untoward.report.numbers import count
from untoward.report.strip import Strip, standing_shown, strip_of
from untoward.report.tables import Link, TableView, table
from untoward.report.words import (
    COURSE_SHORT,
    COURSE_WORDS,
    DISPOSITION_WORDS,
    compound_label,
    deadline_words,
    overdue_words,
    question_words,
    standing_sentence,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding as it is unfolded: rule, statement, threshold, facts, and links to the evidence."""

    rule: str
    disposition: Disposition
    short: str
    statement: str
    threshold: str
    facts_used: tuple[tuple[str, str], ...]
    facts_missing: tuple[str, ...]
    evidence: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """One reaction as one card. `elsewhere` is the anchor of its full card when this one is the short form."""

    anchor: str
    elsewhere: str | None
    disposition: Disposition
    action: str
    deadline: str
    overdue: str
    state: str
    course: str
    label: str
    patient: str
    reaction: str
    why: str
    place: tuple[str, ...]
    seen: str
    injected: tuple[tuple[str, str], ...]
    strip: Strip | None
    course_sentence: str
    findings: tuple[FindingView, ...]
    standings: TableView | None
    cannot_tell: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    unrecognised: tuple[str, ...]


def case_card(
    line: CaseLine,
    anchor: str,
    *,
    as_of: str | None,
    evidence: Mapping[str, str],
    elsewhere: str | None = None,
) -> CaseCard:
    """The card of one line. `evidence` maps evidence keys to their anchors on the page."""
    words, made = DISPOSITION_WORDS[line.disposition], line.assessment
    standing = standing_shown(line)
    return CaseCard(
        anchor=anchor,
        elsewhere=elsewhere,
        disposition=line.disposition,
        action=words.action,
        deadline=deadline_words(line, as_of),
        overdue=overdue_words(line, as_of),
        state="" if line.open else "recorded as over",
        course=COURSE_WORDS[line.course],
        label=line.term_label,
        patient=line.patient_id,
        reaction=line.reaction_id,
        why=made.summary,
        place=tuple(part for part in (line.clinic, line.practitioner) if part),
        seen=_seen(line, as_of),
        injected=_injected(line, as_of),
        strip=strip_of(line),
        course_sentence=standing_sentence(standing)
        if standing
        else COURSE_WORDS[line.course].capitalize() + ".",
        findings=tuple(_finding(finding, evidence) for finding in made.findings),
        standings=_standings(line),
        cannot_tell=tuple((skipped.rule, ", ".join(skipped.missing)) for skipped in made.not_evaluated),
        questions=tuple(question_words(question) for question in made.questions),
        unrecognised=made.unrecognised,
    )


def _seen(line: CaseLine, as_of: str | None) -> str:
    when = spoken(line.last_seen_date, beside=as_of) if line.last_seen_date else ""
    day = since_session(line.last_seen_day)
    return f"{when}, {day}" if when else day


def _injected(line: CaseLine, as_of: str | None) -> tuple[tuple[str, str], ...]:
    session = f"{line.session_id}, {spoken(line.session_date, beside=as_of)}"
    return (
        ("Session", session),
        ("Injected", ", ".join(line.compounds) or "not recorded"),
        ("Lot", ", ".join(line.lots) or "not recorded"),
        ("Vial", ", ".join(line.vials) or "not recorded"),
    )


def _finding(finding: Finding, evidence: Mapping[str, str]) -> FindingView:
    return FindingView(
        rule=finding.rule,
        disposition=finding.disposition,
        short=DISPOSITION_WORDS[finding.disposition].short,
        statement=finding.statement,
        threshold=finding.threshold,
        facts_used=tuple(finding.facts_used.items()),
        facts_missing=finding.facts_missing,
        evidence=tuple(
            Link(text=key, href=f"#{evidence[key]}" if key in evidence else None) for key in finding.evidence
        ),
    )


def _standings(line: CaseLine) -> TableView | None:
    if not line.assessment.course:
        return None
    rows = [
        (
            compound_label(standing.compound),
            standing.term,
            COURSE_SHORT[standing.state],
            " / ".join(length_of(day) for day in standing.band_days) if standing.band_days else "no data",
            length_of(standing.longest_days) if standing.longest_days else "not published",
            "no data" if standing.still_present is None else f"{100 * standing.still_present:.2g} %",
            "no data" if standing.people is None else count(standing.people),
        )
        for standing in line.assessment.course
    ]
    headings = (
        "After",
        "Reaction",
        "Standing",
        "#5 / 50 / 95 % over in",
        "#Longest",
        "#Still have it",
        "#People",
    )
    return table("Against the expected course after each compound", headings, rows)
