"""The page as values: everything the template shows, in reading order, with all words and numbers already made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from untoward.model.ledger import Fate
from untoward.report.charts import Chart
from untoward.report.numbers import count, counted, sentence_case
from untoward.report.signals.balance import balance_sentence, lost_rows, table_balances
from untoward.report.signals.content import (
    OnsetCurve,
    Row,
    RuleTally,
    SignalsContent,
    TopPair,
    Trend,
)
from untoward.report.signals.figures import between, cells, day, figure, flags
from untoward.report.signals.forest import MOST_ROWS, forest
from untoward.report.signals.series import onset_chart, trend_chart
from untoward.report.signals.volcano import volcano
from untoward.report.tables import Cell, TableView, table
from untoward.watch.signals.readus import Item

DISCLAIMER = (
    "A signal is a reason to look, not a cause found. Nothing here is a rate: reports are what somebody chose to send, "
    "and nobody knows how many were treated. Numbers of reports must not be compared as risks."
)
_INTERACTIONS_SHOWN = 15

TITLES = {"evans": "Evans", "ema": "EMA", "mhra": "MHRA", "umc": "UMC", "eb05": "EB05", "fdr": "FDR"}
"""The rules by the names that people know them by."""

_TITLES = {
    "flags": "What stands out",
    "pairs": "The strongest pairs",
    "time": "When it would have shown",
    "onset": "How soon it began",
    "interactions": "Two drugs together",
    "method": "How it was counted",
    "checklist": "READUS-PV checklist",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A numbered section: its anchor, its title, and the sentence that answers it."""

    key: str
    number: int
    title: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A rule with how many pairs it flags, and that as a share of the pairs listed, in percent of a bar."""

    name: str
    says: str
    flagged: str
    cannot_tell: str
    width: float
    main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """One of the strongest pairs: names, 2x2 table, measures in words, rules, and its reports."""

    number: int
    anchor: str
    drug: str
    event: str
    cells: tuple[str, str, str, str]
    measures: tuple[tuple[str, str], ...]
    flagged: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    report_ids: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallView:
    """A small picture with its title and the sentences below it."""

    title: str
    sub: str
    picture: Markup | None
    description: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """The whole page."""

    title: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    disclaimer: str
    sections: tuple[SectionView, ...]
    rules: tuple[RuleView, ...]
    volcano: Chart | None
    forest: Chart | None
    pairs: tuple[PairView, ...]
    trends: tuple[SmallView, ...]
    onsets: tuple[SmallView, ...]
    interactions: TableView | None
    settings: tuple[tuple[str, str], ...]
    prior: tuple[str, ...]
    balance: str
    tables: TableView
    lost: TableView | None
    checklist: tuple[tuple[str, tuple[Item, ...]], ...]
    provenance: tuple[tuple[str, str], ...]


def page_view(content: SignalsContent) -> PageView:
    """Everything the page shows."""
    flagged = _main(content)
    return PageView(
        title="Reported together more often than expected",
        facts=_facts(content),
        notes=content.notes,
        disclaimer=DISCLAIMER,
        sections=_sections(content),
        rules=tuple(_rule(rule, content) for rule in content.rules),
        volcano=volcano(content, f"Each pair by IC and p. {flagged}"),
        forest=forest(content.top, _forest_words(content)),
        pairs=tuple(_pair(number, pair) for number, pair in enumerate(content.top, start=1)),
        trends=tuple(_trend(trend) for trend in content.trends),
        onsets=tuple(_onset(curve) for curve in content.onsets),
        interactions=_interactions(content),
        settings=tuple(content.options.items()),
        prior=_prior(content),
        balance=balance_sentence(content.ledger),
        tables=_balances(content),
        lost=_lost(content),
        checklist=tuple(
            (section, tuple(items))
            for section, items in groupby(content.checklist, key=lambda item: item.section)
        ),
        provenance=(
            ("Read from", "; ".join(content.source.paths)),
            ("Made by", f"untoward {content.version}"),
        ),
    )


def _facts(content: SignalsContent) -> tuple[tuple[str, str], ...]:
    source = content.source
    received = ""
    if source.first_received and source.last_received:
        received = f"{day(source.first_received)} to {day(source.last_received)}"
    facts = (
        ("Source", sentence_case(source.title)),
        (
            "Sum of pair counts" if content.options["margins"] == "pair_sum" else "Reports",
            count(source.reports),
        ),
        ("Drugs", count(source.drugs)),
        ("Events", count(source.events)),
        ("Received", received),
        (
            "Pairs listed",
            f"{count(content.listed)} with {counted(content.least, 'report')} or more, of {count(content.pairs)}",
        ),
    )
    return tuple((name, value) for name, value in facts if value)


def _sections(content: SignalsContent) -> tuple[SectionView, ...]:
    answers = {
        "flags": _main(content),
        "pairs": f"The first {counted(len(content.top), 'pair')}, by the {content.order}.",
        "time": _time_words(content),
        "onset": _onset_words(content),
        "interactions": _interaction_words(content),
        "method": balance_sentence(content.ledger),
        "checklist": _checklist_words(content),
    }
    shown = [key for key in _TITLES if key != "interactions" or content.interactions is not None]
    return tuple(
        SectionView(key=key, number=number, title=_TITLES[key], answer=answers[key])
        for number, key in enumerate(shown, start=1)
    )


def _main(content: SignalsContent) -> str:
    rule = next(rule for rule in content.rules if rule.name == content.main_rule)
    says = f"{known_as(rule.name)}: {_printed(rule.says)}."
    return f"{count(rule.flagged)} of {counted(content.listed, 'pair')} are flagged by {says}"


def known_as(rule: str) -> str:
    """A rule by the name that people know it by."""
    return TITLES.get(rule, rule)


def _printed(says: str) -> str:
    return says.replace(">=", "≥").replace("<=", "≤")


def _rule(rule: RuleTally, content: SignalsContent) -> RuleView:
    return RuleView(
        name=known_as(rule.name),
        says=_printed(rule.says),
        flagged=count(rule.flagged),
        cannot_tell=count(rule.cannot_tell) if rule.cannot_tell else "",
        width=round(100 * rule.flagged / max(content.listed, 1), 1),
        main=rule.name == content.main_rule,
    )


def _forest_words(content: SignalsContent) -> str:
    shown = content.top[:MOST_ROWS]
    said = "; ".join(f"{pair.name}: IC {between(pair.row, 'ic', 'ic_low', 'ic_high')}" for pair in shown[:3])
    return f"IC with 95 % limits of the {len(shown)} strongest pairs. {said}."


def _pair(number: int, pair: TopPair) -> PairView:
    row = pair.row
    both, drug, event, neither = cells(row)
    found, unknown = flags(row)
    hidden = int(row["n"]) - len(pair.report_ids)
    return PairView(
        number=number,
        anchor=f"pair-{number}",
        drug=str(row["drug"]),
        event=str(row["event"]),
        cells=(count(both), count(drug), count(event), count(neither)),
        measures=tuple(_measures(row)),
        flagged=tuple(known_as(name) for name in found),
        cannot_tell=tuple(known_as(name) for name in unknown),
        report_ids=pair.report_ids,
        more=f"and {count(hidden)} more" if pair.report_ids and hidden > 0 else "",
    )


def _measures(row: Row) -> Iterator[tuple[str, str]]:
    yield "Expected", figure(row["expected"])
    yield "PRR", between(row, "prr", "prr_low", "prr_high")
    yield "ROR", between(row, "ror", "ror_low", "ror_high")
    yield "IC", between(row, "ic", "ic_low", "ic_high")
    yield "EBGM (EB05–EB95)", between(row, "ebgm", "eb05", "eb95")
    yield "χ² (Yates)", figure(row["chi2_yates"])
    yield "mid-P", figure(row["mid_p"])
    if row.get("heterogeneity_p") is not None:
        yield "Strata differ, p", figure(row["heterogeneity_p"])


def _trend(trend: Trend) -> SmallView:
    if trend.first_signal is None:
        first = f"{known_as(trend.rule)} never flagged it."
    else:
        reports = counted(trend.first_n or 0, "report")
        first = f"First flagged ({known_as(trend.rule)}) in the {trend.period} from {day(trend.first_signal)}, with {reports}."
    undated = f"{counted(trend.undated, 'report')} without a date left out." if trend.undated else ""
    few = "" if trend_chart(trend) else "Too few periods to draw."
    return SmallView(
        title=trend.event,
        sub=trend.drug,
        picture=trend_chart(trend),
        description=f"IC of {trend.drug} with {trend.event} by {trend.period}. {first}",
        lines=tuple(line for line in (first, few, trend.sequential, undated) if line),
    )


def _onset(curve: OnsetCurve) -> SmallView:
    low, high = curve.quartile_days
    days = f"{counted(curve.known, 'report')} give both days, {count(curve.unknown)} do not."
    middle = ""
    if curve.median_day is not None:
        quarters = f" (half of them between day {figure(low)} and {figure(high)})" if low is not None else ""
        middle = f"Median day {figure(curve.median_day)}{quarters}."
    return SmallView(
        title=curve.event,
        sub=curve.drug,
        picture=onset_chart(curve),
        description=f"Share of reports of {curve.event} after {curve.drug} begun by each day. {middle}",
        lines=tuple(line for line in (middle, days, curve.weibull, curve.compared) if line),
    )


def _time_words(content: SignalsContent) -> str:
    if not content.source.has_reports:
        return "A table of counts has no dates."
    if not content.trends:
        return "The reports have no dates of receipt, or all of them fall into one period."
    return (
        "The strongest pairs, with all reports received by the end of each period. "
        "Dot: the first period in which the rule held."
    )


def _onset_words(content: SignalsContent) -> str:
    if not content.onsets:
        return "No pair has enough reports that tell both when it was given and when the event began."
    return "Among reports that tell both days. Reports are sent sooner when something happens soon, so early days are overfull."


def _interaction_words(content: SignalsContent) -> str:
    rows = content.interactions or ()
    if not rows:
        return "No event is named by enough reports with two drugs to compare them."
    above = sum(bool(row["signal_omega"]) for row in rows)
    return (
        f"{counted(above, 'combination')} of the {count(len(rows))} strongest with a lower limit of omega above 0: "
        "more reports than the excess of both drugs adds up to."
    )


def _checklist_words(content: SignalsContent) -> str:
    stated = sum(bool(item.stated) for item in content.checklist)
    return (
        f"This run states {count(stated)} of {counted(len(content.checklist), 'item')}, wholly or in part; "
        "the rest is for the author."
    )


def _interactions(content: SignalsContent) -> TableView | None:
    if not content.interactions:
        return None
    rows = (
        (
            Cell(text=str(row["event"]), note=f"{row['drug_1']} + {row['drug_2']}"),
            f"{count(row['n'])} of {count(row['n_both'])}",
            figure(row["expected"]),
            between(row, "omega", "omega_low", "omega_high"),
            figure(row["multiplicative_low"]),
        )
        for row in content.interactions[:_INTERACTIONS_SHOWN]
    )
    headings = (
        "Event, and the two drugs",
        "#Reports",
        "#Expected",
        "#Omega (95 %)",
        "#Multiplicative, lower",
    )
    return table("Pairs of drugs with an event", headings, rows)


def _prior(content: SignalsContent) -> tuple[str, ...]:
    return tuple(line for line in content.settings if line.startswith("EBGM"))


def _balances(content: SignalsContent) -> TableView:
    rows = (
        (one.file.rsplit("/", 1)[-1], one.table, *map(count, (one.read, one.kept, one.merged, one.dropped)))
        for one in table_balances(content.ledger)
    )
    return table("Rows of every file", ("File", "Table", "#Read", "#Kept", "#Merged", "#Dropped"), rows)


def _lost(content: SignalsContent) -> TableView | None:
    lost = lost_rows(content.ledger)
    if not lost:
        return None
    rows = (
        (
            Cell(text=one.reason, note="; ".join(one.examples)),
            one.table,
            "merged" if one.fate is Fate.MERGED else "dropped",
            count(one.rows),
        )
        for one in lost
    )
    return table("What was merged or dropped, and why", ("Why", "Table", "What", "#Rows"), rows)
