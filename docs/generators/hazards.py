"""hazards.md: the hazard log with its matrix, and from each rule to its hazards, cases and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from generators.text import NOT_STATED, anchor, code, codes, page, table
from untoward.assess.hazards.check import form_of
from untoward.assess.hazards.hazards import Hazard, hazards_of_rules, load_hazards
from untoward.assess.hazards.risk import RISK_RECORD, Rating, RiskMatrix, meanings, risk_matrix
from untoward.assess.rules import all_rules
from untoward.evidence.base import EvidenceBase
from untoward.evidence.load import load_evidence

PROJECT = Path(__file__).parents[2]
INTRODUCTION = """
What could go wrong for a person when this program is used, what is done about it, and what is left. **No clinician has
signed any of it**: every hazard is proposed, and every severity and likelihood is an estimate of the authors, not a
measurement. Likelihood means how likely the harm is among the people in whom the trouble arises and who are assessed
with the program: first as if the controls were not there, then with them. Where law or a contract asks for a hazard log,
a clinical safety officer of the site has to judge each line anew.

The log is data in `src/untoward/assess/hazards/`. The checks fail when a rule controls no hazard, or when a hazard names
a rule, test, page or evidence record that does not exist. See also
[what the system does not know](../explanation/what-it-does-not-know.md) and
[intended use](../explanation/intended-use.md).
"""


def pages() -> Mapping[str, str]:
    """The page."""
    base = load_evidence()
    hazards = load_hazards(base=base, project=PROJECT)
    parts = [
        "## Risk",
        *_matrix(base),
        "## All hazards",
        _overview(hazards),
        "## Each hazard",
        "Controls are rules, tests, data, wording, or something that a person must do.",
        *(part for hazard in hazards for part in _hazard(hazard, base)),
        "## From rule to hazard, cases and evidence",
        _trace(hazards),
    ]
    return {"hazards.md": page("Hazard log", "the hazard log", INTRODUCTION, *parts)}


def _matrix(base: EvidenceBase) -> Iterable[str]:
    record = base.records[RISK_RECORD]
    matrix: RiskMatrix = risk_matrix(base)
    source = base.source_of(record)
    yield f"{record.statement} Record {code(RISK_RECORD)}: [{source.title}]({source.link}), {source.publisher}."
    rows = [(likelihood, *risks) for likelihood, risks in matrix.rows.items()]
    yield table(("Likelihood", *matrix.severities), rows)
    for of in ("likelihood", "severity", "risk"):
        yield table((of.capitalize(), "Meaning"), meanings(base, of).items())


def _overview(hazards: Iterable[Hazard]) -> str:
    rows = [
        (_link(hazard), _words(hazard.initial), _words(hazard.residual), _rules(hazard.rules))
        for hazard in hazards
    ]
    return table(("Hazard", "Without controls", "With controls", "Rules"), rows)


def _hazard(hazard: Hazard, base: EvidenceBase) -> Iterable[str]:
    yield f"### {_heading(hazard)}"
    yield f"{hazard.hazard} **Harm:** {hazard.harm}"
    yield _list("Causes", hazard.causes)
    rated = [("without controls", *_rated(hazard.initial)), ("with controls", *_rated(hazard.residual))]
    yield table(("Estimate", "Severity", "Likelihood", "Risk"), rated)
    controls = [(control.kind, _reference(control.reference), control.does) for control in hazard.controls]
    yield table(("Control", "Where", "What it does"), controls)
    yield _list("Not shown", hazard.open)
    sources = [
        (code(key), base.records[key].grade, base.source_of(base.records[key]).title)
        for key in hazard.sources
    ]
    yield table(("Evidence", "Grade", "Source"), sources) or "Evidence: nothing published was found."
    yield f"Status: {hazard.status}; signed by no clinician."


def _trace(hazards: Sequence[Hazard]) -> str:
    titles = {hazard.id: hazard for hazard in hazards}
    of_rule = hazards_of_rules(hazards)
    rows = [
        (_rules([rule.code]), ", ".join(_link(titles[name], short=True) for name in of_rule[rule.code]),
         code(f"tests/cases/{rule.code}.yaml"), codes(rule.evidence) or NOT_STATED)
        for rule in all_rules()
    ]  # fmt: skip
    return table(("Rule", "Hazards", "Cases", "Evidence"), rows)


def _heading(hazard: Hazard) -> str:
    return f"{hazard.id}: {hazard.title}"


def _link(hazard: Hazard, *, short: bool = False) -> str:
    return f"[{hazard.id if short else _heading(hazard)}](#{anchor(_heading(hazard))})"


def _rated(rating: Rating) -> tuple[object, ...]:
    return rating.severity, rating.likelihood, rating.risk


def _words(rating: Rating) -> str:
    return f"**{rating.risk}** ({rating.severity}, {rating.likelihood})"


def _rules(rule_codes: Iterable[str]) -> str:
    return ", ".join(f"[{name}](rules/{name}.md)" for name in dict.fromkeys(rule_codes))


def _reference(reference: str) -> str:
    """A link to a rule's page or a page of the documentation; anything else as code."""
    form = form_of(reference)
    if form == "rule":
        return _rules([reference])
    if form == "page":
        return f"[{Path(reference).stem}](../{reference.removeprefix('docs/')})"
    return code(reference)


def _list(title: str, entries: Iterable[str]) -> str:
    return "\n".join([f"{title}:", "", *(f"- {entry}" for entry in entries)])
