"""Published definitions of anaphylaxis as pure functions of yes, no and unknown.

NIAID/FAAN 2006 and WAO 2020 say whether anaphylaxis is likely; the Resuscitation Council UK says what to act on;
the Brighton Collaboration definition of 2007 says how certain a diagnosis is, which is not how urgent. Each
function answers YES (met), NO (not met) or UNKNOWN (cannot tell). Figures come from the evidence records.

Sources: records `niaid-faan-2006-anaphylaxis`, `niaid-faan-2006-child-blood-pressure`, `wao-2020-anaphylaxis`,
`rcuk-2021-airway-breathing-circulation`, `brighton-2007-anaphylaxis`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from untoward.evidence.records import Criterion
from untoward.model.answer import Answer, all_of, any_of, at_least
from untoward.model.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What the criteria ask for.

    `sudden`: minutes to several hours after the exposure. `skin`: general hives, itch or flush, swollen lips,
    tongue, uvula or face. `organ`: low pressure, or collapse, faint or incontinence. `lasting_gut` and
    `severe_gut`: cramps or vomiting that lasts or is repeated. `allergen`: what was given is likely, `known_allergen`
    that it is known, to be one for this person. `airway`, `breathing` and `circulation`: a problem that threatens
    life.
    """

    sudden: Answer = Answer.UNKNOWN
    allergen: Answer = Answer.UNKNOWN
    known_allergen: Answer = Answer.UNKNOWN
    skin: Answer = Answer.UNKNOWN
    airway: Answer = Answer.UNKNOWN
    breathing: Answer = Answer.UNKNOWN
    circulation: Answer = Answer.UNKNOWN
    bronchospasm: Answer = Answer.UNKNOWN
    larynx: Answer = Answer.UNKNOWN
    low_pressure: Answer = Answer.UNKNOWN
    organ: Answer = Answer.UNKNOWN
    lasting_gut: Answer = Answer.UNKNOWN
    severe_gut: Answer = Answer.UNKNOWN


def niaid_1(seen: Picture) -> Answer:
    """NIAID/FAAN 1: sudden, skin or mucosa, and breathing or low pressure or an end-organ sign."""
    return all_of([seen.sudden, seen.skin, any_of([seen.breathing, seen.organ])])


def niaid_2(seen: Picture) -> Answer:
    """NIAID/FAAN 2: soon after a likely allergen, two of skin, breathing, circulation, lasting gut signs."""
    systems = [seen.skin, seen.breathing, seen.organ, seen.lasting_gut]
    return all_of([seen.sudden, seen.allergen, at_least(2, systems)])


def niaid_3(seen: Picture) -> Answer:
    """NIAID/FAAN 3: soon after a known allergen, low pressure."""
    return all_of([seen.sudden, seen.known_allergen, seen.low_pressure])


def wao_1(seen: Picture) -> Answer:
    """WAO 1: sudden, skin or mucosa, and breathing, circulation or severe gut signs."""
    return all_of([seen.sudden, seen.skin, any_of([seen.breathing, seen.organ, seen.severe_gut])])


def wao_2(seen: Picture) -> Answer:
    """WAO 2: after a known or highly probable allergen, low pressure, bronchospasm or the larynx, even without skin."""
    signs = any_of([seen.low_pressure, seen.bronchospasm, seen.larynx])
    return all_of([seen.sudden, seen.known_allergen, signs])


def rcuk(seen: Picture) -> Answer:
    """Resuscitation Council UK: sudden, and a life-threatening problem of airway, breathing or circulation."""
    return all_of([seen.sudden, any_of([seen.airway, seen.breathing, seen.circulation])])


def low_pressure(
    systolic: float | None,
    usual: float | None,
    age_years: float | None,
    adult: Criterion,
    child: Criterion,
) -> Answer:
    """Whether a systolic pressure (mmHg) is low: below the bound for the age, or fallen too far from the usual one.

    A person of unknown age is judged as an adult. UNKNOWN when it was not measured; also when it is above the
    bound and the usual pressure is not known, because the fall cannot be told.
    """
    if systolic is None:
        return Answer.UNKNOWN
    bound = lowest_systolic(age_years, adult, child)
    if bound is not None and systolic < bound:
        return Answer.YES
    if usual is None or usual <= 0:
        return Answer.UNKNOWN
    return Answer.of(adult.threshold("adult-systolic-fall").met_by(100 * (usual - systolic) / usual))


