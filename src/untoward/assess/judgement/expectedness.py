"""Whether a reaction is listed for what was injected.

The reference is the label of the product, as far as this evidence base holds it. Where there is no such
reference (no label, a product without a licence, or a mixture made by hand) nothing is ever "expected": the
answer is "no_reference". What is not among the listed reactions is "unexpected", and so is a listed one that
reached grade 4, because the labels held say nothing of such a degree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from untoward.assess.judgement.knowledge import Knowledge, knowledge_of
from untoward.assess.judgement.view import OUTCOMES, View
from untoward.model.answer import Answer
from untoward.model.judgement import Expectedness, Grade

MORE_SEVERE_FROM = 4
"""A known grade from here on is more severe than what a label lists without a degree. Our own reading."""


def expectedness(view: View, grades: Iterable[Grade]) -> tuple[Expectedness, ...]:
    """One answer for each reaction that is there and each compound that was injected, sorted by both."""
    severe = {grade.term for grade in grades if grade.grade is not None and grade.grade >= MORE_SEVERE_FROM}
    known, mixed = knowledge_of(view.situation.evidence), _mixed(view)
    licence = view.answer("unlicensed-product")
    return tuple(
        _judged(known, term, key, key in mixed, licence, term in severe)
        for term in view.situation.reactions if term not in OUTCOMES
        for key in view.situation.compounds
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _judged(
    known: Knowledge, term: str, compound: str, mixed: bool, unlicensed: Answer, severe: bool
) -> Expectedness:
    reason = _no_reference(known, compound, mixed, unlicensed)
    if reason is not None:
        basis = f"no reference safety information: {reason}"
        return Expectedness(term=term, compound=compound, state="no_reference", basis=basis)
    listed = known.listed(compound, term)
    asked = known.evidence.terms["unlicensed-product"].label
    if not listed:
        state, basis = (
            "unexpected",
            f"not among the {known.listing(compound)} listed reactions held from its label",
        )
    elif severe:
        state, basis = (
            "unexpected",
            "listed, but the label held does not list it this severe (grade 4 or more)",
        )
    else:
        state, basis = "expected", "listed in its label"
    return Expectedness(
        term=term, compound=compound, state=state, basis=basis, evidence=listed,
        missing=(asked,) if unlicensed is Answer.UNKNOWN else (),
    )  # fmt: skip


def _no_reference(known: Knowledge, compound: str, mixed: bool, unlicensed: Answer) -> str | None:
    """Why there is no reference; None when there is one."""
    if mixed:
        return "it was mixed with something else by hand"
    if unlicensed is Answer.YES:
        return "the product has no licence"
    return None if known.listing(compound) else "no listed reactions are held from a label"


def _mixed(view: View) -> frozenset[str]:
    """Compounds that shared a syringe with something else."""
    return frozenset(_of_mixtures(view))


def _of_mixtures(view: View) -> Iterator[str]:
    for session in view.situation.case.sessions:
        for mix in session.mixes():
            if len({part.compound or part.as_named for part in mix.components}) > 1:
                yield from (part.compound for part in mix.components if part.compound)
