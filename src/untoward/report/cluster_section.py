"""Clusters on the review page: what stands out on any axis, who the cases are, and what may explain them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
)
from untoward.report.charts import Chart, curve_chart
from untoward.report.dates import spoken
from untoward.report.numbers import count, counted, p_value, ratio, sentence_case
from untoward.report.tables import Cell, Link, TableView, table

NO_CLUSTERS = "Not looked for: that needs a registry of sessions, with those after which nothing happened."

CLEAR = 0.05
MOST_LINES = 100
MOST_HYPOTHESES = 6

_LINE_HEADINGS = (
    "Reaction",
    "Person",
    "What",
    "Session",
    "Began",
    "#Days",
    "Clinic",
    "Practitioner",
    "Lots",
    "Vials",
    "Already in a known outbreak",
)

_OVERLAP_WORDS: Mapping[Overlap, str] = {
    Overlap.SAME: "the same cases",
    Overlap.INSIDE: "all of these cases, and more",
    Overlap.AROUND: "some of these cases and no others",
    Overlap.PARTLY: "some of these cases, and others",
}

FACT_WORDS: Mapping[FactKind, str] = {
    FactKind.LOOK_UP: "Look up",
    FactKind.CULTURE: "Culture",
    FactKind.ASK: "Ask",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCard:
    """One cluster as it is shown. `stands_out` is whether its p is below `CLEAR`."""

    anchor: str
    title: str
    stands_out: bool
    reading: str
    facts: tuple[tuple[str, str], ...]
    chart: Chart | None
    chart_reading: str
    line_list: TableView | None
    line_list_shown: str
    shares: tuple[tuple[Link, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisRow:
    """One explanation: its name, its probability in words and as a share of 100, and what it accounts for."""

    label: str
    probability: str
    share: float
    accounts: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationView:
    """Ranked explanations of some clusters, and the facts that would tell, as (what to do, what, why, assumption)."""

    anchor: str
    title: str
    reading: str
    rows: tuple[HypothesisRow, ...]
    facts: tuple[tuple[str, str, str, str], ...]
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersView:
    """The whole section."""

    summary: str
    cards: tuple[ClusterCard, ...]
    explanations: tuple[ExplanationView, ...]
    look_anyway: tuple[str, ...]
    scanned: TableView | None
    rules: tuple[tuple[str, str], ...]


def clusters_view(answer: ClusterAnswer, cards: Mapping[str, str]) -> ClustersView:
    """The section. `cards` maps the ids of reactions to the anchors of their cards on the page."""
    anchors = [f"cluster-{number}" for number in range(1, len(answer.clusters) + 1)]
    return ClustersView(
        summary=clusters_summary(answer),
        cards=tuple(
            _card(cluster, anchor, answer.clusters, anchors, cards)
            for cluster, anchor in zip(answer.clusters, anchors, strict=True)
        ),
        explanations=tuple(
            _explanation(one, f"explained-{number}", answer.clusters)
            for number, one in enumerate(answer.explanations, start=1)
        ),
        look_anyway=answer.look_anyway,
        scanned=_scanned(answer.outcomes) if answer.outcomes else None,
        rules=tuple(_rules(answer.outcomes)),
    )


def clusters_summary(answer: ClusterAnswer) -> str:
    """One sentence: the clearest cluster, or that none stands out, or that nothing could be scanned."""
    clear = [cluster for cluster in answer.clusters if cluster.p <= CLEAR]
    if clear:
        first = clear[0]
        more = f" {counted(len(clear) - 1, 'more cluster')} below." if len(clear) > 1 else ""
        return (
            f"{sentence_case(place_names(first.where))}: {count(first.observed)} persons with {first.outcome}, "
            f"{expected(first.expected)} expected (p {p_value(first.p)} over everything that was looked at).{more}"
        )
    if any(not one.not_scanned for one in answer.outcomes):
        return "No vial, lot, mix, person or place holds more cases than chance explains."
    return "Nothing could be scanned for clusters: " + (
        answer.outcomes[0].not_scanned if answer.outcomes else "no outcome has two cases."
    )


def place_names(where: Sequence[Place]) -> str:
    """As in "vial V7", or "lecithin with procaine" for two compounds of one syringe."""
    if len(where) > 1 and all(place.axis == "compound" for place in where):
        return " with ".join(place.value for place in where)
    return ", ".join(f"{place.axis} {place.value}" for place in where)


def expected(value: float) -> str:
    """An expected count with two digits that count."""
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def _card(
    cluster: Cluster,
    anchor: str,
    all_clusters: Sequence[Cluster],
    anchors: Sequence[str],
    cards: Mapping[str, str],
) -> ClusterCard:
    curve = cluster.epi_curve
    drawn = (
        curve_chart(curve.bins, f"Bars: cases of this cluster by onset. {curve.reading}") if curve else None
    )
    shown = cluster.line_list[:MOST_LINES]
    rest = len(cluster.line_list) - len(shown)
    return ClusterCard(
        anchor=anchor,
        title=sentence_case(place_names(cluster.where)),
        stands_out=cluster.p <= CLEAR,
        reading=cluster.reading,
        facts=tuple(_facts(cluster)),
        chart=drawn,
        chart_reading=curve.reading if curve and drawn else "",
        line_list=_line_list(cluster, shown, cards) if shown else None,
        line_list_shown=f"{count(rest)} more in review.json." if rest else "",
        shares=tuple(
            (
                Link(
                    text=_title_with_outcome(all_clusters[shared.cluster], cluster),
                    href=f"#{anchors[shared.cluster]}",
                ),
                f"{_OVERLAP_WORDS[shared.overlap]} ({count(shared.common)} in common)",
            )
            for shared in cluster.shares
        ),
    )


def _title_with_outcome(other: Cluster, here: Cluster) -> str:
    name = sentence_case(place_names(other.where))
    return name if other.outcome == here.outcome else f"{name} ({other.outcome})"


def _facts(cluster: Cluster) -> Iterable[tuple[str, str]]:
    yield "Outcome", cluster.outcome
    yield "Cases", f"{count(cluster.observed)} observed, {expected(cluster.expected)} expected"
    yield "Who", f"{counted(cluster.persons, 'person')}, {counted(cluster.sessions, 'session')}"
    period = f"{spoken(cluster.start)} to {spoken(cluster.end)}"
    yield "When", f"{period} (a window that was searched for)" if cluster.in_window else period
    yield "Relative risk", ratio(cluster.relative_risk)
    yield (
        "Chance",
        f"p {p_value(cluster.p)} over all places and windows; {count(cluster.replicates)} replicates",
    )
    yield "Already in a known outbreak?", _known(cluster)


def _known(cluster: Cluster) -> str:
    if not cluster.known_outbreaks:
        return "none of these cases is recorded as part of one"
    parts = (
        f"{count(n)} of {count(cluster.observed)} in {name}" for name, n in cluster.known_outbreaks.items()
    )
    return "; ".join(parts)


def _line_list(cluster: Cluster, shown: Sequence[ClusterCase], cards: Mapping[str, str]) -> TableView:
    caption = f"Cases of {cluster.outcome}, {place_names(cluster.where)}"
    return table(caption, _LINE_HEADINGS, [_line(case, cards) for case in shown])


def _line(case: ClusterCase, cards: Mapping[str, str]) -> tuple[Cell | str, ...]:
    card = cards.get(case.reaction_id)
    days = "not known" if case.days_to_onset is None else f"{case.days_to_onset:.0f}"
    return (
        Cell(links=(Link(text=case.reaction_id, href=f"#{card}"),)) if card else Cell(text=case.reaction_id),
        case.patient_id,
        case.term,
        Cell(text=spoken(case.session_date), note=", ".join(case.sessions)),
        spoken(case.onset_date) if case.onset_date else "not known",
        days,
        case.clinic or "not recorded",
        case.practitioner or "not recorded",
        ", ".join(case.lots) or "not recorded",
        ", ".join(case.vials) or "not recorded",
        case.known_outbreak or "none recorded",
    )


def _explanation(explanation: Explanation, anchor: str, clusters: Sequence[Cluster]) -> ExplanationView:
    named = ", ".join(place_names(clusters[at].where) for at in explanation.clusters[:3])
    rest = len(explanation.clusters) - 3
    others = f" and {counted(rest, 'further cluster')}" if rest > 0 else ""
    rows = [_hypothesis(one) for one in explanation.hypotheses[:MOST_HYPOTHESES]]
    chance = HypothesisRow(
        label="Nothing in common",
        probability=probability(explanation.nothing_in_common),
        share=100 * explanation.nothing_in_common,
        accounts="chance alone",
        reading="",
    )
    return ExplanationView(
        anchor=anchor,
        title=f"What explains {named}{others}?",
        reading=explanation.reading,
        rows=(*rows, chance),
        facts=tuple(
            (FACT_WORDS[fact.kind], fact.what, fact.why, fact.assumption) for fact in explanation.facts
        ),
        method=explanation.method,
    )


def _hypothesis(one: Hypothesis) -> HypothesisRow:
    cases = one.cases_with + one.cases_without
    unknown = f"; of {count(one.cases_unknown)} it is not recorded" if one.cases_unknown else ""
    return HypothesisRow(
        label=one.label,
        probability=probability(one.probability),
        share=100 * one.probability,
        accounts=(
            f"{count(one.cases_with)} of {counted(cases, 'case')}{unknown}; "
            f"{counted(one.persons_with, 'person')} had it, {expected(one.expected)} cases expected"
        ),
        reading=one.reading,
    )


def probability(value: float) -> str:
    """A probability in percent that never says 0 or 100."""
    if value < 0.005:
        return "under 1 %"
    return "over 99 %" if value > 0.995 else f"{100 * value:.0f} %"


def _scanned(outcomes: Sequence[OutcomeScanned]) -> TableView:
    rows = [
        (
            sentence_case(one.outcome),
            count(one.cases),
            count(one.places) if not one.not_scanned else "not scanned",
            count(one.replicates) if not one.not_scanned else "",
            one.not_scanned or one.reading,
        )
        for one in outcomes
    ]
    headings = ("Outcome", "#Persons ill", "#Places with two cases or more", "#Replicates", "Reading")
    return table("What was scanned for clusters", headings, rows)


def _rules(outcomes: Sequence[OutcomeScanned]) -> Iterable[tuple[str, str]]:
    """How several sessions count and which delays were used, each sentence once with the outcomes it holds for."""
    for heading, read in (("How sessions count", "counting_rule"), ("Delays", "delay")):
        said: dict[str, list[str]] = {}
        for one in outcomes:
            if not one.not_scanned:
                said.setdefault(getattr(one, read), []).append(one.outcome)
        for sentence, names in said.items():
            yield f"{heading} ({', '.join(names)})", sentence
