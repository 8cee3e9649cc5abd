"""A made-up answer about clusters: one vial that made people ill, its practitioner behind it. Nothing in it was observed."""

from __future__ import annotations

from dataclasses import replace

from untoward.model.clusters import (
    Cluster,
    ClusterAnswer,
    ClusterCase,
    Explanation,
    FactKind,
    Hypothesis,
    OutcomeScanned,
    Overlap,
    Place,
    SeparatingFact,
    SharedCases,
)
from untoward.model.counts import EpiCurve, EpiCurveBin, Estimate

VIAL = (Place(axis="vial", value="P2-V3"),)
PERSON = (Place(axis="practitioner", value="A. Ruiz"),)


def cluster_answer() -> ClusterAnswer:
    """Two clusters of the same outcome that share cases, and what explains them."""
    first = cluster(VIAL, 7, 0.3, "P2-V3", (SharedCases(cluster=1, overlap=Overlap.INSIDE, common=7),))
    second = cluster(PERSON, 9, 3.1, "A. Ruiz", (SharedCases(cluster=0, overlap=Overlap.AROUND, common=7),))
    return ClusterAnswer(
        as_of="2026-11-20T18:00",
        outcomes=(
            scanned("infection", ""),
            scanned("allergy", "Only 1 person is a case; a cluster needs two."),
        ),
        clusters=(first, replace(second, p=0.03, in_window=True, known_outbreaks={})),
        explanations=(explanation(),),
        look_anyway=("2 mycobacterial infections within 90 days share lot L12: have somebody look.",),
    )


def cluster(
    where: tuple[Place, ...], observed: int, expected: float, name: str, shares: tuple[SharedCases, ...]
) -> Cluster:
    """One cluster with its line list and curve."""
    bins = tuple(
        EpiCurveBin(start=f"2026-08-{day:02d}", end=f"2026-08-{day + 7:02d}", n=n)
        for day, n in ((3, 1), (10, observed - 1))
    )
    lines = tuple(line(number) for number in range(observed))
    return Cluster(
        where=where,
        start="2026-07-01",
        end="2026-07-09",
        in_window=False,
        outcome="infection",
        observed=observed,
        expected=expected,
        sessions=41,
        persons=40,
        relative_risk=Estimate(value=23.3, low=9.1, high=60.2, method="conditional exact"),
        llr=14.2,
        p=0.001,
        replicates=999,
        cases=tuple(case.reaction_id for case in lines),
        shares=shares,
        reading=f"{observed} cases among 41 sessions with {name}, {expected} expected.",
        line_list=lines,
        epi_curve=EpiCurve(
            outcome="infection", bin_days=7, bins=bins, without_date=0, reading="Most in August."
        ),
        known_outbreaks={"Madrid 2026": 3},
    )


def line(number: int) -> ClusterCase:
    """One case; the second has no onset and little else."""
    little = number == 1
    return ClusterCase(
        reaction_id=f"R-{number:04d}",
        patient_id=f"P-{number:03d}",
        sessions=(f"S-{number:03d}",),
        session_date="2026-07-03",
        onset_date=None if little else "2026-08-11",
        days_to_onset=None if little else 39.0,
        term="abscess",
        clinic=None if little else "North",
        practitioner=None if little else "A. Ruiz",
        lots=() if little else ("L12",),
        vials=() if little else ("P2-V3",),
        known_outbreak="Madrid 2026" if number < 3 else None,
    )


def explanation() -> Explanation:
    """Two hypotheses and two facts."""
    return Explanation(
        clusters=(0, 1),
        outcome="infection",
        method="Made-up comparison.",
        hypotheses=(
            hypothesis(VIAL, "vial P2-V3: this one vial", 0.93),
            hypothesis(PERSON, "practitioner A. Ruiz: how this person works", 0.06),
        ),
        nothing_in_common=0.004,
        facts=(
            SeparatingFact(
                kind=FactKind.LOOK_UP,
                what="the vial of reaction R-0001",
                why="It is not recorded.",
                bits=0.4,
            ),
            SeparatingFact(
                kind=FactKind.CULTURE,
                what="what is left of vial P2-V3",
                why="Growth speaks for it.",
                bits=0.3,
                assumption="Takes 35 of 51.",
            ),
        ),
        reading="Best explanation: vial P2-V3: this one vial (93 %).",
    )


def hypothesis(where: tuple[Place, ...], label: str, probability: float) -> Hypothesis:
    """One hypothesis with some cases of which nobody knows."""
    return Hypothesis(
        where=where,
        label=label,
        probability=probability,
        log_bayes_factor=12.0,
        prior=0.001,
        cases_with=7,
        cases_without=4,
        cases_unknown=1,
        persons_with=40,
        expected=0.3,
        reading="7 cases among 40 persons.",
    )


def scanned(outcome: str, not_scanned: str) -> OutcomeScanned:
    """One outcome, scanned or not."""
    return OutcomeScanned(
        outcome=outcome,
        definition="Made up.",
        cases=12,
        persons=1874,
        sessions=6012,
        places_all=2357,
        places=31,
        replicates=999,
        strata=4,
        counting_rule="A person counts once at every place of the sessions in reach.",
        delay="Median 31 days.",
        reading="1 cluster.",
        not_scanned=not_scanned,
    )
