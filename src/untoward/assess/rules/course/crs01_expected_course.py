"""CRS01: expected course

Question
    Is each reaction still within the time in which it is known to settle after what was injected?
Facts used
    The reactions now present, day since the session, the compounds injected, and the published durations of
    each reaction after each compound and after the injection itself.
Logic
    For each reaction and compound, the share of people in whom it lasts at least this long is read from the
    pooled log-normal of published durations. Within: up to the day by which 95 % were over. Late: after that
    day. Beyond: after the day by which 99 % were over and after the longest that was published. In a mix, one
    compound that explains a reaction is enough. No published duration: no data. An infection, an allergy, a
    vascular or a systemic reaction is nothing to be expected and counts as no data, whatever was published.
Levels
    self_care when every reaction is within its course; routine when one is late or has no data; within_72h
    when one is beyond.
Evidence
    Duration records of the evidence base; the finding lists those used.
Limits
    The clock starts at the session, so a reaction that began late leaves its course early. A course says
    nothing about infection or allergy: other rules do, and the most urgent wins. Few published durations rest
    on more than some dozen people.
Example
    A bruise on day 2 after deoxycholic acid: within its course.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.finding import CourseStanding, CourseState, Disposition

NEVER_EXPECTED = frozenset({"infection", "allergy", "vascular", "systemic"})
THRESHOLD = "within: day <= 95 % resolved; beyond: day > 99 % resolved and > longest published"

LEVEL_OF = {
    CourseState.BEYOND: Disposition.WITHIN_72H,
    CourseState.LATE: Disposition.ROUTINE,
    CourseState.NO_DATA: Disposition.ROUTINE,
    CourseState.WITHIN: Disposition.SELF_CARE,
}


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    reactions = facts.reactions
    if not reactions:
        return None
    if facts.day is None:
        return CANNOT_TELL
    never = set(facts.in_group(reactions, NEVER_EXPECTED))
    state_of = {term: CourseState.NO_DATA if term in never else facts.course(term) for term in reactions}
    worst = min(state_of.values(), key=lambda state: (LEVEL_OF[state].rank, state.value))
    named = [term for term, state in state_of.items() if state is worst]
    return Conclusion(LEVEL_OF[worst], " ".join(_sentences(facts, named, never, worst)), THRESHOLD)


def _sentences(facts: Facts, terms: list[str], never: set[str], state: CourseState) -> list[str]:
    without = [term for term in terms if term not in never and not _bands(facts, term)]
    sentences = [_course(facts, term, state) for term in terms if term not in never and term not in without]
    if without:
        sentences.append(
            f"Nothing published says how long this lasts after what was injected: {_labels(facts, without)}."
        )
    if never & set(terms):
        sentences.append(
            f"Not part of the expected course of any injection: {_labels(facts, sorted(never & set(terms)))}."
        )
    return sentences


def _labels(facts: Facts, terms: list[str]) -> str:
    return ", ".join(facts.label(term) for term in terms)


def _bands(facts: Facts, term: str) -> list[CourseStanding]:
    return [standing for standing in facts.standings(term) if standing.band_days is not None]


def _course(facts: Facts, term: str, state: CourseState) -> str:
    label = facts.label(term).capitalize()
    widest = max(
        _bands(facts, term), key=lambda standing: standing.band_days[2] if standing.band_days else 0.0
    )
    assert widest.band_days is not None  # every standing in `_bands` has one
    known = (
        f"half are over by day {widest.band_days[1]:.0f} and 95 % by day {widest.band_days[2]:.0f} "
        f"after {facts.compound_label(widest.compound)} ({widest.people} people)"
    )
    words = {
        CourseState.WITHIN: "within its expected course",
        CourseState.LATE: "later than in 95 % of people",
        CourseState.BEYOND: "later than anything published",
    }
    return f"{label} on day {facts.day:g} is {words[state]}: {known}."


RULE = Rule(
    code="CRS01",
    name="Expected course",
    most_urgent=Disposition.WITHIN_72H,
    evidence=(),
    evaluate=evaluate,
    alternatives=(
        "Beginning infection: pain, warmth and redness rise after the second day instead of falling.",
        "Blocked blood vessel: white, grey or net-like colour and pain, beyond the place treated as well.",
        "Allergic reaction: itch and hives also where nothing was injected.",
    ),
    treatment=("nice-ng141-look-first",),
)
