"""Brighton Collaboration definitions of cellulitis and abscess at the injection site.

A level says how certain it is that a case is what the definition describes, never how severe it is. "Not a
case" needs every way into the definition to be ruled out; what was not examined leaves "cannot tell".
"""

from __future__ import annotations

from untoward.assess.judgement.knowledge import knowledge_of
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer, all_of, any_of, at_least
from untoward.model.judgement import CaseDefinition

CELLULITIS, LEVEL_1B = "brighton-injection-site-cellulitis", "brighton-injection-site-cellulitis-level-1b"
ABSCESS, STERILE = "brighton-injection-site-abscess", "brighton-injection-site-sterile-abscess"
SIGNS = (("pain", "tenderness"), ("redness",), ("swelling", "induration"), ("warmth",))
INFLAMED = ("redness", "tenderness", "pain", "warmth")
POINTS_AT_CELLULITIS = frozenset({"cellulitis", "injection-site-infection", "warmth", "spreading-redness"})
POINTS_AT_ABSCESS = frozenset(
    {"abscess", "sterile-abscess", "pus", "fluctuance", "collection-on-imaging", "drained-material"}
)


def case_definitions(view: View) -> tuple[CaseDefinition, ...]:
    """The definitions that something here points at, each with its level of certainty."""
    found: list[CaseDefinition] = []
    yes = view.situation.yes
    if yes & POINTS_AT_CELLULITIS:
        found.append(cellulitis(view))
    if yes & POINTS_AT_ABSCESS:
        found += [infectious_abscess(view), sterile_abscess(view)]
    return tuple(found)


def cellulitis(view: View) -> CaseDefinition:
    """Level 1a: three of four signs and a culture; 1b: a qualified diagnosis and a culture; 2: signs and diagnosis."""
    needed = int(knowledge_of(view.situation.evidence).bound(CELLULITIS, "signs").value)
    signs = at_least(needed, [any_of([view.answer(name) for name in names]) for names in SIGNS])
    culture, diagnosed = view.answer("culture-positive"), view.answer("clinician-diagnosis")
    excluded = any_of([view.answer("resolved-fast"), view.answer("fluctuance")])
    asked = [*(names[0] for names in SIGNS), "culture-positive", "clinician-diagnosis"]
    levels = (
        ("1a", all_of([signs, culture])),
        ("1b", all_of([diagnosed, culture])),
        ("2", all_of([signs, diagnosed])),
    )
    return _defined(view, "cellulitis at the injection site", (CELLULITIS, LEVEL_1B), levels, excluded, asked)


def infectious_abscess(view: View) -> CaseDefinition:
    """Level 1: drained material with an organism; level 2: pus, or an inflamed collection, better on antimicrobials."""
    organism = any_of([view.answer("culture-positive"), view.answer("mycobacteria-culture-positive")])
    levels = (
        ("1", all_of([view.answer("drained-material"), organism])),
        ("2", all_of([_collection(view), view.answer("improved-on-antibiotics")])),
    )
    asked = [
        "drained-material",
        "culture-positive",
        "pus",
        "collection-on-imaging",
        "improved-on-antibiotics",
    ]
    return _defined(view, "infectious abscess at the injection site", (ABSCESS,), levels, Answer.NO, asked)


def sterile_abscess(view: View) -> CaseDefinition:
    """Level 1: drained, sampled before antimicrobials, no organism; level 2: a collection without any infection."""
    levels = (
        ("1", all_of([
            view.answer("drained-material"), view.answer("sampled-before-antibiotics"), view.answer("culture-no-growth"),
        ])),
        ("2", all_of([_collection(view), _denied(view, "fever"), _denied(view, "culture-positive")])),
    )  # fmt: skip
    grown = any_of([view.answer("culture-positive"), view.answer("mycobacteria-culture-positive")])
    excluded = grown if grown is Answer.YES else Answer.NO
    asked = [
        "drained-material",
        "sampled-before-antibiotics",
        "culture-no-growth",
        "collection-on-imaging",
        "fever",
    ]
    return _defined(view, "sterile abscess at the injection site", (STERILE,), levels, excluded, asked)


def _collection(view: View) -> Answer:
    seen = any_of([view.answer("collection-on-imaging"), view.answer("fluctuance")])
    inflamed = any_of([view.answer(name) for name in INFLAMED])
    return any_of([view.answer("pus"), all_of([seen, inflamed])])


def _denied(view: View, term: str) -> Answer:
    answer = view.answer(term)
    return Answer.UNKNOWN if answer is Answer.UNKNOWN else Answer.of(answer is Answer.NO)


def _defined(
    view: View,
    definition: str,
    evidence: tuple[str, ...],
    levels: tuple[tuple[str, Answer], ...],
    excluded: Answer,
    asked: list[str],
) -> CaseDefinition:
    """The first level that is met. An exclusion counts only when it is known, as the definitions say."""
    missing = tuple(view.label(name) for name in asked if view.answer(name) is Answer.UNKNOWN)
    met = next((name for name, answer in levels if answer is Answer.YES), None)
    if excluded is Answer.YES:
        level, basis, missing = "not a case", "an exclusion is known", ()
    elif met is not None:
        level, basis = met, f"every point of level {met} is there"
    elif any(answer is Answer.UNKNOWN for _name, answer in levels):
        level, basis = "cannot tell", "no level is met, and what is not known could still meet one"
    else:
        level, basis, missing = "not a case", "a point of every level is denied", ()
    return CaseDefinition(definition=definition, level=level, basis=basis, evidence=evidence, missing=missing)
