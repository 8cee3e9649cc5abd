"""A made-up review, large enough to look at: three clinics, one vial that made people ill. Nothing in it was observed.

Counts are invented; every interval, ratio and p value is computed from them by the project's kernels.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from untoward.kernels.intervals import clopper_pearson
from untoward.kernels.two_by_two import Estimate as KernelEstimate
from untoward.kernels.two_by_two import (
    Table,
    fisher_exact_greater,
    fisher_exact_two_sided,
    mid_p_two_sided,
    odds_ratio_conditional,
    risk_ratio,
)  # fmt: skip
from untoward.model.counts import EpiCurve, EpiCurveBin, Estimate, ExposureResult, Proportion, TwoByTwo
from untoward.model.finding import (
    Assessment,
    CannotTell,
    Coded,
    CourseStanding,
    CourseState,
    Disposition,
    Finding,
)  # fmt: skip
from untoward.model.review import (
    CaseLine,
    CourseSummary,
    EvidenceUsed,
    MissingData,
    OutcomeScreen,
    Provenance,
    Review,
    Totals,
    Unrecognised,
)  # fmt: skip
from untoward.model.tables import ColumnTaken, RowLedger

AS_OF = "2026-11-20T18:00"
TESTED = 214

BANDS = {
    "bruise": ((2.0, 7.5, 19.0), 30.0, 412),
    "nodule": ((4.0, 14.0, 48.0), 90.0, 212),
    "swelling": ((0.8, 3.0, 11.5), 28.0, 1022),
    "pain": ((0.1, 0.9, 6.2), 14.0, 933),
}

Case = tuple[str, str, str, Disposition, CourseState, float | None, str | None, str]
E_, L_, N_ = CourseState.BEYOND, CourseState.LATE, CourseState.NO_DATA
URGENT: tuple[Case, ...] = (
    ("R-2210", "hives", "Hives and hoarse voice", Disposition.EMERGENCY_NOW, N_, 0.014, "2026-11-20T17:20",
     "Skin and airway are both involved within two hours of the session: this meets the criteria for anaphylaxis."),
    ("R-2187", "necrosis", "Skin necrosis", Disposition.WITHIN_1H, N_, 0.9, "2026-11-20T15:10",
     "A dusky, blistered patch with severe pain on the cheek within a day of the injection: blood supply may be cut off."),
    ("R-2179", "fever", "Fever with spreading redness", Disposition.SAME_DAY, N_, 5.2, "2026-11-20T11:30",
     "Redness that grows with a temperature of 38.6 °C: an infection of the skin that is spreading."),
    ("R-1933", "nodule", "Nodule", Disposition.WITHIN_72H, E_, 96.0, "2026-11-16T09:00",
     "Six firm lumps that came 3 weeks after the session and did not heal under an ordinary antibiotic: think of mycobacteria."),
    ("R-1941", "nodule", "Nodule", Disposition.WITHIN_72H, E_, 93.0, "2026-11-18T10:15",
     "Firm lumps along the injection row, discharging since last week: think of mycobacteria."),
    ("R-1987", "nodule", "Nodule", Disposition.WITHIN_72H, L_, 71.0, "2026-11-19T16:40",
     "Three red lumps, one softening, five weeks after the session and not healing: think of mycobacteria."),
    ("R-2051", "nodule", "Nodule", Disposition.WITHIN_72H, L_, 58.0, "2026-11-20T09:05",
     "New lumps eight weeks after the session; whether an antibiotic was tried is not recorded."),
    ("R-2102", "swelling", "Swelling", Disposition.WITHIN_72H, L_, 19.0, None,
     "The swelling has come back after it was gone; the day it was last seen is not recorded."),
)  # fmt: skip
OFF_ONLY: tuple[Case, ...] = (
    ("R-1702", "bruise", "Bruise", Disposition.ROUTINE, E_, 64.0, "2026-11-12T12:00", "A brown stain where the bruise was."),
    ("R-1755", "bruise", "Bruise", Disposition.ROUTINE, L_, 24.0, "2026-11-14T08:30", "Yellow-green, fading."),
    ("R-1760", "swelling", "Swelling", Disposition.ROUTINE, E_, 41.0, "2026-11-17T13:00", "Soft, painless, unchanged."),
    ("R-1811", "pain", "Pain at the site", Disposition.ROUTINE, L_, 9.0, "2026-11-18T18:20", "Only on pressure."),
    ("R-1830", "nodule", "Nodule", Disposition.ROUTINE, L_, 52.0, "2026-11-19T10:00", "One firm lump, shrinking, painless."),
    ("R-1844", "pain", "Pain at the site", Disposition.SELF_CARE, L_, 7.0, "2026-11-19T12:00", "Less than yesterday."),
    ("R-1852", "swelling", "Swelling", Disposition.SELF_CARE, L_, 14.0, "2026-11-20T08:00", "Nearly gone."),
)  # fmt: skip


def example_review() -> Review:
    """The whole made-up review."""
    urgent = tuple(case_line(case, number) for number, case in enumerate(URGENT))
    off_only = tuple(case_line(case, number + 20) for number, case in enumerate(OFF_ONLY))
    off_course = tuple(line for line in urgent if line.course in {E_, L_}) + off_only
    return Review(
        title="Registry of three clinics, spring 2025 to autumn 2026",
        provenance=provenance(),
        totals=Totals(
            sessions=6012, patients=1874, components=14033, reactions=412, observations=958, clinics=3,
            first_date="2025-05-19", last_date="2026-11-20",
        ),
        dispositions=dict(zip(Disposition, (1, 1, 1, 5, 61, 343), strict=True)),
        urgent=urgent,
        off_course=off_course,
        off_course_total=len(off_course),
        courses=courses(),
        outcomes=tuple(outcome(number) for number in range(4)),
        epi_curves=(epi_curve(),),
        missing=missing(),
        unrecognised=(
            Unrecognised(table="components", column="compound", name="lipo mix 7", rows=212, suggestions=("lipolysis mix",)),
            Unrecognised(table="components", column="compound", name="silorg", rows=41),
            Unrecognised(table="reactions", column="term", name="hard bit", rows=3, suggestions=("nodule", "induration")),
        ),
        columns=columns(),
        ledger=(
            RowLedger(table="sessions", read=6019, kept=6012, left_out=7),
            RowLedger(table="components", read=14041, kept=14033, left_out=8),
            RowLedger(table="reactions", read=412, kept=412, left_out=0),
            RowLedger(table="observations", read=958, kept=958, left_out=0),
        ),
        faults_left_out=15,
        evidence=tuple(evidence(number) for number in range(20)),
        urgent_total=len(urgent),
        closed_urgent=2,
    )  # fmt: skip


def large_review(lines: int = 200) -> Review:
    """The same review with this many lines, half urgent and half off course, each with its own id."""
    base = example_review()
    made = tuple(
        replace(base.urgent[number % 8], reaction_id=f"L-{number:05d}", patient_id=f"P-{number:05d}")
        for number in range(lines)
    )
    half = lines // 2
    return replace(
        base, urgent=made[:half], off_course=made[half:], urgent_total=half, off_course_total=lines - half
    )


def provenance() -> Provenance:
    return Provenance(
        version="0.1.0",
        rule_set="2026.11+sha256:6b1f0c9a",
        evidence_version="2026.11.2+sha256:e01b77d2",
        inputs={
            f"{name}.csv": f"{number:x}" * 64
            for number, name in enumerate(("sessions", "components", "reactions"), 10)
        },
        as_of=AS_OF,
        parameters={"bin_days": "7", "level": "0.95", "leave_out_faulty_rows": "yes"},
    )


def case_line(case: Case, number: int) -> CaseLine:
    key, term, label, disposition, state, day, seen, why = case
    session = (date(2026, 11, 20) - timedelta(days=int(day or 0) + number % 3)).isoformat()
    hours = disposition.deadline_hours
    due = (
        None
        if hours is None or seen is None
        else (datetime.fromisoformat(seen) + timedelta(hours=hours)).isoformat()
    )
    shared_vial = term == "nodule"
    return CaseLine(
        reaction_id=key,
        patient_id=f"P-{1100 + 7 * number:04d}",
        session_id=f"S-{5200 + 13 * number}",
        session_date=session,
        term=term,
        term_label=label,
        last_seen_day=day,
        last_seen_date=seen,
        open=True,
        disposition=disposition,
        deadline=due,
        overdue=due is not None and due < AS_OF,
        course=state,
        assessment=assessment(term, label, disposition, state, day, why),
        clinic=("North", "Harbour", "Old Town")[number % 3] if not shared_vial else "Harbour",
        practitioner=f"Injector {number % 5 + 1}",
        compounds=("deoxycholic acid", "phosphatidylcholine", "lidocaine")
        if number % 2
        else ("procaine", "L-carnitine"),
        lots=("L-2093",) if shared_vial else (f"L-{2000 + number}",),
        vials=("V-0107",) if shared_vial else (),
    )


def assessment(
    term: str, label: str, disposition: Disposition, state: CourseState, day: float | None, why: str
) -> Assessment:
    fired = Finding(
        rule="NTM01" if term == "nodule" else "COURSE01",
        disposition=disposition,
        statement=why,
        threshold="nodule, first seen > 7 days after the session, not healing"
        if term == "nodule"
        else "day > 95 % limit",
        facts_used={
            label: "yes",
            "day since the session": "not known" if day is None else f"{day:g}",
            "count": "6",
        },
        facts_missing=("culture for mycobacteria", "antibiotic tried"),
        evidence=("record-3", "record-7"),
    )
    second = Finding(
        rule="INF02",
        disposition=Disposition.ROUTINE,
        statement="Local signs without fever; look again.",
        threshold="redness or warmth, temperature < 38.0 °C",
        facts_used={"temperature": "36.8 °C"},
        facts_missing=("redness",),
        evidence=("record-1", "not-listed"),
    )
    return Assessment(
        day=day,
        disposition=disposition,
        summary=why,
        findings=(fired, second),
        not_evaluated=(
            CannotTell(rule="SEP02", missing=("respiratory rate", "blood pressure")),
            CannotTell(rule="VAS01", missing=("capillary refill",)),
        ),
        course=standings(term, state, day),
        ask=lambda: (
            "Was an antibiotic tried, which, and for how long?",
            "Is any lump discharging?",
            "Any fever at home?",
        ),
        coded=(Coded(term=term, negated=False, origin="findings"),),
        unrecognised=("hard bit",) if term == "nodule" else (),
        look_again_day=(day or 0) + 4,
    )


def standings(term: str, state: CourseState, day: float | None) -> tuple[CourseStanding, ...]:
    none = CourseStanding(term=term, compound="procaine", state=CourseState.NO_DATA, day=day)
    if term not in BANDS:
        return (none,)
    band, longest, people = BANDS[term]
    known = CourseStanding(
        term=term, compound="deoxycholic-acid", state=state, day=day, band_days=band, longest_days=longest,
        still_present=0.03 if state is L_ else 0.0004, people=people, evidence=("record-3",),
    )  # fmt: skip
    return (known, none)


def courses() -> tuple[CourseSummary, ...]:
    shares = {
        "swelling": (171, 148, 4, 1, 18),
        "bruise": (119, 113, 3, 1, 2),
        "pain": (88, 82, 2, 0, 4),
        "nodule": (26, 12, 5, 3, 6),
    }
    labels = {"swelling": "Swelling", "bruise": "Bruise", "pain": "Pain at the site", "nodule": "Nodule"}
    known = [
        CourseSummary(
            term=term, term_label=labels[term], reactions=all_, within=within, late=late, beyond=beyond, no_data=none,
            incidence=proportion(all_, 6012), published=("72 to 87 % (deoxycholic acid, n = 513)",) if term != "nodule" else (),
        )
        for term, (all_, within, late, beyond, none) in shares.items()
    ]  # fmt: skip
    rare = CourseSummary(
        term="psoriasis", term_label="Psoriasis at the site", reactions=8, within=0, late=0, beyond=0, no_data=8,
        incidence=proportion(8, 6012)
    )  # fmt: skip
    return (*known, rare)


def outcome(number: int) -> OutcomeScreen:
    """Outcome 0 has the planted vial on top, 1 an infinite ratio, 2 nothing that stands out, 3 no denominator."""
    names = ("Mycobacterial infection suspected", "Skin necrosis", "Swelling", "Allergic reaction")
    cases, n = ((26, 6012), (3, 6012), (171, 6012), (9, 6012))[number]
    readings = (
        "Vial V-0107 stands out: 9 of the 11 sessions that shared it were followed by lumps, 0.03 expected. "
        "It would still stand out after correction for all 214 exposures.",
        "Three cases are too few to tell: the intervals are wide, and no exposure stands out after correction.",
        "No exposure stands out after correction for 214 exposures.",
        "Nine cases, no exposure stands out; the practitioner is not recorded for a third of the sessions.",
    )
    return OutcomeScreen(
        outcome=names[number],
        definition="Counted by session: a reaction of this group after it, before the next session of the same person.",
        unit="session",
        attack_rate=proportion(cases, n),
        attack_rate_persons=proportion(cases - 1, 1874) if number == 0 else None,
        tested=TESTED,
        results=tuple(exposure(number, rank, cases, n) for rank in range(15)),
        reading=readings[number],
        axes_without_data=("device", "diluent") if number == 0 else (),
    )


_AXES = ("vial", "lot", "mix", "clinic", "practitioner", "compound", "site", "technique", "product")


def exposure(number: int, rank: int, cases: int, n: int) -> ExposureResult:
    first = number == 0 and rank == 0
    exposed = 11 if first else (37, 410, 950, 1600, 2400)[rank % 5] + 13 * rank
    ill = 9 if first else min(cases, max(0, round(cases * exposed / n * (1.7 - 0.16 * rank))))
    if number == 1 and rank == 0:
        exposed, ill = 402, 3
    axis = _AXES[rank % len(_AXES)]
    value = {
        "vial": "V-0107", "lot": "L-2093", "mix": "deoxycholic acid + lidocaine + phosphatidylcholine", "clinic": "Harbour",
        "practitioner": "Injector 4", "compound": "phosphatidylcholine", "site": "thigh", "technique": "mesotherapy",
        "product": "Lipo forte",
    }[axis]  # fmt: skip
    table = Table(ill, exposed - ill, cases - ill, n - exposed - (cases - ill))
    greater = fisher_exact_greater(table)
    return ExposureResult(
        axis=axis,
        value=value if rank < 9 else f"{value} {rank}",
        outcome="outcome",
        table=TwoByTwo(a=table.a, b=table.b, c=table.c, d=table.d),
        unknown=417 if axis in {"vial", "lot"} else 0,
        attack_rate_exposed=proportion(ill, exposed),
        attack_rate_unexposed=proportion(cases - ill, n - exposed),
        risk_ratio=estimate(risk_ratio(table)),
        odds_ratio=estimate(odds_ratio_conditional(table)),
        p=fisher_exact_two_sided(table),
        p_mid=mid_p_two_sided(table),
        p_greater=greater,
        p_adjusted=min(1.0, greater * TESTED),
        cases=tuple(case[0] for case in URGENT if case[1] == "nodule")
        + tuple(f"R-09{one:02d}" for one in range(ill)),
    )


def epi_curve() -> EpiCurve:
    counts = (0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 2, 4, 7, 5, 3, 1, 0, 0, 0, 0, 0)
    start = date(2026, 4, 20)
    bins = tuple(
        EpiCurveBin(
            start=(start + timedelta(weeks=at)).isoformat(),
            end=(start + timedelta(weeks=at + 1)).isoformat(),
            n=n,
        )
        for at, n in enumerate(counts)
    )
    return EpiCurve(
        outcome="Mycobacterial infection suspected",
        bin_days=7,
        bins=bins,
        without_date=0,
        reading="Onsets rise from 31 Aug and peak in the week of 14 Sep 2026 with 7 cases; 22 of 26 fall within six weeks.",
    )


def missing() -> tuple[MissingData, ...]:
    return (
        MissingData(table="components", column="vial", missing=5211, of=14033, matters_for="which vial was shared"),
        MissingData(table="components", column="lot", missing=1960, of=14033, matters_for="which lot to recall"),
        MissingData(table="observations", column="temperature", missing=803, of=958, matters_for="how far an infection went"),
        MissingData(table="sessions", column="practitioner", missing=1998, of=6012, matters_for="rates by practitioner"),
        MissingData(table="reactions", column="resolved_date", missing=88, of=412, matters_for="how long reactions lasted"),
    )  # fmt: skip


def columns() -> tuple[ColumnTaken, ...]:
    names = (
        ("visit", "session_id"),
        ("fecha", "date"),
        ("lote", "lot"),
        ("injector", "practitioner"),
        ("hair colour", None),
    )
    return tuple(
        ColumnTaken(
            file="sessions.csv",
            header=header,
            taken_for=taken,
            how="a known alias" if taken else "no name is close",
        )
        for header, taken in names
    )


def evidence(number: int) -> EvidenceUsed:
    return EvidenceUsed(
        key=f"record-{number}",
        statement=f"Made-up statement {number}: swelling lasts a median of 3 days (n = 1,022; 95 % over by 11.5 days).",
        citation=f"Invented citation {number}, written for tests; no such paper",
        url=f"https://example.org/paper-{number}" if number % 4 else None,
        locator="table 2",
        grade="ABC"[number % 3],
        verified=number % 2 == 0,
    )


def proportion(cases: int, n: int) -> Proportion:
    low, high = clopper_pearson(cases, n)
    return Proportion(cases=cases, n=n, value=cases / n, low=low, high=high)


def estimate(kernel: KernelEstimate) -> Estimate:
    return Estimate(
        value=kernel.value, low=kernel.low, high=kernel.high, method=kernel.method, level=kernel.level, reason=kernel.reason or ""
    )  # fmt: skip
