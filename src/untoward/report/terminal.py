"""The review in a terminal: the same words in the same order as the page, in about one screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from untoward.model.counts import EpiCurve
from untoward.model.review import CaseLine, OutcomeScreen, Review
from untoward.report.cluster_section import FACT_WORDS, NO_CLUSTERS, clusters_summary
from untoward.report.curves import curve_summary, leading_curve
from untoward.report.data_quality import missing_share, missing_summary
from untoward.report.dates import since_session, spoken
from untoward.report.exposures import exposure_name
from untoward.report.numbers import count, counted, p_value, proportion, ratio, sentence_case
from untoward.report.tokens import DISPOSITIONS
from untoward.report.words import (
    COURSE_SHORT,
    DISPOSITION_WORDS,
    NOT_A_DIAGNOSIS,
    SECTION_TITLES,
    course_summary,
    deadline_words,
    looked_at,
    off_course_total,
    overdue_words,
    period,
    urgent_summary,
    urgent_total,
)

MOST_URGENT, MOST_OFF_COURSE, MOST_OUTCOMES, MOST_EXPOSURES, MOST_LOOKS, MOST_GAPS = 4, 2, 3, 3, 2, 2
FILES = ("review.html", "review.json", "line-list.csv")
_BARS = " ▁▂▃▄▅▆▇█"
_PLAIN_BARS = " .:-=+*#@"
_MUTED = "dim"


def render_terminal(review: Review, console: Console, *, written: Sequence[str] = FILES) -> None:
    """Print the summary of a review: readable at 80 columns, text of the data taken literally, never as markup.

    `written` names the files that hold the whole review, as the last line points to them.
    """
    _top(review, console)
    _urgent(review, console)
    _course(review, console)
    _exposures(review, console)
    _clusters(review, console)
    _curve(review, console)
    _missing(review, console)
    _evidence(review, console)
    console.print()
    _say(console, f"Whole review: {', '.join(written)}", style="bold")


def _top(review: Review, console: Console) -> None:
    as_of = review.provenance.as_of
    _say(console, review.title, style="bold")
    _say(console, ", ".join(looked_at(review.totals)))
    dates = (period(review.totals), f"as of {spoken(as_of)}" if as_of else "")
    _say(console, "; ".join(part for part in dates if part))
    _say(console, NOT_A_DIAGNOSIS, style=_MUTED)


def _head(console: Console, key: str) -> None:
    number = list(SECTION_TITLES).index(key) + 1
    console.print()
    _say(console, f"{number} {SECTION_TITLES[key]}", style="bold")


def _say(console: Console, text: str, style: str = "") -> None:
    if text:
        console.print(Text(text, style=style))


def _line(console: Console, text: Text) -> None:
    """One line, cut at the edge with an ellipsis: what is cut stands in the files."""
    console.print(text, no_wrap=True, overflow="ellipsis")


def _urgent(review: Review, console: Console) -> None:
    _head(console, "urgent")
    _say(console, urgent_summary(review))
    shown = review.urgent[:MOST_URGENT]
    for line in shown:
        _line(console, _asked(line, review.provenance.as_of, plain=console.options.ascii_only))
        _line(console, Text(f"    {line.assessment.summary}", style=_MUTED))
    _more(console, urgent_total(review) - len(shown))


def _asked(line: CaseLine, as_of: str | None, *, plain: bool) -> Text:
    """What, by when, who: "● Within 72 h  by Fri 20 Nov 18:00  P-12: Nodule"."""
    look = DISPOSITIONS[line.disposition]
    mark = "" if plain else f"{look.mark} "
    when = overdue_words(line, as_of) or deadline_words(line, as_of)
    text = Text(f"{mark}{DISPOSITION_WORDS[line.disposition].short}", style=look.terminal_style)
    return text.append_text(Text(f"  {when}  ")).append(f"{line.patient_id}: {line.term_label}", style="bold")


def _course(review: Review, console: Console) -> None:
    _head(console, "course")
    _say(console, course_summary(review))
    shown = review.off_course[:MOST_OFF_COURSE]
    for line in shown:
        seen = f"{line.patient_id}: {line.term_label}, last seen {since_session(line.last_seen_day)}"
        _line(console, Text(f"  {COURSE_SHORT[line.course]:8}{seen}"))
    _more(console, off_course_total(review) - len(shown))


def _exposures(review: Review, console: Console) -> None:
    _head(console, "exposures")
    if not review.outcomes:
        _say(console, "No outcome could be screened.")
    for screen in review.outcomes[:MOST_OUTCOMES]:
        _line(console, Text(f"{sentence_case(screen.outcome)}: {proportion(screen.attack_rate)}"))
        if screen is review.outcomes[0]:
            _first_outcome(screen, console)
    _more(console, len(review.outcomes) - MOST_OUTCOMES)


def _first_outcome(screen: OutcomeScreen, console: Console) -> None:
    _say(console, screen.reading)
    if not screen.results:
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=_MUTED)
    table.add_column("  Exposure", no_wrap=True, overflow="ellipsis", max_width=max(16, console.width - 54))
    for heading in ("Ill", "Risk ratio", "p, adjusted"):
        table.add_column(heading, no_wrap=True, overflow="fold")
    for result in screen.results[:MOST_EXPOSURES]:
        ill = f"{count(result.table.a)} of {count(result.table.exposed)}"
        cells = (f"  {exposure_name(result)}", ill, ratio(result.risk_ratio), p_value(result.p_adjusted))
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


def _clusters(review: Review, console: Console) -> None:
    _head(console, "clusters")
    if review.clusters is None:
        _say(console, NO_CLUSTERS)
        return
    _say(console, clusters_summary(review.clusters))
    for sentence in review.clusters.look_anyway[:MOST_LOOKS]:
        _say(console, f"  Look, whatever the numbers say: {sentence}")
    for explanation in review.clusters.explanations[:1]:
        _say(console, f"  {explanation.reading}")
        for fact in explanation.facts[:1]:
            _say(console, f"  What would tell: {FACT_WORDS[fact.kind].lower()} {fact.what}.")


def _curve(review: Review, console: Console) -> None:
    _head(console, "curve")
    curve = leading_curve(review)
    if curve:
        _draw(curve, console)
    _say(console, curve_summary(review))


def _draw(curve: EpiCurve, console: Console) -> None:
    """One character a bin, or the highest of several bins where the line is too short."""
    room = max(20, console.width - 4)
    each = -(-len(curve.bins) // room)
    heights = [max(one.n for one in curve.bins[at : at + each]) for at in range(0, len(curve.bins), each)]
    bars = _PLAIN_BARS if console.options.ascii_only else _BARS
    top = max(heights) or 1
    line = "".join(bars[-(-height * (len(bars) - 1) // top)] for height in heights)
    _say(console, f"  {line}")
    _say(
        console,
        f"  {spoken(curve.bins[0].start)} to {spoken(curve.bins[-1].end)}; highest bar {counted(top, 'case')}",
        style=_MUTED,
    )


def _missing(review: Review, console: Console) -> None:
    _head(console, "missing")
    _say(console, missing_summary(review))
    gaps = sorted(review.missing, key=lambda gap: -(gap.missing / gap.of if gap.of else 0))
    for gap in gaps[:MOST_GAPS]:
        _line(console, Text(f"  {gap.table}: {gap.column}, {missing_share(gap)}: {gap.matters_for}"))
    _more(console, len(gaps) - MOST_GAPS)


def _evidence(review: Review, console: Console) -> None:
    _head(console, "evidence")
    verified = sum(record.verified for record in review.evidence)
    grades = sorted({record.grade for record in review.evidence})
    by_grade = ", ".join(
        f"{sum(r.grade == grade for r in review.evidence)} of grade {grade}" for grade in grades
    )
    total = counted(len(review.evidence), "record")
    _say(
        console,
        f"{total}{f' ({by_grade})' if by_grade else ''}; {count(verified)} checked.",
    )


def _more(console: Console, number: int) -> None:
    if number > 0:
        _say(console, f"  and {count(number)} more in the files below", style=_MUTED)
