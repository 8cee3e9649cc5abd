"""What the simulator needs to know of the world: every figure with its unit, its bounds and where it comes from.

Figures that publications give are required: the layer above fills them from evidence records and names those records
in `provenance`. Figures that nobody published are assumptions: they have a default and the reason for it stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from math import inf, isfinite
from typing import Any

from untoward.errors import Fault, InputError
from untoward.simulate.reaction_parameter import ReactionParameter

_WHERE = "simulation parameters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What one parameter is: its unit, meaning and closed bounds, and why its default was assumed (if it has one)."""

    unit: str
    meaning: str
    low: float
    high: float
    because: str = ""


def _known(unit: str, meaning: str, low: float = 0.0, high: float = inf) -> dict[str, Quantity]:
    return {"quantity": Quantity(unit=unit, meaning=meaning, low=low, high=high)}


def _assumed(
    unit: str, meaning: str, because: str, low: float = 0.0, high: float = inf
) -> dict[str, Quantity]:
    return {"quantity": Quantity(unit=unit, meaning=meaning, low=low, high=high, because=because)}


def _share(meaning: str, because: str) -> dict[str, Quantity]:
    return _assumed("share", meaning, because, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationParameters:
    """Every figure the simulator uses. `provenance` maps a parameter's name to evidence records or to "assumption: …".

    Raises InputError with every fault: a value out of its bounds, two that contradict each other, one without provenance.
    """

    sessions_per_course_mean: float = field(metadata=_known("session", "sessions in one course", 1.0, 50.0))
    interval_days_median: float = field(
        metadata=_known("day", "time from one session of a course to the next", 2.0)
    )
    interval_days_low: float = field(metadata=_known("day", "shortest such time", 2.0))
    interval_days_high: float = field(metadata=_known("day", "longest such time", 2.0))
    background_infection_per_session: float = field(
        metadata=_known("share", "sessions followed by a bacterial infection when nothing is wrong", 0.0, 1.0)
    )
    contaminated_vial_attack_rate: float = field(
        metadata=_known("share", "people injected from a contaminated vial who fall ill", 0.0, 1.0)
    )
    incubation_days_median: float = field(
        metadata=_known("day", "session to first nodule of mycobacterial infection", 0.1)
    )
    incubation_days_low: float = field(metadata=_known("day", "shortest such time", 0.1))
    incubation_days_high: float = field(metadata=_known("day", "longest such time", 0.1))
    sessions_per_vial: float = field(
        metadata=_known("session", "mean number of sessions one vial serves", 1.0, 1000.0)
    )
    patient_age_mean: float = field(metadata=_known("year", "mean age at the first session", 18.0, 80.0))
    patient_age_sd: float = field(metadata=_known("year", "standard deviation of that age", 0.0, 40.0))
    share_female: float = field(metadata=_known("share", "patients who are women", 0.0, 1.0))
    allergy_per_session: float = field(
        metadata=_known("share", "sessions followed by hives within the hour", 0.0, 1.0)
    )
    reporting_delay_days_median: float = field(
        metadata=_known("day", "onset to the first time the clinic hears of it", 0.001)
    )
    careless_practitioner_relative_risk: float = field(
        metadata=_known("ratio", "infections after a careless practitioner's sessions against others'", 1.0)
    )

    sessions_per_course_max: float = field(
        default=8.0,
        metadata=_assumed("session", "most sessions in one course", "no registry gives the spread", 1.0),
    )
    second_course_share: float = field(
        default=0.15, metadata=_share("patients who come for a second course", "some return; no figure found")
    )
    second_course_gap_days_low: float = field(
        default=90.0,
        metadata=_assumed("day", "shortest pause before a second course", "clinics advise months"),
    )
    second_course_gap_days_high: float = field(
        default=270.0, metadata=_assumed("day", "longest pause before a second course", "within the year")
    )
    other_practitioner_share: float = field(
        default=0.2,
        metadata=_share("sessions given by another than the usual practitioner", "holidays, shifts"),
    )
    patient_age_min: float = field(
        default=18.0, metadata=_assumed("year", "age of the youngest patients", "adults only", 0.0, 80.0)
    )
    vial_open_days_max: float = field(
        default=28.0, metadata=_assumed("day", "longest use of an opened vial", "the usual discard rule", 1.0)
    )
    lot_days_low: float = field(
        default=35.0, metadata=_assumed("day", "shortest supply of one lot", "a delivery lasts weeks", 1.0)
    )
    lot_days_high: float = field(
        default=70.0, metadata=_assumed("day", "longest supply of one lot", "a delivery lasts weeks", 1.0)
    )
    share_of_reactions_reported: float = field(
        default=0.6,
        metadata=_share("common reactions that come to be recorded", "mild ones are often not told"),
    )
    onset_hours_local_median: float = field(
        default=6.0, metadata=_assumed("hour", "session to onset of a common reaction", "within the day", 0.1)
    )
    onset_local_log_sd: float = field(
        default=1.0, metadata=_assumed("ln(hour)", "spread of that time", "one in twelve begins after a day")
    )
    duration_days_median_default: float = field(
        default=5.0,
        metadata=_assumed("day", "length of a reaction without a published one", "days, as most", 0.01),
    )
    duration_log_sd_default: float = field(
        default=0.7, metadata=_assumed("ln(day)", "spread of that length", "the spread of swelling is used")
    )
    background_infection_onset_days_median: float = field(
        default=5.0,
        metadata=_assumed("day", "session to onset of a bacterial infection", "within the week", 0.1),
    )
    background_infection_onset_days_low: float = field(
        default=2.0, metadata=_assumed("day", "shortest such time", "pus needs days", 0.1)
    )
    background_infection_onset_days_high: float = field(
        default=10.0, metadata=_assumed("day", "longest such time", "later ones point to slow bacteria", 0.1)
    )
    background_infection_days_median: float = field(
        default=14.0,
        metadata=_assumed("day", "length of a treated bacterial infection", "one to three weeks", 0.1),
    )
    background_infection_log_sd: float = field(
        default=0.5, metadata=_assumed("ln(day)", "spread of that length", "one to three weeks")
    )
    incubation_log_sd: float = field(
        default=0.25,
        metadata=_assumed("ln(day)", "spread of the incubation", "puts its range at the extremes"),
    )
    mycobacterial_days_median: float = field(
        default=150.0,
        metadata=_assumed("day", "length of a mycobacterial infection", "months of treatment", 0.1),
    )
    mycobacterial_log_sd: float = field(
        default=0.4, metadata=_assumed("ln(day)", "spread of that length", "months to most of a year")
    )
    abscess_share: float = field(
        default=0.5, metadata=_share("mycobacterial nodules that turn into an abscess", "common in outbreaks")
    )
    abscess_after_days_median: float = field(
        default=14.0, metadata=_assumed("day", "first nodule to abscess", "weeks", 0.1)
    )
    abscess_after_log_sd: float = field(
        default=0.5, metadata=_assumed("ln(day)", "spread of that time", "one to several weeks")
    )
    allergy_onset_minutes_low: float = field(
        default=5.0, metadata=_assumed("minute", "earliest onset of an immediate allergy", "minutes", 1.0)
    )
    allergy_onset_minutes_high: float = field(
        default=40.0,
        metadata=_assumed("minute", "latest onset of an immediate allergy", "within the hour", 1.0),
    )
    allergy_days_median: float = field(
        default=0.5, metadata=_assumed("day", "length of an immediate allergy", "hours to a day", 0.01)
    )
    allergy_log_sd: float = field(
        default=0.6, metadata=_assumed("ln(day)", "spread of that length", "hours to a day")
    )
    allergic_patient_recurrence: float = field(
        default=0.5, metadata=_share("later sessions that an allergic patient reacts to", "chosen")
    )
    bad_lot_relative_risk: float = field(
        default=4.0,
        metadata=_assumed("ratio", "one reaction after a bad lot against other lots", "chosen", 1.0),
    )
    reporting_delay_log_sd: float = field(
        default=1.0,
        metadata=_assumed("ln(day)", "spread of the reporting delay", "some tell at once, some late"),
    )
    moderate_share: float = field(
        default=0.2, metadata=_share("common reactions called moderate", "mild is the rule in trials")
    )
    severe_share: float = field(
        default=0.03, metadata=_share("common reactions called severe", "rare in trials")
    )
    lost_per_check_in: float = field(
        default=0.12, metadata=_share("patients lost at each check-in after the first", "some stop answering")
    )
    missing_lot_share: float = field(
        default=0.03, metadata=_share("components without a recorded lot", "records have gaps")
    )
    missing_vial_share: float = field(
        default=0.02, metadata=_share("components without a recorded vial", "records have gaps")
    )
    missing_age_share: float = field(
        default=0.02, metadata=_share("patients without an age", "records have gaps")
    )
    missing_time_share: float = field(
        default=0.1, metadata=_share("sessions with a date and no time", "records have gaps")
    )
    missing_onset_share: float = field(
        default=0.05, metadata=_share("reactions without an onset", "people do not remember")
    )

    reactions: tuple[ReactionParameter, ...]
    provenance: Mapping[str, str]

    def __post_init__(self) -> None:
        faults = [fault for name, value in self.values().items() for fault in _value_faults(name, value)]
        if not faults:
            faults = list(self._contradictions())
        faults += [fault for reaction in self.reactions for fault in reaction.faults()]
        faults += _twice(self.reactions)
        faults += [_no_provenance(name) for name in PARAMETERS if not self.provenance.get(name)]
        faults += [_no_provenance(f"{r.compound} {r.term}") for r in self.reactions if not r.provenance]
        if faults:
            raise InputError("The simulation parameters do not hold together", faults)

    @classmethod
    def of(
        cls,
        parameters: Mapping[str, float],
        reactions: Sequence[ReactionParameter],
        provenance: Mapping[str, str],
    ) -> SimulationParameters:
        """Parameters by their evidence names ("interval-days-median"), each with its provenance.

        An assumption may be left out (its default and reason are taken) or given (then it needs its provenance).
        Raises InputError listing every name that is missing, unknown, out of bounds or without provenance.
        """
        faults = [_missing(name) for name in REQUIRED_NAMES if name not in parameters]
        faults += [_unknown(name) for name in [*parameters, *provenance] if name not in PARAMETERS]
        faults += [
            _no_provenance(name) for name in parameters if name in PARAMETERS and not provenance.get(name)
        ]
        if faults:
            raise InputError("The simulation parameters are not complete", faults)
        sources = {
            name: f"assumption: {quantity.because}"
            for name, quantity in PARAMETERS.items()
            if quantity.because
        }
        sources |= provenance
        values: dict[str, Any] = {_field_name(name): float(value) for name, value in parameters.items()}
        return cls(reactions=tuple(reactions), provenance=sources, **values)

    def values(self) -> dict[str, float]:
        """Every parameter by its evidence name."""
        return {name: float(getattr(self, _field_name(name))) for name in PARAMETERS}

    def _contradictions(self) -> Iterator[Fault]:
        for stem in ("interval-days", "incubation-days", "background-infection-onset-days"):
            low, median, high = (self.values()[f"{stem}-{part}"] for part in ("low", "median", "high"))
            if not low <= median <= high:
                yield _fault(
                    stem, "low, median, high", f"{low:g}, {median:g}, {high:g}", "numbers that never fall"
                )
        for stem in ("second-course-gap-days", "lot-days", "allergy-onset-minutes"):
            low, high = (self.values()[f"{stem}-{part}"] for part in ("low", "high"))
            if low > high:
                yield _fault(stem, "low, high", f"{low:g}, {high:g}", "numbers that never fall")
        if self.moderate_share + self.severe_share > 1:
            shares = f"{self.moderate_share:g} + {self.severe_share:g}"
            yield _fault("moderate-share, severe-share", "", shares, "a sum of 1 or less")


def _name(item: Field[Any]) -> str:
    return item.name.replace("_", "-")


def _field_name(name: str) -> str:
    return name.replace("-", "_")


def _value_faults(name: str, value: float) -> Iterator[Fault]:
    quantity = PARAMETERS[name]
    if not (isfinite(value) and quantity.low <= value <= quantity.high):
        top = "" if quantity.high == inf else f" to {quantity.high:g}"
        yield _fault(name, "", f"{value:g}", f"{quantity.low:g}{top or ' or more'} ({quantity.unit})")


def _twice(reactions: Sequence[ReactionParameter]) -> list[Fault]:
    pairs = [(reaction.compound, reaction.term) for reaction in reactions]
    again = sorted({pair for pair in pairs if pairs.count(pair) > 1})
    return [
        Fault(
            what=f"{term!r} after {compound!r} is given more than once",
            file=_WHERE,
            expected="one figure, pooled",
        )
        for compound, term in again
    ]


def _fault(where: str, name: str, got: str, expected: str) -> Fault:
    return Fault(
        what="value cannot be used", file=_WHERE, where=where, field=name, got=got, expected=expected
    )


def _missing(name: str) -> Fault:
    quantity = PARAMETERS[name]
    return Fault(
        what="not given",
        file=_WHERE,
        where=name,
        expected=f"{quantity.meaning}, in {quantity.unit}",
        hint="Add an evidence record of kind parameter with this name",
    )


def _unknown(name: str) -> Fault:
    return Fault(
        what="no such parameter", file=_WHERE, where=name, expected=f"one of {', '.join(PARAMETERS)}"
    )


def _no_provenance(name: str) -> Fault:
    return Fault(
        what="no provenance",
        file=_WHERE,
        where=name,
        expected='the key of an evidence record, or "assumption: " and the reason',
    )


#: Every parameter by its evidence name; REQUIRED_NAMES have no default and must come from evidence records.
PARAMETERS: Mapping[str, Quantity] = {
    _name(item): item.metadata["quantity"]
    for item in fields(SimulationParameters)
    if "quantity" in item.metadata
}
REQUIRED_NAMES: tuple[str, ...] = tuple(name for name, quantity in PARAMETERS.items() if not quantity.because)