def lowest_systolic(age_years: float | None, adult: Criterion, child: Criterion) -> float | None:
    """The pressure in mmHg below which it is low at this age; None in the first month of life, which has no bound."""
    starts = {
        name: Quantity.of(float(child.threshold(name).value), child.threshold(name).unit or "").to("year").value
        for name in ("infant-from", "child-from", "adolescent-from", "adult-from")
    }  # fmt: skip
    if age_years is None or age_years >= starts["adult-from"]:
        return float(adult.threshold("adult-systolic").value)
    if age_years >= starts["adolescent-from"]:
        return float(child.threshold("adolescent-systolic").value)
    if age_years >= starts["child-from"]:
        per_year = float(child.threshold("child-systolic-per-year").value)
        return float(child.threshold("child-systolic-at-birth").value) + per_year * int(age_years)
    if age_years >= starts["infant-from"]:
        return float(child.threshold("infant-systolic").value)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrightonSigns:
    """Major and minor signs by organ system, as the definition of 2007 sorts them; `tryptase` is minor."""

    major_skin: Answer = Answer.UNKNOWN
    minor_skin: Answer = Answer.UNKNOWN
    major_circulation: Answer = Answer.UNKNOWN
    minor_circulation: Answer = Answer.UNKNOWN
    major_breathing: Answer = Answer.UNKNOWN
    minor_breathing: Answer = Answer.UNKNOWN
    minor_gut: Answer = Answer.UNKNOWN
    tryptase: Answer = Answer.UNKNOWN


class LevelRange(NamedTuple):
    """The Brighton level by what is known, and the best it could be if every open question were a yes.

    1 is most certain, 3 least; None: no level is reached.
    """

    known: int | None
    at_best: int | None

    def __str__(self) -> str:
        if self.known == self.at_best:
            return f"level {self.known}" if self.known else "no level"
        known = f"level {self.known}" if self.known else "no level"
        return f"{known}, at best level {self.at_best}"


def brighton(sudden: Answer, signs: BrightonSigns) -> LevelRange:
    """The level of diagnostic certainty as a range; `sudden` also stands for rapid progress."""
    levels = {1: _level_1(signs), 2: _level_2(signs), 3: _level_3(signs)}
    met = {level: all_of([sudden, answer]) for level, answer in levels.items()}
    known = min((level for level, answer in met.items() if answer is Answer.YES), default=None)
    at_best = min((level for level, answer in met.items() if answer is not Answer.NO), default=None)
    return LevelRange(known, at_best)


def _level_1(signs: BrightonSigns) -> Answer:
    return all_of([signs.major_skin, any_of([signs.major_circulation, signs.major_breathing])])


def _level_2(signs: BrightonSigns) -> Answer:
    vital = any_of([signs.major_circulation, signs.major_breathing])
    elsewhere = any_of([signs.minor_skin, signs.minor_gut, signs.tryptase])
    lesser = any_of([signs.minor_circulation, signs.minor_breathing])
    return any_of(
        [
            all_of([signs.major_circulation, signs.major_breathing]),
            all_of([vital, elsewhere]),
            all_of([signs.major_skin, lesser]),
        ]
    )


def _level_3(signs: BrightonSigns) -> Answer:
    """A minor sign of circulation or breathing with minor signs of two other systems."""
    rest = [signs.minor_skin, signs.minor_gut, signs.tryptase]
    by_circulation = all_of([signs.minor_circulation, at_least(2, [*rest, signs.minor_breathing])])
    by_breathing = all_of([signs.minor_breathing, at_least(2, [*rest, signs.minor_circulation])])
    return any_of([by_circulation, by_breathing])
