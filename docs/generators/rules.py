"""rules/: one page per rule from its own manual, and an index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from generators.text import NOT_STATED, code, page, table
from untoward.assess.rule import HEADINGS, Rule
from untoward.assess.rules import all_rules
from untoward.evidence.base import EvidenceBase
from untoward.evidence.load import load_evidence
from untoward.model.finding import Disposition

INTRODUCTION = """
Every rule looks at every observation of a case. The most urgent conclusion wins; every other one stays in the explanation. A
rule that lacks a fact it needs is listed with that fact: unknown is never taken for "no". How to write one:
[add a rule](../../how-to/add-a-rule.md).
"""

NO_INSTRUCTION = "Cited facts and never an instruction. Where bodies disagree each has its own line."


def pages() -> Mapping[str, str]:
    """The index and the page of each rule."""
    base = load_evidence()
    rules = all_rules()
    written = {f"rules/{rule.code}.md": _rule_page(rule, base) for rule in rules}
    return {"rules/README.md": _index(rules), **written}


def sections_of(manual: str) -> Mapping[str, str]:
    """The text under each heading of a rule's manual, its indentation removed."""
    starts = "|".join(re.escape(heading) for heading in HEADINGS)
    pieces = re.split(rf"^({starts})[ \t]*$", manual, flags=re.MULTILINE)
    bodies = zip(pieces[1::2], pieces[2::2], strict=True)
    return {
        heading: "\n".join(line.strip() for line in body.strip().splitlines()) for heading, body in bodies
    }


def _index(rules: Iterable[Rule]) -> str:
    by_group = groupby(sorted(rules, key=lambda rule: (rule.group, rule.code)), key=lambda rule: rule.group)
    parts = []
    for group, members in by_group:
        rows = [
            (f"[{rule.code}]({rule.code}.md)", rule.name, _first_question(rule), _urgency(rule))
            for rule in members
        ]
        parts += [f"## {group}", table(("Code", "Name", "Question", "Most urgent answer"), rows)]
    return page("Rules", "the rule files", INTRODUCTION, *parts, "## Dispositions", _dispositions())


def _rule_page(rule: Rule, base: EvidenceBase) -> str:
    sections = sections_of(rule.manual)
    facts = table(
        ("Code", "Group", "Most urgent answer", "Cases"),
        [(code(rule.code), rule.group, _urgency(rule), code(f"tests/cases/{rule.code}.yaml"))],
    )
    parts = [f"## {heading}\n\n{sections[heading]}" for heading in HEADINGS if heading in sections]
    records = _records(rule.evidence, base)
    if records:
        parts.append(f"## Records\n\n{records}")
    parts += _for_clinicians(rule, base)
    return page(f"{rule.code}: {rule.name}", f"the rule file of {rule.code}", facts, *parts)


def _for_clinicians(rule: Rule, base: EvidenceBase) -> Iterable[str]:
    """What else it may be and what guidance does, each only when the rule says something about it."""
    if rule.alternatives:
        rows = [_alternative_row(alternative) for alternative in rule.alternatives]
        yield f"## It may also be\n\n{table(('What', 'How it is told apart'), rows)}"
    if rule.treatment:
        yield f"## What guidance does (for clinicians)\n\n{NO_INSTRUCTION}\n\n{_records(rule.treatment, base)}"


def _alternative_row(alternative: str) -> tuple[str, str]:
    name, _, sign = alternative.partition(": ")
    return name, sign or NOT_STATED


def _records(keys: Iterable[str], base: EvidenceBase) -> str:
    return table(("Record", "What it says", "Grade", "Source"), [_record_row(key, base) for key in keys])


def _record_row(key: str, base: EvidenceBase) -> tuple[str, str, str, str]:
    record = base.records.get(key)
    if record is None:
        return code(key), NOT_STATED, NOT_STATED, NOT_STATED
    grade = record.grade if record.verified else f"{record.grade}, figure not seen by us"
    return code(key), record.statement, grade, f"{base.source_of(record).citation} {record.locator}"


def _dispositions() -> str:
    rows = [(code(level.value), _words(level)) for level in Disposition]
    return table(("Disposition", "Someone must see this person within"), rows)


def _words(level: Disposition) -> str:
    hours = level.deadline_hours
    if hours is None:
        return "no limit; look again on a stated day"
    if hours >= 24:
        return f"{hours:g} h ({hours / 24:g} days)"
    return "now" if hours == 0 else f"{hours:g} h"


def _urgency(rule: Rule) -> str:
    return code(rule.most_urgent.value)


def _first_question(rule: Rule) -> str:
    return sections_of(rule.manual).get("Question", "")
